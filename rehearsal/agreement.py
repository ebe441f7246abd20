"""Whether everything that counts says the same number: who was there, chat, pages and exports."""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from rehearsal.board import Browser, Figures
from rehearsal.cast import CLASS
from rehearsal.month import Month
from rehearsal.staff import Helper
from storage import cases, households, rehearsals
from storage.database import Connection
from storage.rehearsals import Lived

# In this order: what those who were there remember, then the tutor's mouths.
MOUTHS = ("kể lại", "chat", "trang", "CSV", "Excel")
_WANTED = "đã định"
_PLAYED = "Tập dượt: "
_IN_CLASS = (
    ("người trong lớp", r"(\d+) người", "người trong lớp", "Người trong lớp"),
    ("cho xem việc học", r"(\d+) người cho xem", "cho xem việc học", "Cho xem việc học"),
    ("gặp trong 7 ngày qua", r"Có ghé tuần này: (\d+)", "gặp trong 7 ngày qua", "Gặp trong 7 ngày qua"),
    ("xong khóa", r"Xong hết bài: (\d+)", "xong khóa", "Xong khóa"),
    ("quá 7 ngày chưa gặp", r"Vắng từ 7 ngày: (\d+)", "quá 7 ngày chưa gặp", "Quá 7 ngày chưa gặp"),
    ("nhờ giúp", r"Nhờ giúp: (\d+)", "nhờ giúp", "Nhờ giúp"),
)  # fmt: skip
_IN_PLACE = (
    ("người học", r"Người học: ([\d.]+|dưới 5|gần hết|không nêu)\.", "người học", "Người học"),
    ("gặp trong 7 ngày qua", r"Gặp trong 7 ngày qua: ([\d.]+|dưới 5|gần hết|không nêu)\.", "gặp trong 7 ngày qua", "Gặp trong 7 ngày qua"),
)  # fmt: skip
_VISITS = (
    ("buổi, điểm hướng dẫn", r"Buổi, điểm hướng dẫn: (\d+)"),
    ("lượt người được hướng dẫn", r"Lượt người được hướng dẫn: (\d+)"),
)


@dataclass(frozen=True, slots=True)
class Row:
    """One number, as each mouth says it; one that never says it is left out."""

    what: str
    said: Mapping[str, str]

    @property
    def agrees(self) -> bool:
        return len(set(self.said.values())) == 1


async def compare(month: Month, browser: Browser) -> list[Row]:
    """Ask everybody. The chat is asked as the first ambassador and each class's teacher."""
    ambassador = month.ambassadors[0]
    rows: list[Row] = []
    await ambassador.phone.types("/bangso")
    said = ambassador.phone.text
    await browser.enters(ambassador.phone.reads(r"/bang/vao/([\w-]+)"))
    joined = f"{sum(month.told.joined.values())}"
    rows += _rows(
        "Cả xã", _IN_PLACE, said, await browser.boxes("/bang"),
        (await browser.csv("/bang/tai/noi.csv"), await browser.xlsx("/bang/tai/noi.xlsx")),
        {"người học": joined},
    )  # fmt: skip
    numbers = await browser.classes()
    for teacher in month.teachers:
        rows += await _of_class(month, teacher, browser, numbers)
    rows += await _of_visits(month)
    async with month.stage.database.read() as connection:
        rows += lived(month, await rehearsals.lived(connection))
        page = await browser.boxes("/bang/ho")
        rows += [await _of_homes(month, connection, page), await _of_cases(month, connection)]
    return rows


async def _of_class(
    month: Month, teacher: Helper, browser: Browser, numbers: Mapping[str, str]
) -> Iterable[Row]:
    name = CLASS.format(teacher.hamlet)
    await teacher.phone.types("/lop")
    number = numbers[name]
    path = f"/bang/tai/lop-{number}"
    return _rows(
        name, _IN_CLASS, teacher.phone.text, await browser.boxes(f"/bang/lop/{number}"),
        (await browser.csv(f"{path}.csv"), await browser.xlsx(f"{path}.xlsx")),
        {
            "người trong lớp": f"{month.told.joined.get(teacher.cohort, 0)}",
            "cho xem việc học": f"{month.told.seen.get(teacher.cohort, 0)}",
        },
    )  # fmt: skip


def _rows(
    where: str,
    asked: Sequence[tuple[str, str, str, str]],
    chat: str,
    page: Figures,
    exports: tuple[Figures, Figures],
    told: Mapping[str, str],
) -> Iterable[Row]:
    for what, pattern, on_page, in_export in asked:
        found = re.search(pattern, chat)
        said = {
            MOUTHS[0]: told.get(what, ""),
            MOUTHS[1]: found[1] if found is not None else "?",
            MOUTHS[2]: page.get(on_page, "?"),
            MOUTHS[3]: exports[0].get(in_export, "?"),
            MOUTHS[4]: exports[1].get(in_export, "?"),
        }
        yield Row(f"{where}: {what}", {mouth: _bare(one) for mouth, one in said.items() if one})


