"""Indicators, those who ask for help, and households: the same numbers everywhere, few hidden."""

import csv
import io
import re
from datetime import timedelta
from html import unescape

import aiohttp
import pytest

from conversation.actions import action
from conversation.events import Chosen
from conversation.replies import Say
from dashboard.everything import Everything
from dashboard.province import Province
from dashboard.spans import choices, span_of
from fieldwork.indicators import LINES
from fieldwork.periods import month_of
from handlers.fieldwork.reports_said import MOST
from storage import audit, cases, field_reports
from storage.database import Database
from storage.errors import StorageError
from storage.households import Counted
from storage.reports.indicators import Table
from tests.dashboard.test_totals import NASTY, strings_and_numbers
from tests.support.board import NOW, Board, Village, add_fieldwork, ask_for_help, fill
from tests.support.talk import Chat, Clock, Talk


async def text_of(browser: aiohttp.ClientSession, path: str) -> str:
    async with browser.get(path) as answer:
        assert answer.status == 200, path
        body: bytes = await answer.read()
        return body.decode("utf-8-sig")


def indicators_of(page: str) -> dict[str, list[str]]:
    """The first table of the page: what stands beside each line's label."""
    table = page.partition("<tbody>")[2].partition("</tbody>")[0]
    found = {}
    for row in table.split("<tr>")[1:]:
        head, _, cells = row.partition("</th>")
        label = re.sub(r"<[^>]+>|^\s*R\d\d |\([^)]*\)</span>", "", head.partition("<span")[0])
        found[unescape(re.sub(r"^R\d\d ", "", label)).strip()] = [
            re.sub(r"<span.*?</span>", "", cell).strip()
            for cell in re.findall(r"<td[^>]*>(.*?)</td>", cells)
        ]
    return found


def exported(text: str) -> dict[str, list[str]]:
    rows = list(csv.reader(io.StringIO(text)))
    return {row[0].partition(" ")[2]: row[2:] for row in rows[2 : 2 + len(LINES)]}


async def test_chat_page_and_export_of_indicators_say_the_same(
    board: Board, village: Village, catalogue
) -> None:
    await add_fieldwork(board.database, village, catalogue)
    hamlet = village.places["ấp 1"].hamlet
    async with board.browser(village.people["đại sứ"]) as browser:
        page = await text_of(browser, f"/bang/chi-tieu?noi=a{hamlet}")
        export = await text_of(browser, f"/bang/tai/chi-tieu.csv?noi=a{hamlet}")
        async with browser.get(f"/bang/tai/chi-tieu.xlsx?noi=a{hamlet}") as answer:
            book = await answer.read()
        async with browser.get(f"/bang/tai/chi-tieu.pdf?noi=a{hamlet}") as answer:
            assert (await answer.read()).startswith(b"%PDF")
    async with board.database.read() as connection:
        (report,) = await field_reports.latest_of(connection, village.people["tổ ấp 1"], 2)
    talk = Talk(
        board.database, catalogue, chat=Chat("telegram"), address="chat-tổ ấp 1", clock=Clock(NOW)
    )
    chat = await _in_chat(talk, report.id)

    shown, given = indicators_of(page), exported(export)
    assert list(shown) == [line.label for line in LINES] == list(given)
    for at, column in enumerate("CDEF"):
        assert strings_and_numbers(book, column) == [cells[at] for cells in given.values()]
    for label, cells in shown.items():
        acts, people, _, entered = given[label]
        whole = [cell.replace("–", "") for cell in cells]
        assert whole == ([acts] if acts == "chưa có số liệu" else [acts, people, entered]), label
    assert chat["Lượt người được hướng dẫn"] == shown["Lượt người được hướng dẫn"][0] == "7"
    assert (
        chat["Người được hướng dẫn, không trùng"] == given["Người được hướng dẫn, không trùng"][3]
    )
    assert shown["Tổng số hộ"] == ["–", "–", "300"]
    assert chat["Hộ đạt Gia đình số"] == given["Hộ đạt Gia đình số"][1] == "5"
    assert chat["Bài học: bắt đầu"] == given["Bài học: bắt đầu"][1] == "9"
    assert shown["Vụ lừa đảo được báo"] == ["chưa có số liệu"]
    assert "Đã duyệt" in page


