"""Learners: whom the tutor teaches, whatever they chat through."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from storage.database import Connection
from storage.times import from_ms, to_ms


@dataclass(frozen=True, slots=True)
class Learner:
    """``term`` is the key of how they wish to be addressed, "" before they said;
    ``consented_at`` is ``None`` until they agreed to be remembered. ``zone`` is the IANA name of
    the time zone they live in, "" for the tutor's own.
    """

    id: int
    term: str
    consented_at: datetime | None
    consent_version: str
    created_at: datetime
    zone: str = ""


def of_row(row: Sequence[Any]) -> Learner:
    """From the columns in the order of the dataclass."""
    number, term, consented_at, consent_version, created_at, zone = row
    return Learner(number, term, from_ms(consented_at), consent_version, from_ms(created_at), zone)


COLUMNS = "l.id, l.term, l.consented_at, l.consent_version, l.created_at, l.zone"
_BY_ID = f"SELECT {COLUMNS} FROM learner AS l WHERE l.id = $1"


async def by_id(connection: Connection, learner_id: int) -> Learner | None:
    row = await connection.fetchrow(_BY_ID, learner_id)
    return None if row is None else of_row(tuple(row))


_ADD = """
    INSERT INTO learner (created_at, kind, term, consented_at, consent_version)
    VALUES ($1, 'person', $2, $1, $3) RETURNING id
"""


async def add(connection: Connection, term: str, version: str, now: datetime) -> int:
    """The id of a new learner who has just agreed to the words of that version, on no address yet."""
    number: int = await connection.fetchval(_ADD, to_ms(now), term, version)
    return number


_SET_TERM = "UPDATE learner SET term = $2 WHERE id = $1"


async def set_term(connection: Connection, learner_id: int, term: str) -> None:
    await connection.execute(_SET_TERM, learner_id, term)


_SET_ZONE = "UPDATE learner SET zone = $2 WHERE id = $1"


async def set_zone(connection: Connection, learner_id: int, zone: str) -> None:
    """``zone`` is an IANA name, "" for the tutor's own."""
    await connection.execute(_SET_ZONE, learner_id, zone)


_GIVE_CONSENT = "UPDATE learner SET consented_at = $3, consent_version = $2 WHERE id = $1"


async def give_consent(
    connection: Connection, learner_id: int, version: str, now: datetime
) -> None:
    """``version`` names the words the learner agreed to."""
    await connection.execute(_GIVE_CONSENT, learner_id, version, to_ms(now))


_WITHDRAW_CONSENT = "UPDATE learner SET consented_at = NULL, consent_version = '' WHERE id = $1"


async def withdraw_consent(connection: Connection, learner_id: int) -> None:
    await connection.execute(_WITHDRAW_CONSENT, learner_id)
