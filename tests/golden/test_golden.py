"""Every conversation in ``tests/golden``, as each channel draws it.

Those in ``plain`` go on all four; those in ``buttons`` need something to tap, and go on
the two channels that have it; those in ``groups`` go on Telegram, where there are groups. On Zalo they go through the real channel, over HTTP, to a
fake Zalo, and what is written is what reached the phone. Run with ``--update-golden`` to write down what the tutor
says now; read the change.
"""

from collections.abc import Iterator
from pathlib import Path

import pytest

from channels.telegram.render import fits_poll
from lessons.catalogue import Catalogue
from storage.database import Database
from tests.support import golden
from tests.support.talk import Chat, Talk
from tests.support.zalo_bot_talk import zalo_talk

WAYS = {"plain": golden.plain, "telegram": golden.telegram, "web": golden.web}
ALL_WAYS = (*WAYS, "zalo")


def _cases() -> Iterator[tuple[Path, str]]:
    for script in sorted((golden.FOLDER / "plain").glob("*.txt")):
        yield from ((script, way) for way in ALL_WAYS)
    for script in sorted((golden.FOLDER / "buttons").glob("*.txt")):
        yield from ((script, way) for way in WAYS if way != "plain")
    for script in sorted((golden.FOLDER / "groups").glob("*.txt")):
        yield script, "telegram"


@pytest.mark.parametrize(
    ("script", "way"), [pytest.param(*case, id=f"{case[0].stem}-{case[1]}") for case in _cases()]
)
async def test_conversation_goes_as_written(
    script: Path, way: str, database: Database, catalogue: Catalogue, request: pytest.FixtureRequest
) -> None:
    expected = golden.FOLDER / way / script.name

    if way == "zalo":
        async with zalo_talk(database, catalogue) as over_zalo:
            now = await golden.play(script.read_text(), over_zalo, golden.plain)
    else:
        chat = Chat(name=way)
        if way == "telegram":
            chat.is_poll = fits_poll
        talk = Talk(database, catalogue, chat=chat, taps=way != "plain")
        now = await golden.play(script.read_text(), talk, WAYS[way])

    if request.config.getoption("--update-golden"):
        expected.write_text(now)
    assert now == expected.read_text()


def test_no_drawing_is_left_of_a_conversation_that_is_gone() -> None:
    drawn = {(way, path.name) for way in ALL_WAYS for path in (golden.FOLDER / way).glob("*.txt")}

    assert drawn == {(way, script.name) for script, way in _cases()}


def test_on_zalo_a_turn_costs_one_line_but_for_the_file_of_all_that_is_kept() -> None:
    drawn = sorted((golden.FOLDER / "zalo").glob("*.txt"))
    several = [path.stem for path in drawn if golden.BAR in path.read_text()]

    assert several == [
        "du-lieu-va-xoa",
        "gia-dinh-so",
        "giao-lop-va-nhieu-lop",
        "vai-tro-thu-lai",
    ]
