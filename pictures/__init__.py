"""Pictures the tutor shows, drawn from plain content when they are sent."""

from collections.abc import Callable, Mapping
from typing import Any

from pictures import path

_DRAWERS: Mapping[str, Callable[[Mapping[str, Any]], bytes]] = {"path": path.draw}


def draw(picture: str, content: Mapping[str, Any]) -> bytes:
    """The named picture as PNG bytes. Raises ``KeyError`` for a name nobody draws.

    Takes tens of milliseconds of CPU, so a channel calls it in a thread.
    """
    return _DRAWERS[picture](content)
