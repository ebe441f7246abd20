from datetime import datetime

from storage import addresses, seats, web_lines
from storage.database import Connection, Database
from storage.web_lines import WebLine


async def a_page(connection: Connection, now: datetime, lines: int, page: str = "page") -> int:
    address, _ = await addresses.load(connection, "web", page, now)
    for number in range(lines):
        await web_lines.add(connection, address.id, "tutor", f"line {number}", None, now)
    return address.id


async def contents(connection: Connection, address: int) -> list[str]:
    return [line.content for line in await web_lines.latest(connection, address, 100)]


async def test_a_line_is_kept_as_it_was_said(database: Database, now: datetime) -> None:
    async with database.transaction() as connection:
        page = await a_page(connection, now, 0)
        number = await web_lines.add(connection, page, "learner", '{"text":"xin chào"}', None, now)
        lines = await web_lines.latest(connection, page, 5)

    assert lines == [WebLine(number, "learner", '{"text":"xin chào"}', now)]


async def test_the_same_delivery_makes_one_line(database: Database, now: datetime) -> None:
    async with database.transaction() as connection:
        page = await a_page(connection, now, 0)
        first = await web_lines.add(connection, page, "tutor", "one", 7, now)
        again = await web_lines.add(connection, page, "tutor", "two", 7, now)
        other = await web_lines.add(connection, page, "tutor", "three", 8, now)

        assert (again == first, other == first) == (True, False)
        assert await contents(connection, page) == ["one", "three"]


async def test_lines_come_oldest_first_from_either_end(database: Database, now: datetime) -> None:
    async with database.transaction() as connection:
        page = await a_page(connection, now, 5)
        await a_page(connection, now, 2, "other")
        latest = await web_lines.latest(connection, page, 2)
        after = await web_lines.after(connection, page, latest[0].id - 2, 2)

    assert [line.content for line in latest] == ["line 3", "line 4"]
    assert [line.content for line in after] == ["line 2", "line 3"]


async def test_only_a_line_of_the_same_page_is_drawn_over(
    database: Database, now: datetime
) -> None:
    async with database.transaction() as connection:
        page = await a_page(connection, now, 1)
        other = await a_page(connection, now, 1, "other")
        (line,) = await web_lines.latest(connection, page, 1)
        await web_lines.replace(connection, other, line.id, "forged")
        before = await contents(connection, page)
        await web_lines.replace(connection, page, line.id, "drawn anew")

        assert before == ["line 0"]
        assert await contents(connection, page) == ["drawn anew"]
        assert await contents(connection, other) == ["line 0"]


async def test_a_page_is_trimmed_to_its_last_lines(database: Database, now: datetime) -> None:
    async with database.transaction() as connection:
        page = await a_page(connection, now, 5)
        other = await a_page(connection, now, 3, "other")
        await web_lines.trim(connection, page, 5)
        untouched = await contents(connection, page)
        await web_lines.trim(connection, page, 2)

        assert len(untouched) == 5
        assert await contents(connection, page) == ["line 3", "line 4"]
        assert len(await contents(connection, other)) == 3


async def test_what_calls_is_read_of_those_who_rest_on_the_page(
    database: Database, now: datetime
) -> None:
    async with database.transaction() as connection:
        first, learner = await addresses.load(connection, "web", "page", now)
        resting = await seats.add(connection, first, learner.id, "Bà Ba", now)
        for whose, side, content in (
            (first.id, "tutor", "calls! own"),
            (resting, "tutor", "calls! 1"),
            (resting, "tutor", "quiet"),
            (resting, "learner", "calls! typed"),
            (resting, "tutor", "calls! 2"),
            (resting, "tutor", "calls! 3"),
        ):
            await web_lines.add(connection, whose, side, content, None, now)
        latest = await web_lines.calling(connection, "web", "page", "calls!", 2)
        first_ones = await web_lines.calling(connection, "web", "page", "calls!", 2, after_line=0)
        elsewhere = await web_lines.calling(connection, "web", "other", "calls!", 2)

    assert [line.content for line in latest] == ["calls! 2", "calls! 3"]
    assert [line.content for line in first_ones] == ["calls! 1", "calls! 2"]
    assert elsewhere == []
