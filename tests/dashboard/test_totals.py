"""Chat, page, chart and export say the same numbers; few are hidden; a page asks a fixed number of
questions however many people there are.
"""

import csv
import io
import re
import zipfile
from contextlib import asynccontextmanager
from html import unescape
from xml.etree.ElementTree import fromstring

import pytest

from conversation.actions import action
from conversation.events import Chosen
from conversation.replies import Say
from dashboard.figures import Figures, figures
from dashboard.tables import Table, as_csv, as_xlsx
from storage import audit, enrolments, role_grants
from storage.database import Connection, Database
from storage.discrimination import discrimination, of_cohorts, total
from storage.reports.few import ranked, shown, shown_parts
from storage.reports.tally import VERDICTS, Measure, Tally
from tests.dashboard.test_entering import seal_of
from tests.support.board import NOW, Board, Village, add_class, add_fieldwork, fill, person
from tests.support.databases import fresh_database
from tests.support.talk import Chat, Clock, Talk

NASTY = "<script>alert(1)</script>", "\u202ebác Hai\u202c", '=HYPERLINK("http://x")', "Ă" * 200


@pytest.mark.parametrize("who", ["đại sứ", "tổ ấp 1", "quản trị"])
async def test_chat_page_and_export_say_the_same(
    board: Board, village: Village, catalogue, who: str
) -> None:
    async with board.browser(village.people[who]) as browser:
        async with browser.get("/bang") as answer:
            page = await answer.text()
        async with browser.get("/bang/tai/noi.csv") as answer:
            rows = list(csv.reader(io.StringIO((await answer.read()).decode("utf-8-sig"))))
        async with browser.get("/bang/tai/noi.xlsx") as answer:
            sheet = strings_and_numbers(await answer.read())
    talk = Talk(
        board.database, catalogue, chat=Chat("telegram"), address=f"chat-{who}", clock=Clock(NOW)
    )
    (said,) = await talk.line("/bangso")
    assert isinstance(said, Say)

    people, active, silent = re.findall(r"<li><b>([^<]+)</b>", page)[:3]
    assert f"Người học: {people}. Gặp trong 7 ngày qua: {active}." in said.text
    assert [row[1] for row in rows[2:5]] == [people, active, silent]
    assert sheet[:3] == [people, active, silent]


def strings_and_numbers(book: bytes, column: str = "B") -> list[str]:
    """A column of the first sheet, below its head."""
    space = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
    with zipfile.ZipFile(io.BytesIO(book)) as file:
        shared = [
            "".join(text.text or "" for text in one.iter(f"{space}t"))
            for one in fromstring(file.read("xl/sharedStrings.xml")).iter(f"{space}si")
        ]
        cells = fromstring(file.read("xl/worksheets/sheet1.xml")).iter(f"{space}c")
        found = [(cell.get("r"), cell.get("t"), cell.findtext(f"{space}v", "")) for cell in cells]
    return [
        shared[int(value)] if kind == "s" else value
        for place, kind, value in found
        if place is not None and place.startswith(column) and place != f"{column}1"
    ]


async def test_a_class_says_the_same_on_its_page_in_its_list_and_in_its_export(
    board: Board, village: Village, catalogue
) -> None:
    cohort = village.classes["ấp 1"]
    async with board.browser(village.people["tổ ấp 1"]) as browser:
        async with browser.get(f"/bang/lop/{cohort}") as answer:
            page = await answer.text()
        async with browser.get("/bang/lop") as answer:
            listed = await answer.text()
        async with browser.get(f"/bang/tai/lop-{cohort}.csv") as answer:
            rows = list(csv.reader(io.StringIO((await answer.read()).decode("utf-8-sig"))))

    talk = Talk(
        board.database, catalogue, chat=Chat("telegram"), address="chat-đại sứ", clock=Clock(NOW)
    )
    (chat,) = await talk.event(Chosen(action("class_today", cohort)))

    assert isinstance(chat, Say)
    figures = re.findall(r"<li><b>([^<]+)</b>", page)
    members, seen, active, finished, silent, _, asking = figures
    assert re.findall(r"[0-9]+", chat.text.striptags().partition("\U0001f449")[0])[1:] == [
        members, seen, active, finished, "7", silent, asking,
    ]  # fmt: skip
    assert figures == [row[1] for row in rows[2:9]]
    assert re.findall(r"<b>(\d+)</b>", listed)[:3] == figures[:3]