async def test_the_indicators_of_hamlets_do_not_tell_what_their_commune_leaves_out(
    database: Database, catalogue
) -> None:
    village = await fill(database, catalogue, (20, 9, 3))
    label, said = "Bài học: bắt đầu", {}
    async with Board(database, catalogue).open() as board:
        for who in ("đại sứ", "quản trị"):
            async with board.browser(village.people[who]) as browser:
                for name in ("ấp 1", "ấp 2", "ấp 3"):
                    where = f"noi=a{village.places[name].hamlet}"
                    page = await text_of(browser, f"/bang/chi-tieu?{where}")
                    export = await text_of(browser, f"/bang/tai/chi-tieu.csv?{where}")
                    said[who, name] = indicators_of(page)[label][1]
                    assert exported(export)[label][1] == said[who, name]
        async with board.browser(village.people["đại sứ"]) as browser:
            commune = await text_of(browser, "/bang/chi-tieu")

    talk = Talk(
        database, catalogue, chat=Chat("telegram"), address="chat-tổ ấp 2", clock=Clock(NOW)
    )
    for line in ("/baocao", "1", "tháng này"):
        (reply,) = await talk.line(line)
    assert isinstance(reply, Say)

    assert indicators_of(commune)[label][1] == "32"
    assert said == {
        (who, name): figure
        for who in ("đại sứ", "quản trị")
        for name, figure in (("ấp 1", "20"), ("ấp 2", "không nêu"), ("ấp 3", "dưới 5"))
    }
    assert "Bài học: bắt đầu: không nêu" in reply.text


async def test_a_place_says_what_is_approved_and_may_tell_only_that(
    board: Board, village: Village, catalogue
) -> None:
    await add_fieldwork(board.database, village, catalogue)
    async with board.browser(village.people["đại sứ"]) as browser:
        live = await text_of(browser, "/bang/chi-tieu")
        approved = await text_of(browser, "/bang/chi-tieu?so=duyet")
        before = await text_of(browser, "/bang/chi-tieu?ky=thang-truoc")
        export = await text_of(browser, "/bang/tai/chi-tieu.csv?so=duyet")
    async with board.browser(village.people["quản trị"]) as browser:
        first = await text_of(browser, "/bang/chi-tieu")
        again = await text_of(browser, "/bang/chi-tieu")

    label = "Lượt người được hướng dẫn"
    assert indicators_of(live)[label][0] == "12"
    assert "chưa duyệt hết" in live
    assert indicators_of(approved)[label][0] == "7"
    assert indicators_of(before)[label] == ["chưa có số liệu"]
    assert exported(export)[label][0] == "7"
    assert "chỉ số đã duyệt" in export
    states = re.findall(r"báo cáo: ([^<]+)</span>", live)
    assert states == ["đã duyệt", "chưa làm", "chưa làm"]
    assert indicators_of(first)[label][0] == indicators_of(again)[label][0] == "12"


