"""The period that an address asks for: a named one, or from one day to another."""

from dataclasses import dataclass
from datetime import date, timedelta
from urllib.parse import urlencode

from aiohttp import web

from fieldwork.periods import Period, month_of, quarter_of, week_of

_DAY = timedelta(days=1)
_LONGEST = timedelta(days=366)
_NAMED = {"tuan": week_of, "thang": month_of, "quy": quarter_of}
_CALLED = {"tuan": "Tuần", "thang": "Tháng", "quy": "Quý"}
_BEFORE = "-truoc"
_USUAL = "thang"


@dataclass(frozen=True, slots=True)
class Span:
    """``query`` asks for the same period again, without a place."""

    period: Period
    query: str


@dataclass(frozen=True, slots=True)
class Choice:
    label: str
    query: str
    is_chosen: bool


def span_of(request: web.Request, today: date) -> Span:
    """This month, when an address asks for nothing or for no period that has begun."""
    typed = _day(request.query.get("tu", "")), _day(request.query.get("den", ""))
    start, end = typed
    if start and end and start <= end and start <= today and end - start <= _LONGEST:
        return Span(Period(start, end), urlencode({"tu": start, "den": end}))
    asked = request.query.get("ky", "")
    if asked not in _keys():
        asked = _USUAL
    return Span(_named(asked, today), urlencode({"ky": asked}))


def choices(chosen: Span, today: date) -> tuple[Choice, ...]:
    return tuple(
        Choice(
            f"{_CALLED[key.removesuffix(_BEFORE)]} {'trước' if key.endswith(_BEFORE) else 'này'}",
            urlencode({"ky": key}),
            _named(key, today) == chosen.period,
        )
        for key in _keys()
    )


def named_spans(today: date) -> tuple[Span, ...]:
    """Those that a page offers, the usual one first."""
    keys = sorted(_keys(), key=lambda key: key != _USUAL)
    return tuple(Span(_named(key, today), urlencode({"ky": key})) for key in keys)


def _keys() -> tuple[str, ...]:
    return tuple(f"{kind}{back}" for kind in _NAMED for back in ("", _BEFORE))


def _named(key: str, today: date) -> Period:
    period_of = _NAMED[key.removesuffix(_BEFORE)]
    this = period_of(today)
    return period_of(this.start - _DAY) if key.endswith(_BEFORE) else this


def _day(said: str) -> date | None:
    """As browsers send it: 2026-11-24."""
    if len(said) != 10 or not said.isascii():
        return None
    try:
        found = date.fromisoformat(said)
    except ValueError:
        return None
    # Days before any of this cannot be put into a time zone everywhere.
    return found if 2000 <= found.year <= 2100 else None
