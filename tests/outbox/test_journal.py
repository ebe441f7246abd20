"""What the next process on this machine may know of a killed one; and what it must not believe."""

import asyncio
import os
import shutil
from collections.abc import AsyncIterator, Callable
from datetime import timedelta
from pathlib import Path

import pytest

from channels.base import Capabilities, Rejected, SendError, Throttled, Unavailable, Uncertain
from lessons.catalogue import Catalogue
from outbox.journal import SIZE, SLOTS, Fate, Journal, read
from storage import workers
from storage.database import Database
from tests.support.broadcasting import sending
from tests.support.databases import ENGINES, fresh_database
from tests.support.outbox import Scripted, outbox
from tests.support.tables import rows

A_PLACE = SIZE // SLOTS
HEAD = SIZE - SLOTS * A_PLACE


@pytest.fixture(params=ENGINES)
async def database(request: pytest.FixtureRequest) -> AsyncIterator[Database]:
    async with fresh_database(request.param) as opened:
        yield opened


def killed(folder: Path, work: Callable[[Journal], None]) -> Path:
    """The file of a process that did this and is gone: a copy of it, which nobody locks."""
    one = Journal("one", folder)
    one.start()
    work(one)
    dead = Path(shutil.copy(folder / "one", folder / "dead"))
    one.stop()
    return dead


def three(one: Journal) -> None:
    """The first stayed, the second left, the third arrived."""
    one.begin([1, 2, 3])
    one.leaves([2, 3])
    one.arrived([3])


def place_of(content: bytearray, delivery: int) -> int:
    return content.index(delivery.to_bytes(8, "little") + bytes((Fate.STAYED,)), HEAD)


def test_the_next_process_reads_how_far_each_came(tmp_path: Path) -> None:
    killed(tmp_path, three)

    assert Journal("next", tmp_path).of("dead") == {
        1: Fate.STAYED,
        2: Fate.LEFT,
        3: Fate.ARRIVED,
    }


def test_what_was_refused_stayed_and_what_is_ended_is_not_there(tmp_path: Path) -> None:
    def work(one: Journal) -> None:
        three(one)
        one.stayed([2])
        one.end([3])

    assert read(killed(tmp_path, work)) == {1: Fate.STAYED, 2: Fate.STAYED}


def test_begun_again_it_has_not_left_again(tmp_path: Path) -> None:
    def work(one: Journal) -> None:
        three(one)
        one.begin([2])

    assert read(killed(tmp_path, work)) == {1: Fate.STAYED, 2: Fate.STAYED, 3: Fate.ARRIVED}


def test_of_a_process_that_lives_nothing_is_believed(tmp_path: Path) -> None:
    """It may only be asleep, and write what is under way when it wakes."""
    alive = Journal("alive", tmp_path)
    alive.start()
    three(alive)
    os.utime(tmp_path / "alive", (0, 0))
    other = Journal("next", tmp_path)
    other.start()
    asleep = other.of("alive")
    other.forget("alive")
    is_there = (tmp_path / "alive").exists()
    other.stop()
    alive.stop()

    assert (asleep, is_there) == ({}, True)


def test_stopped_on_purpose_it_leaves_no_file(tmp_path: Path) -> None:
    one = Journal("one", tmp_path)
    one.start()
    there = [path.name for path in tmp_path.iterdir()]
    one.stop()
    one.stop()

    assert (there, list(tmp_path.iterdir())) == (["one"], [])


@pytest.mark.parametrize(
    ("offset", "written"),
    [
        (SIZE, b"\0"),  # too long
        (0, b"another program"),
        (16, b"00000000-another-start-of-the-machine"),
    ],
)
def test_a_file_of_something_else_is_not_believed(
    tmp_path: Path, offset: int, written: bytes
) -> None:
    path = killed(tmp_path, three)
    with path.open("r+b") as file:
        file.seek(offset)
        file.write(written)

    assert read(path) == {}


@pytest.mark.parametrize("size", [0, 10, HEAD, SIZE - 1])
def test_half_a_file_is_not_believed(tmp_path: Path, size: int) -> None:
    path = killed(tmp_path, three)
    os.truncate(path, size)

    assert read(path) == {}


def test_a_fate_that_is_not_known_may_have_left(tmp_path: Path) -> None:
    path = killed(tmp_path, lambda one: one.begin([1]))
    content = bytearray(path.read_bytes())
    content[place_of(content, 1) + 8] = 77
    path.write_bytes(content)

    assert read(path) == {1: Fate.LEFT}


def test_the_same_delivery_in_two_places_may_have_left(tmp_path: Path) -> None:
    path = killed(tmp_path, lambda one: one.begin([1]))
    content = bytearray(path.read_bytes())
    place = place_of(content, 1)
    content[HEAD : HEAD + A_PLACE] = content[place : place + A_PLACE]
    path.write_bytes(content)

    assert read(path) == {1: Fate.LEFT}


def test_a_process_that_left_no_file_says_nothing(tmp_path: Path) -> None:
    assert Journal("next", tmp_path).of("elsewhere") == {}


def test_places_are_used_again_and_what_finds_none_is_not_written(tmp_path: Path) -> None:
    many = range(10_000, 10_000 + SLOTS)

    def work(one: Journal) -> None:
        for number in range(1, SLOTS + 10):
            one.begin([number])
            one.end([number])
        one.begin([*many, 9])
        assert one.fate(9) is Fate.STAYED
        one.end([10_000])
        one.begin([8])

    assert set(read(killed(tmp_path, work))) == {8, *many} - {10_000}