async def test_households_are_counted_by_hamlet_and_few_are_hidden(
    board: Board, village: Village, catalogue
) -> None:
    async with board.browser(village.people["đại sứ"]) as browser:
        assert "Chưa có hộ nào" in await text_of(browser, "/bang/ho")
        await add_fieldwork(board.database, village, catalogue)
        page = await text_of(browser, "/bang/ho")
        inside = await text_of(browser, f"/bang/ho?noi=a{village.places['ấp 2'].hamlet}")
        beside = await text_of(browser, f"/bang/ho?noi=a{village.places['ấp 1'].hamlet}")
    async with board.browser(village.people["quản trị"]) as browser:
        everywhere = await text_of(browser, "/bang/ho")

    boxes = re.compile(r"<b>([^<]+)</b> <span>hộ")
    assert boxes.findall(page)[0] == boxes.findall(everywhere)[0] == "12"
    # Three of ấp 2 are not told, so nine of ấp 1 are not either: the sum would tell them.
    rows = re.findall(r'">(Ấp \d)</a></th><td>([^<]+)</td><td>([^<]+)</td>', page)
    assert rows == [("Ấp 1", "không nêu", "không nêu"), ("Ấp 2", "dưới 5", "dưới 5")]
    assert boxes.findall(inside) == ["dưới 5", "dưới 5"]
    assert boxes.findall(beside) == ["không nêu", "không nêu"]


async def test_who_asks_is_counted_and_named_only_to_whom_it_has_reached(
    board: Board, village: Village, catalogue
) -> None:
    pages = {}
    async with board.browser(village.people["đại sứ"]) as browser:
        assert "Chưa có ai nhờ giúp" in await text_of(browser, "/bang/ca")
    await add_fieldwork(board.database, village, catalogue)
    async with board.database.transaction() as connection:
        taken, closed, *_ = [
            (await cases.open_of_learner(connection, learner))[0]
            for learner in village.learners["ấp 2"]
        ]
        assert await cases.take(connection, taken.id, village.people["tổ ấp 2"], "sen", NOW)
        await cases.close(connection, closed.id, "helped", NOW)
        unshared = await cases.open_on(
            connection, village.learners["ấp 3"][0], "", "asked", NOW - timedelta(days=9)
        )
        await cases.set_place(connection, unshared.id, village.places["ấp 3"])
    for who in ("đại sứ", "tổ ấp 2", "đại sứ khác"):
        async with board.browser(village.people[who]) as browser:
            pages[who] = await text_of(browser, "/bang/ca")
    async with board.database.read() as connection:
        looks = await audit.latest(connection, limit=100)
    async with board.browser(village.people["quản trị"]) as browser:
        of_two = await text_of(browser, f"/bang/ca?noi=a{village.places['ấp 2'].hamlet}")

    named = {who: re.findall(r"<h3><bdi>(.*?)</bdi>", page) for who, page in pages.items()}
    # Odd ones have come to the ambassadors; the second of ấp 2 is closed, the first is taken.
    assert sorted(named["đại sứ"]) == sorted(
        ["Chú Sáu Đực", "Ông Năm Hột", "Bác Hai Lúa", "Anh Tám Ghe"]
    )
    assert len(named["tổ ấp 2"]) == 7
    assert named["đại sứ khác"] == []
    assert re.findall(r"<b>([^<]+)</b> <span>người", pages["đại sứ"]) == ["9", "dưới 5"]
    rows = re.findall(r'<th scope="row">(Ấp \d)</th><td>([^<]+)</td>', pages["đại sứ"])
    assert rows == [("Ấp 1", "dưới 5"), ("Ấp 2", "không nêu")]
    # Neither does the page of the hamlet itself, or it would tell the other by the sum.
    assert re.findall(r"<b>([^<]+)</b> <span>người", of_two) == ["không nêu", "dưới 5"]
    assert '<th scope="row">Thành viên Tổ công nghệ số</th><td>dưới 5</td>' in pages["đại sứ"]
    assert "Ai đã nhận" in pages["đại sứ"]
    assert "chú Tư Hải" not in "".join(pages.values())
    assert sum(line.deed == "looked" for line in looks) == len(named["đại sứ"]) + 7


async def test_a_name_that_could_do_harm_does_none_among_those_who_ask(
    board: Board, village: Village
) -> None:
    async with board.database.transaction() as connection:
        for learner, name in zip(village.learners["ấp 1"], NASTY, strict=False):
            await ask_for_help(connection, learner, name, village.places["ấp 1"], 1)
    async with board.browser(village.people["tổ ấp 1"]) as browser:
        page = await text_of(browser, "/bang/ca")

    assert {unescape(name) for name in re.findall(r"<h3><bdi>(.*?)</bdi>", page)} == set(NASTY)
    assert "<script" not in page