async def test_a_place_is_the_sum_of_its_parts_and_counts_nobody_twice(
    board: Board, village: Village
) -> None:
    """Somebody in a class of ấp 1 and in one of the whole commune belongs to ấp 1."""
    async with board.database.transaction() as connection:
        whole = await add_class(
            connection, "Lớp xã", village.people["đại sứ"], village.places["xã"], "B2B3B4"
        )
        for learner in village.learners["ấp 1"]:
            await enrolments.join(connection, whole, learner, "progress", NOW)
    board.clock.moment += board.recount_after
    await board.recount.recount()
    async with board.browser(village.people["đại sứ"]) as browser, browser.get("/bang") as answer:
        page = await answer.text()

    assert re.findall(r"<li><b>([^<]+)</b>", page)[0] == "23"
    parts = re.findall(r">(Ấp \d)</a></th><td>([^<]+)</td>", page)
    assert parts == [("Ấp 1", "9"), ("Ấp 2", "8"), ("Ấp 3", "6")]


@pytest.mark.parametrize(
    ("counts", "totals", "expected"),
    [
        ([24, 12, 6], None, [24, 12, 6]),
        ([24, 12, 3], None, [24, "withheld", "few"]),
        # Four people behind both: their sum is still of a few.
        ([24, 2, 2, 0], None, ["withheld", "few", "few", 0]),
        ([24, 4, 4], None, [24, "few", "few"]),
        ([24, 1, 1], None, ["withheld", "few", "few"]),
        ([3], None, ["few"]),
        ([20, 9, 6], [24, 12, 6], ["nearly_all", "nearly_all", 6]),
        ([10, 6, 0], [24, 12, 6], [10, 6, 0]),
        ([0, 0], None, [0, 0]),
    ],
)
def test_a_hidden_part_is_not_told_by_the_others(counts, totals, expected) -> None:
    assert shown_parts(counts, totals) == expected


def test_what_is_not_said_stands_after_all_that_is() -> None:
    """Or the numbers above and below it would tell it."""
    said = shown_parts([3, 9, 30, 12])

    assert said == ["few", "withheld", 30, 12]
    assert sorted(said, key=ranked) == [30, 12, "few", "withheld"]


@pytest.mark.parametrize(
    ("count", "whole", "expected"),
    [(0, 9, 0), (1, 9, "few"), (4, 9, "few"), (5, 9, "nearly_all"), (5, 10, 5), (9, 9, 9)],
)
def test_a_number_of_few_people_is_not_said_nor_what_it_leaves(count, whole, expected) -> None:
    assert shown(count, whole) == expected


async def test_the_pages_of_hamlets_do_not_tell_what_their_commune_leaves_out(
    database: Database, catalogue
) -> None:
    """Twenty, six, and three who must not be counted: 29 less 20 less 6."""
    village = await fill(database, catalogue, (20, 6, 3))
    said = {}
    async with Board(database, catalogue).open() as board:
        for who in ("đại sứ", "quản trị"):
            async with board.browser(village.people[who]) as browser:
                for name in ("ấp 1", "ấp 2", "ấp 3"):
                    where = f"noi=a{village.places[name].hamlet}"
                    async with browser.get(f"/bang?{where}") as answer:
                        page = unescape(await answer.text())
                    async with browser.get(f"/bang/tai/noi.csv?{where}") as answer:
                        export = (await answer.read()).decode("utf-8-sig")
                    figures = re.findall(r"<li><b>([^<]+)</b>", page)[:3]
                    table = list(csv.reader(io.StringIO(export)))
                    assert [row[1] for row in table[2:5]] == figures
                    said[who, name] = figures
                    if name != "ấp 1":
                        cells = [cell for row in table[2:] for cell in row[1:]]
                        assert [cell for cell in cells if cell.isdecimal() and cell != "0"] == []
    talk = Talk(
        database, catalogue, chat=Chat("telegram"), address="chat-tổ ấp 2", clock=Clock(NOW)
    )
    (chat,) = await talk.line("/bangso")

    assert {name: said["đại sứ", name][0] for name in ("ấp 1", "ấp 2", "ấp 3")} == {
        "ấp 1": "20", "ấp 2": "không nêu", "ấp 3": "dưới 5",
    }  # fmt: skip
    assert [said["đại sứ", f"ấp {at}"] for at in (1, 2, 3)] == [
        said["quản trị", f"ấp {at}"] for at in (1, 2, 3)
    ]
    assert isinstance(chat, Say)
    assert "Người học: không nêu." in chat.text


