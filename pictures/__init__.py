"""Pictures the tutor shows, and documents to print, drawn from plain content when they are sent."""

from collections.abc import Callable, Mapping
from typing import Any

from pictures import path

# The card, the poster and the sheet need libraries that most starts never use.
_Draw = Callable[[Mapping[str, Any]], bytes]


def _fair_report(content: Mapping[str, Any]) -> bytes:
    from pictures import fair_report

    return fair_report.draw(content)


def _lesson_card(content: Mapping[str, Any]) -> bytes:
    from pictures import lesson_card

    return lesson_card.draw(content)


def _poster(content: Mapping[str, Any]) -> bytes:
    from pictures import poster

    return poster.draw(content)


def _report(content: Mapping[str, Any]) -> bytes:
    from pictures import report

    return report.draw(content)


def _sheet(content: Mapping[str, Any]) -> bytes:
    from pictures import sheet

    return sheet.draw(content)


_DRAWERS: Mapping[str, _Draw] = {
    "fair_report": _fair_report,
    "lesson_card": _lesson_card,
    "path": path.draw,
    "poster": _poster,
    "report": _report,
    "sheet": _sheet,
}


def draw(picture: str, content: Mapping[str, Any]) -> bytes:
    """The named picture as PNG bytes, or the named document as PDF bytes.

    Raises ``KeyError`` for a name nobody draws. Takes up to a few tenths of a second of CPU, so
    a channel calls it in a thread.
    """
    return _DRAWERS[picture](content)
