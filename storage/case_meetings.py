"""When whoever took a case comes, and what is known of whether they met: columns of the case.

A stretch begins when a case is taken and whenever its taker shows that they are at it.
"""

from dataclasses import dataclass
from datetime import date, datetime

from storage.database import Connection
from storage.times import to_ms

# ISO 8601-2: an interval without a beginning.
_BY = "../"


@dataclass(frozen=True, slots=True)
class Coming:
    """On ``day``, or with ``is_last`` on any until then."""

    day: date
    is_last: bool = False

    @property
    def stored(self) -> str:
        return f"{_BY if self.is_last else ''}{self.day.isoformat()}"


def coming(stored: str) -> Coming | None:
    """None: no day was named."""
    if not stored:
        return None
    return Coming(date.fromisoformat(stored.removeprefix(_BY)), stored.startswith(_BY))


_COMES = """
    UPDATE support_case SET comes_on = $2, heard_at = $3, met_asked_at = NULL
    WHERE id = $1 AND closed_at IS NULL AND taken_by IS NOT NULL
"""


async def comes(connection: Connection, case_id: int, chosen: Coming | None, now: datetime) -> None:
    """The taker says when; a new stretch begins."""
    stored = "" if chosen is None else chosen.stored
    await connection.execute(_COMES, case_id, stored, to_ms(now))


_HEARD = """
    UPDATE support_case SET heard_at = $2, met_asked_at = NULL
    WHERE id = $1 AND closed_at IS NULL AND taken_by IS NOT NULL
"""


async def heard(connection: Connection, case_id: int, now: datetime) -> None:
    """Something happened between the two: a new stretch begins, and nothing is owed an answer."""
    await connection.execute(_HEARD, case_id, to_ms(now))


_ASKED = """
    UPDATE support_case SET met_asked_at = $2
    WHERE id = $1 AND closed_at IS NULL AND taken_by IS NOT NULL
"""


async def asked(connection: Connection, case_id: int, moment: datetime) -> None:
    """The taker is asked whether they met, once in a stretch."""
    await connection.execute(_ASKED, case_id, to_ms(moment))