def test_one_person_who_answers_often_is_not_told(catalogue) -> None:
    """Of one learner no answer is counted; among many not what one or two of them did alone."""
    question = next(
        quiz.questions[0].id
        for lesson in catalogue.lessons
        if (quiz := catalogue.quiz(lesson.slug)) is not None
    )
    answers: dict[Measure, dict[str, int]] = {
        "reviewed": {"2026-11-23": 12}, "recalled": {"2026-11-23": 7}, "asked": {question: 6},
        "right": {question: 1}, "verdict": dict.fromkeys(VERDICTS, 6),
    }  # fmt: skip

    def read(people: int, persons: int) -> Figures:
        by_person: dict[Measure, dict[str, int]] = {
            "people": {"": people}, "active": {"": people}, "answerers": {question: persons},
            "reviewers": {"2026-11-23": persons}, "judges": dict.fromkeys(VERDICTS, persons),
        }  # fmt: skip
        return figures(
            Tally(answers | by_person), catalogue, catalogue.courses[0].slug, NOW.date(), hides=True
        )

    def said(read: Figures) -> tuple[object, ...]:
        week = read.weeks[-1]
        return read.people, week.asked, week.right, len(read.hardest), read.drills.hits

    assert said(read(1, 1)) == ("few", "few", "few", 0, 0)
    assert read(1, 1).silent == read(1, 1).finished[0][1] == read(1, 1).funnel[-1].people == "few"
    assert said(read(30, 2)) == (30, "few", "few", 0, 0)
    assert said(read(30, 5)) == (30, 12, 7, 1, 6)


async def test_who_has_two_hamlets_does_not_read_one_from_the_sum_of_both(
    database: Database, catalogue
) -> None:
    village = await fill(database, catalogue, (20, 6, 3))
    async with database.transaction() as connection:
        for name in ("ấp 2", "ấp 3"):
            await role_grants.give(
                connection, village.people["tổ ấp 1"], "team_member", village.places[name],
                granted_by=None, now=NOW,
            )  # fmt: skip
    async with (
        Board(database, catalogue).open() as board,
        board.browser(village.people["tổ ấp 1"]) as browser,
        browser.get("/bang") as answer,
    ):
        page = unescape(await answer.text())

    assert re.findall(r"<li><b>([^<]+)</b>", page)[0] == "không nêu"


class Counting(Database):
    """A database that counts what is asked of it."""

    engine = "sqlite"

    def __init__(self, database: Database) -> None:
        self._database = database
        self.asked = 0

    @asynccontextmanager
    async def transaction(self):
        async with self._database.transaction() as connection:
            yield _Counted(connection, self)

    @asynccontextmanager
    async def read(self):
        async with self._database.read() as connection:
            yield _Counted(connection, self)

    async def close(self) -> None: ...


class _Counted(Connection):
    engine = "sqlite"

    def __init__(self, connection: Connection, counter: Counting) -> None:
        self._connection = connection
        self._counter = counter

    async def execute(self, sql, *args):
        self._counter.asked += 1
        await self._connection.execute(sql, *args)

    async def executemany(self, sql, rows):
        self._counter.asked += 1
        await self._connection.executemany(sql, rows)

    async def fetch(self, sql, *args):
        self._counter.asked += 1
        return await self._connection.fetch(sql, *args)

    async def fetchrow(self, sql, *args):
        self._counter.asked += 1
        return await self._connection.fetchrow(sql, *args)


async def test_a_page_asks_as_much_of_a_large_village_as_of_a_small_one(catalogue) -> None:
    asked = []
    for sizes in ((6, 6, 6), (60, 40, 30)):
        async with fresh_database() as database:
            village = await fill(database, catalogue, sizes)
            await add_fieldwork(database, village, catalogue)
            counting = Counting(database)
            async with (
                Board(counting, catalogue).open() as board,
                board.browser(village.people["đại sứ"]) as browser,
            ):
                counts = {}
                for path in (
                    "/bang", "/bang/lop", f"/bang/lop/{village.classes['ấp 1']}",
                    "/bang/nguoi", "/bang/nhom", "/bang/that-lua", "/bang/tai/noi.csv",
                    "/bang/chi-tieu", "/bang/tai/chi-tieu.csv", "/bang/ca", "/bang/ho",
                    f"/bang/nguoi/{village.classes['ấp 1']}/{village.learners['ấp 1'][0]}",
                ):  # fmt: skip
                    before = counting.asked
                    async with browser.get(path) as answer:
                        assert answer.status == 200
                    counts[path.split("/1/")[0]] = counting.asked - before
                asked.append(counts)

    small, large = asked
    assert large == small
    assert max(large.values()) <= 30