class Asked:
    def __init__(self, **query: str) -> None:
        self.query = query


@pytest.mark.parametrize(
    ("query", "label"),
    [
        ({}, "tháng 11/2026"),
        ({"ky": "tuan"}, "tuần 23/11 – 29/11/2026"),
        ({"ky": "tuan-truoc"}, "tuần 16/11 – 22/11/2026"),
        ({"ky": "quy"}, "quý 4/2026"),
        ({"ky": "quy-truoc"}, "quý 3/2026"),
        ({"tu": "2026-11-01", "den": "2026-11-15"}, "01/11 – 15/11/2026"),
        ({"tu": "2026-11-15", "den": "2026-11-01"}, "tháng 11/2026"),
        ({"tu": "2026-12-01", "den": "2026-12-31"}, "tháng 11/2026"),
        ({"tu": "2024-01-01", "den": "2026-11-01"}, "tháng 11/2026"),
    ],
)
def test_an_address_asks_for_a_period(query: dict[str, str], label: str) -> None:
    span = span_of(Asked(**query), NOW.date())  # type: ignore[arg-type]
    again = span_of(
        Asked(**dict(pair.split("=") for pair in span.query.split("&"))),  # type: ignore[arg-type]
        NOW.date(),
    )

    assert (span.period.label, again) == (label, span)
    chosen = [one.query for one in choices(span, NOW.date()) if one.is_chosen]
    assert chosen == ([] if "–" in label and "tuần" not in label else [span.query])


async def test_a_province_is_counted_once_then_behind_whoever_looks() -> None:
    clock = Clock(NOW)
    counted: list[int] = []

    async def count() -> int:
        counted.append(len(counted))
        if len(counted) == 2:
            raise StorageError
        return len(counted)

    province: Province[int] = Province(clock)
    seen = [(await province.of("", count)).value for _ in range(2)]
    for _ in range(2):
        clock.moment += timedelta(hours=2)
        seen.append((await province.of("", count)).value)
        for task in list(province.behind):
            await task
    seen.append((await province.of("", count)).value)

    # The second count fails, and what was known stays.
    assert seen == [1, 1, 1, 1, 3]
    assert counted == [0, 1, 2]


async def test_the_job_counts_everything_before_anybody_looks(
    board: Board, village: Village, catalogue
) -> None:
    """Households, then each period that the page offers, live and approved; then nothing is due."""
    await add_fieldwork(board.database, village, catalogue)
    everything = Everything(board.parts)
    for _ in range(20):
        await everything.count()
    counted: list[str] = []

    async def again() -> list[Counted]:
        counted.append("again")
        return []

    async def never() -> Table:
        raise AssertionError("it is counted already")

    kept = await everything.households.of("", again)
    due = await everything.households.renew("", again)
    month = month_of(NOW.date())
    tables = [(await everything.tables.of((month, only), never)).value for only in (False, True)]

    assert sum(one.households for one in kept.value) == 12
    # One hamlet of three is approved: of the commune that is not enough.
    assert [table.total.figure("R04").acts for table in tables] == [12, None]
    assert (due, counted) == (False, [])


async def _in_chat(talk: Talk, report_id: int) -> dict[str, str]:
    """The whole report, as a person reads on to its end."""
    found: dict[str, str] = {}
    goes_on = action("report", report_id)
    while goes_on.name == "report":
        (said,) = await talk.event(Chosen(goes_on))
        assert isinstance(said, Say)
        text = re.sub(r"<[^>]+>", "", said.text)
        assert len(text) <= MOST
        found |= re.findall(r"• ([^:]+(?:: [^:\d]+)?): ([^\n]+)", text)
        goes_on = said.buttons[0].action
    return found
