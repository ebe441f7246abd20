"""How values are written on pages, and in exports: numbers, shares, days, names, roles."""

from collections.abc import Callable, Mapping
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from people.roles import Role
from storage.reports.few import Figure, shown
from storage.reports.standing import Standing

_HIDDEN = {"few": "dưới 5", "nearly_all": "gần hết", "withheld": "không nêu"}
_ROLES: dict[Role | str | None, str] = {
    "team_member": "thành viên Tổ công nghệ số",
    "ambassador": "đại sứ số",
    "administrator": "quản trị",
}


def figure(number: Figure) -> str:
    """With a dot between thousands, or why it is not said."""
    return _HIDDEN[number] if isinstance(number, str) else f"{number:,}".replace(",", ".")


def share(part: Figure, whole: Figure) -> str:
    """As "45 %"; a dash where there is nothing to share, or nothing is said."""
    if isinstance(part, str) or isinstance(whole, str) or not whole:
        return "–"
    return f"{round(100 * part / whole)} %"


_STANDINGS: dict[Standing, str] = {
    "": "chưa làm",
    "draft": "đang làm",
    "submitted": "đã gửi, chờ duyệt",
    "to_correct": "cần sửa",
    "approved": "đã duyệt",
    "locked": "đã khóa",
}


def standing(state: Standing) -> str:
    """How far a report is, as the chat calls it."""
    return _STANDINGS[state]


def role(name: Role | str | None) -> str:
    return _ROLES.get(name, "")


def filters(zone: ZoneInfo) -> Mapping[str, Callable[..., Any]]:
    """What templates write values with."""

    def day(moment: datetime | date | None) -> str:
        if moment is None:
            return "chưa có"
        local = moment.astimezone(zone) if isinstance(moment, datetime) else moment
        return f"{local:%d/%m/%Y}"

    def clock(moment: datetime | None) -> str:
        return "" if moment is None else f"{moment.astimezone(zone):%H:%M ngày %d/%m/%Y}"

    def upper_first(text: str) -> str:
        return text[:1].upper() + text[1:]

    def few(count: int) -> str:
        return figure(shown(count))

    return {
        "upper_first": upper_first,
        "few": few,
        "figure": figure,
        "share": share,
        "day": day,
        "clock": clock,
        "role": role,
        "standing": standing,
    }


def class_name(name: str, code: str = "") -> str:
    """A class whose name went with whoever gave it is called by its code."""
    return name or (f"Lớp mã {code[:3]} {code[3:]}" if code else "Lớp không tên")


def person_name(name: str) -> str:
    return name or "(không ghi tên)"