async def test_each_look_is_written_down_once_for_each_who_was_shown(
    board: Board, village: Village
) -> None:
    cohort, (learner, *_) = village.classes["ấp 1"], village.learners["ấp 1"]
    looks = []
    async with board.browser(village.people["đại sứ"]) as browser:
        for path in (
            "/bang", "/bang/lop", "/bang/that-lua", f"/bang/lop/{cohort}",
            f"/bang/nguoi/{cohort}/{learner}", f"/bang/tai/lop-{cohort}.xlsx",
            f"/bang/lop/{cohort}?tim=khong+co+ai", "/bang/nguoi?tim=ba+tu",
        ):  # fmt: skip
            async with browser.get(path):
                pass
            async with board.database.read() as connection:
                looks.append(len(await audit.latest(connection, limit=1000)))
    async with board.database.read() as connection:
        lines = await audit.done_to(connection, learner, 10)

    # Seven of nine in ấp 1 agreed; "Bà Tư" is in each of the three classes.
    assert [after - before for before, after in zip([0, *looks], looks, strict=False)] == [
        0, 0, 0, 7, 1, 7, 0, 3,
    ]  # fmt: skip
    assert {(line.acted_as, line.deed, line.cohort_id, line.place) for line in lines} == {
        ("ambassador", "looked", cohort, village.places["ấp 1"])
    }


async def test_names_that_could_do_harm_do_none(board: Board, village: Village) -> None:
    """They cannot be given any more; an older database, or a later door, may have them."""
    cohort = village.classes["ấp 1"]
    async with board.database.transaction() as connection:
        for number, name in enumerate(NASTY):
            learner = await person(connection, f"nasty-{number}")
            await enrolments.join(connection, cohort, learner, "progress", NOW)
            await enrolments.set_name(connection, cohort, learner, name)
    async with board.browser(village.people["đại sứ"]) as browser:
        async with browser.get(f"/bang/lop/{cohort}?xep=name") as answer:
            page = await answer.text()
        async with browser.get(f"/bang/tai/lop-{cohort}.csv") as answer:
            export = (await answer.read()).decode("utf-8-sig")

    shown_names = [unescape(name) for name in re.findall(r"<h3><a[^>]+><bdi>(.*?)</bdi>", page)]
    assert set(NASTY) <= set(shown_names)
    assert "<script" not in page
    assert [row[0] for row in csv.reader(io.StringIO(export)) if "HYPERLINK" in "".join(row)] == [
        f"'{NASTY[2]}"
    ]


@pytest.mark.parametrize("sign", ["=", "+", "-", "@", "\t", "\r"])
def test_nothing_in_an_export_is_run_as_a_formula(sign: str) -> None:
    text = f"{sign}1+1"
    table = Table("Thử", ("Tên", text), ((text, -1),))

    assert list(csv.reader(io.StringIO(as_csv([table]).decode("utf-8-sig"), newline="")))[1:] == [
        ["Tên", f"'{text}"], [f"'{text}", "-1"],
    ]  # fmt: skip
    with zipfile.ZipFile(io.BytesIO(as_xlsx([table]))) as book:
        assert b"<f>" not in book.read("xl/worksheets/sheet1.xml")


async def test_the_drills_of_a_class_are_the_total_of_its_learners(
    board: Board, village: Village
) -> None:
    async with board.database.read() as connection:
        cohorts = list(village.classes.values())
        at_once = await of_cohorts(connection, cohorts)
        for cohort in cohorts:
            seen = [one.learner_id for one in await enrolments.seen_in(connection, cohort)]
            assert at_once[cohort] == total(list((await discrimination(connection, seen)).values()))


async def test_the_seal_is_of_this_browser(board: Board, village: Village) -> None:
    learner = village.people["đại sứ"]
    async with board.browser(learner) as one, board.browser(learner) as two:
        assert await seal_of(one) == await seal_of(one) != await seal_of(two)
