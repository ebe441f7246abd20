"""Several learners on one page: a line is theirs to whom it was said, and nobody misses one."""

from datetime import timedelta

import pytest
from markupsafe import Markup

from channels.web.render import draw_line
from channels.web.transcript import Transcript
from conversation.replies import Say, dump_reply
from storage import addresses, deliveries, learners, privacy, seats
from storage.addresses import Address
from storage.database import Database
from tests.support.talk import START

HAI, BA = "Ông Hai đọc bài", 'Cho Bà Ba: mai có lớp, nhớ "calls":true nha'


class Home:
    """Ông Hai has the page, bà Ba rests there."""

    def __init__(self, database: Database) -> None:
        self.database = database
        self.transcript = Transcript(database)

    async def begin(self) -> None:
        async with self.database.transaction() as connection:
            first, _ = await addresses.load(connection, "web", "nha", START)
            await seats.share(connection, first, "Ông Hai")
            ba = await learners.add(connection, "ba", "", START)
            self.ba = ba
            self.at = {
                "hai": first.id,
                "ba": await seats.add(connection, first, ba, "Bà Ba", START),
            }

    async def say(self, to: str, text: str, *, replaces: int = 0) -> tuple[int, bool] | None:
        reply = Say(Markup("{}").format(text), replace=bool(replaces))
        async with self.database.transaction() as connection:
            number, _ = await deliveries.add(
                connection, self.at[to], dump_reply(reply), priority=0, due_at=START, now=START
            )
        return await self.transcript.add_reply(
            "nha", reply, replaces=replaces, delivery=number, now=START + timedelta(seconds=1)
        )

    async def sits(self, who: str) -> None:
        async with self.database.transaction() as connection:
            active = await self._page()
            people = await seats.of_phone(connection, active)
            await seats.sit(
                connection, active, next(one for one in people if one.id == self.at[who])
            )

    async def _page(self) -> Address:
        async with self.database.read() as connection:
            found = await addresses.find(connection, "web", "nha")
        assert found is not None
        return found

    async def shown(self) -> list[str]:
        return [draw_line(line)["text"][0] for line in await self.transcript.latest("nha")]


@pytest.fixture
async def home(database: Database) -> Home:
    made = Home(database)
    await made.begin()
    return made


async def test_a_line_to_who_rests_is_seen_at_once_and_is_theirs(home: Home) -> None:
    await home.say("hai", HAI)
    called = await home.say("ba", BA)
    assert called is not None
    line, _ = called

    assert await home.shown() == [HAI, BA]
    assert [one.id for one in await home.transcript.after("nha", line - 1)] == [line]
    assert await home.transcript.one("nha", line) is not None
    async with home.database.read() as connection:
        everything = await privacy.everything_about(connection, home.ba)
    assert [row["id"] for row in everything["web_line"]] == [line]


async def test_nothing_else_of_one_learner_is_seen_by_the_next(home: Home) -> None:
    await home.say("hai", HAI + ' "calls":true')
    await home.sits("ba")
    await home.say("ba", "Bà Ba đọc bài")

    assert await home.shown() == ["Bà Ba đọc bài"]


async def test_an_erasure_takes_the_lines_that_were_said_to_who_rested(home: Home) -> None:
    await home.say("hai", HAI)
    await home.say("ba", BA)
    async with home.database.transaction() as connection:
        waiting, _ = await deliveries.add(
            connection, home.at["ba"], "{}", priority=0, due_at=START, now=START
        )
        await privacy.erase(connection, home.ba)

    late = await home.transcript.add_reply(
        "nha", Say(Markup("Bà Ba ơi")), replaces=0, delivery=waiting, now=START
    )

    assert (late, await home.shown()) == (None, [HAI])


async def test_a_line_is_drawn_over_only_while_nothing_stands_below_it(home: Home) -> None:
    first = await home.say("hai", "một")
    assert first is not None
    assert await home.say("hai", "một lại", replaces=first[0]) == (first[0], True)
    await home.say("ba", BA)

    again = await home.say("hai", "một nữa", replaces=first[0])

    assert again is not None
    assert again[1] is False
    assert await home.shown() == ["một lại", BA, "một nữa"]
