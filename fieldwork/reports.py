"""What becomes of a report: draft, submitted, to correct or approved, locked.

A report is of a place and a period. Nobody decides on what they wrote themselves.
"""

from collections.abc import Mapping
from typing import Literal, TypeAlias

State: TypeAlias = Literal["draft", "submitted", "to_correct", "approved", "locked"]
Move: TypeAlias = Literal["submit", "approve", "send_back", "lock", "reopen"]
# The last is for one that was locked and has to take in what came late.
Reason: TypeAlias = Literal["numbers", "missing", "double", "period", "late"]

REASONS: tuple[Reason, ...] = ("numbers", "missing", "double", "period")
# In these the author may still write; in the last two what was counted stays as it is.
WRITABLE: frozenset[State] = frozenset({"draft", "to_correct"})
CLOSED: frozenset[State] = frozenset({"approved", "locked"})
# What tells that a place has reported at all.
REPORTED: frozenset[State] = frozenset({"submitted", "approved", "locked"})

_MOVES: Mapping[Move, tuple[frozenset[State], State]] = {
    "submit": (WRITABLE, "submitted"),
    "approve": (frozenset({"submitted"}), "approved"),
    "send_back": (frozenset({"submitted", "approved"}), "to_correct"),
    "lock": (frozenset({"approved"}), "locked"),
    "reopen": (frozenset({"locked"}), "to_correct"),
}


def moved(state: State, move: Move) -> State | None:
    """The state after it; ``None`` when it is not possible from there."""
    allowed, after = _MOVES[move]
    return after if state in allowed else None