def test_where_nothing_can_be_written_the_tutor_goes_on(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    (tmp_path / "file").touch()
    one = Journal("one", tmp_path / "file")
    one.start()
    three(one)

    assert one.fate(2) is Fate.LEFT
    assert "no journal of what is sent" in caplog.text


def test_what_nobody_asked_for_in_a_month_is_swept_out(tmp_path: Path) -> None:
    os.utime(killed(tmp_path, three), (0, 0))
    (tmp_path / "young").touch()
    one = Journal("one", tmp_path)
    one.start()
    there = sorted(path.name for path in tmp_path.iterdir())
    one.stop()

    assert there == ["one", "young"]


async def test_whoever_takes_over_sends_what_stayed_and_counts_what_arrived(
    database: Database, catalogue: Catalogue, tmp_path: Path
) -> None:
    """Of the fourth the file says nothing: that one is unsure, as is what left."""
    killed(tmp_path, three)
    async with sending(database, catalogue, journal=Journal("next", tmp_path)) as at_work:
        number = await at_work.begin(await at_work.a_class("1", "2", "3", "4"))
        await at_work.spread(seconds=1)
        async with database.transaction() as connection:
            await workers.beat(connection, "dead", at_work.outbox.clock())
            await connection.execute(
                "UPDATE delivery SET status = 'sending', claimed_by = 'dead', begun_at = 1"
            )
        await at_work.tick(seconds=20)
        await at_work.tick(seconds=1)

        assert at_work.got == [("1", "tin")]
        assert await at_work.outcomes(number) == {"sent": 2, "unsure": 2}
        assert [path.name for path in tmp_path.iterdir()] == ["next"]


def telling() -> Scripted:
    """A channel that says when a line leaves."""
    return Scripted(capabilities=Capabilities(text_limit=4096, buttons=True, tells_departure=True))


@pytest.mark.parametrize(
    ("fault", "stuck", "outcome", "sends"),
    [
        (Unavailable("timed out", perhaps_sent=True), True, "sent", 2),
        (Unavailable("timed out", perhaps_sent=True), False, "unsure", 1),
        (Uncertain("no answer"), False, "unsure", 1),
        (Unavailable("502"), False, "sent", 2),
        (Rejected("400"), False, "failed", 1),
    ],
)
async def test_what_never_left_is_sent_again(
    database: Database,
    catalogue: Catalogue,
    fault: SendError,
    stuck: bool,
    outcome: str,
    sends: int,
) -> None:
    line = telling()
    line.faults["1"].append(fault)
    line.stuck.update({"1"} if stuck else ())
    async with sending(database, catalogue, line=line) as at_work:
        number = await at_work.begin(await at_work.a_class("1"))
        for _ in range(4):
            await at_work.tick(seconds=2)

        assert await at_work.outcomes(number) == {outcome: 1}
        assert len(line.asked) == sends


@pytest.mark.parametrize(
    ("fault", "fate"),
    [
        (None, {}),  # the database has it
        (Throttled(timedelta(minutes=1)), {}),
        (Rejected("400"), {}),
    ],
)
async def test_what_is_written_down_is_in_the_journal_no_more(
    database: Database,
    catalogue: Catalogue,
    tmp_path: Path,
    fault: SendError | None,
    fate: dict[int, Fate],
) -> None:
    line, kept = telling(), Journal("one", tmp_path)
    line.faults["1"].append(fault)
    async with sending(database, catalogue, line=line, journal=kept) as at_work:
        await at_work.begin(await at_work.a_class("1"))
        await at_work.tick(seconds=1)

        assert (len(line.asked), kept.of("one")) == (1, fate)


async def test_killed_while_the_platform_has_it_the_file_says_so(
    database: Database, catalogue: Catalogue, tmp_path: Path
) -> None:
    line = telling()
    line.stuck.add("2")
    line.gates.update({"1": asyncio.Event(), "2": asyncio.Event()})
    async with sending(database, catalogue, line=line, journal=Journal("one", tmp_path)) as at_work:
        await at_work.begin(await at_work.a_class("1", "2"))
        await at_work.spread(seconds=1)
        await at_work.outbox.dispatcher.sweep()
        await line.until(lambda: len(line.asked) == 2)
        dead = Path(shutil.copy(tmp_path / "one", tmp_path / "dead"))
        found = read(dead)
        numbers = {
            row["id"]: row["begun_at"] is not None for row in await rows(database, "delivery")
        }

    assert sorted(found.values()) == [Fate.STAYED, Fate.LEFT]
    assert numbers == dict.fromkeys(found, True)


async def test_stopped_in_the_middle_what_stayed_waits_and_what_left_is_unsure(
    database: Database, catalogue: Catalogue
) -> None:
    """The stop gives up on a platform that does not answer."""
    line = telling()
    line.stuck.add("2")
    line.gates.update({"1": asyncio.Event(), "2": asyncio.Event()})
    async with sending(database, catalogue, line=line) as at_work:
        number = await at_work.begin(await at_work.a_class("1", "2"))
        await at_work.spread(seconds=1)
        await at_work.outbox.dispatcher.sweep()
        await line.until(lambda: len(line.asked) == 2)
    line.gates.clear()
    async with outbox(database, line, worker="next", clock=at_work.outbox.clock) as box:
        await box.later(seconds=1)
        await at_work.broadcasts.spread()

    assert [where for where, _ in line.got] == ["2"]
    assert await at_work.outcomes(number) == {"sent": 1, "unsure": 1}