def _bare(number: str) -> str:
    """Without the dots between thousands, which a spreadsheet has not."""
    bare = number.replace(".", "")
    return bare if bare.isdecimal() else number


async def _of_visits(month: Month) -> list[Row]:
    """The commune's report, and those of its hamlets together, against what was done."""
    period = month.period()
    whole = await _reported(month.ambassadors[0], period)
    parts = [await _reported(teacher, period) for teacher in month.teachers]
    told = (month.told.visits.times, month.told.visits.people)
    return [
        Row(
            f"Cả kỳ: {what}",
            {
                MOUTHS[0]: f"{told[place]}",
                MOUTHS[1]: f"{whole[place]}",
                "các ấp cộng lại": f"{sum(part[place] for part in parts)}",
            },
        )
        for place, (what, _) in enumerate(_VISITS)
    ]


async def _reported(helper: Helper, period: str) -> tuple[int, int]:
    phone = helper.phone
    await phone.types("/baocao")
    await phone.presses("report_at")
    await phone.types(period)
    found = [re.search(pattern, phone.text) for _, pattern in _VISITS]
    times, people = (int(one[1]) if one is not None else 0 for one in found)
    return times, people


async def _of_homes(month: Month, connection: Connection, page: Figures) -> Row:
    """Few homes are told by no page: then only the others are compared."""
    counted = await households.count(connection, (), 0.0, [month.commune_code])
    said = {
        MOUTHS[0]: f"{month.told.households}",
        "đếm": f"{sum(one.households for one in counted)}",
    }
    on_page = _bare(page.get("hộ học chung", "?"))
    if on_page.isdecimal() or on_page == "?":
        said[MOUTHS[2]] = on_page
    return Row("Gia đình số: số nhà", said)


async def _of_cases(month: Month, connection: Connection) -> Row:
    """Those that wait or are being seen to, as all who may take them find them together."""
    found: set[str] = set()
    for helper in (*month.members, *month.ambassadors, month.administrator):
        await helper.phone.types("/ca")
        found |= {
            one.action.arguments[0] for one in helper.phone.choices if one.action.name == "case"
        }
    count = await cases.count_open(connection, month.commune_code)
    return Row("Ca đang mở", {"chat": f"{len(found)}", "đếm": f"{count}"})


def lived(month: Month, counted: Lived) -> list[Row]:
    """Whether all came, and did what a month of theirs was to have."""
    size, told = month.size, month.told
    asked = (
        ("người học", size.learners, sum(told.joined.values()), counted.learners),
        ("thành viên Tổ", size.members, len(month.members), counted.members),
        ("đại sứ số", size.ambassadors, len(month.ambassadors), counted.ambassadors),
        ("gia đình", size.households, told.households, counted.households),
        ("người không có điện thoại", size.assisted, told.assisted, counted.assisted),
        ("lượt thăm", size.visits, told.visits.times, counted.visits),
    )
    return [
        Row(
            f"{_PLAYED}{what}",
            {_WANTED: f"{wanted}", MOUTHS[0]: f"{done}", "đếm": f"{there}"},
        )
        for what, wanted, done, there in asked
    ]


def played(rows: Iterable[Row]) -> str:
    """Who lived the month and what they did, in one sentence."""
    found = (row for row in rows if row.what.startswith(_PLAYED))
    counts = ", ".join(f"{row.said['đếm']} {row.what.removeprefix(_PLAYED)}" for row in found)
    return f"Đã tập dượt: {counts}."


def table(rows: Sequence[Row]) -> str:
    """A line for each number, and a mark where the mouths differ."""
    mouths = list(dict.fromkeys(mouth for row in rows for mouth in row.said))
    wide = max(len(row.what) for row in rows)
    widths = [max(len(mouth), *(len(row.said.get(mouth, "")) for row in rows)) for mouth in mouths]
    lines = [f"{'':{wide}}  " + "  ".join(f"{m:>{w}}" for m, w in zip(mouths, widths, strict=True))]
    for row in rows:
        cells = (f"{row.said.get(m, ''):>{w}}" for m, w in zip(mouths, widths, strict=True))
        mark = "" if row.agrees else "  ← khác nhau"
        lines.append(f"{row.what:{wide}}  " + "  ".join(cells) + mark)
    return "\n".join(lines)
