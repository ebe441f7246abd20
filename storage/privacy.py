"""What belongs to a learner: all of it to see, all of it to erase."""

from datetime import datetime
from typing import Any

from storage.database import Connection
from storage.times import from_ms, to_ms

_MINE = "address_id IN (SELECT id FROM address WHERE learner_id = $1)"
# Table by table, whose rows are a learner's.
PERSONAL = {
    "learner": "id = $1",
    "address": "learner_id = $1",
    "lesson_progress": "learner_id = $1",
    "attempt": "learner_id = $1",
    "answer": "attempt_id IN (SELECT id FROM attempt WHERE learner_id = $1)",
    "review_item": "learner_id = $1",
    "study_week": "learner_id = $1",
    "rhythm": "learner_id = $1",
    "unasked": "learner_id = $1",
    "delivery": _MINE,
    "timer": _MINE,
    "errand": _MINE,
    "poll": _MINE,
    "web_line": _MINE,
    "public_picture": _MINE,
    "notebook_code": "learner_id = $1",
    "oa_window": _MINE,
    "role_grant": "learner_id = $1",
    "invitation": "created_by = $1 OR used_by = $1",
    "cohort": "owner_id = $1",
    "enrolment": "learner_id = $1",
    "group_chat": _MINE,
    "plan": f"group_id IN (SELECT id FROM group_chat WHERE {_MINE})",
    "paste": f"group_id IN (SELECT id FROM group_chat WHERE {_MINE})",
    "arrival": "learner_id = $1",
    "support_case": "learner_id = $1",
    "note": "learner_id = $1 OR author_id = $1",
    "note_refusal": "learner_id = $1",
    "audit": "actor_id = $1 OR subject_id = $1",
    "wrong_code": "learner_id = $1",
    "board_link": "learner_id = $1",
    "sitting": "learner_id = $1",
}
# Whose rows outlive an erasure, without the one who was erased.
TRACES = {
    "audit": "that something was done stays known; by whom and to whom does not",
}
NOT_PERSONAL = {
    "hamlet": "hamlets of a commune, as it lists them",
    "cohort_code": "codes of classes; they name nobody",
    "seen": "ids that platforms give to single updates; they name nobody and go after a week",
    "worker": "processes of the tutor",
    "kept_secret": "the tutor's own keys",
    "zalo_oa_token": "the key to a Zalo Official Account, sealed",
    "channel_month": "how many lines a channel sent in a month, to anybody",
    "kept_count": "sums over the people of a commune or a hamlet",
    "counted_commune": "when a commune was last counted",
    "alembic_version": "the version of the tables",
}


# Columns that may hold another learner's id: that is theirs, and shown to nobody.
_PEOPLE = frozenset(
    {"owner_id", "granted_by", "created_by", "used_by", "actor_id", "subject_id", "taken_by"}
    | {"author_id", "learner_id"}
)


async def everything_about(
    connection: Connection, learner_id: int
) -> dict[str, list[dict[str, Any]]]:
    """Every row that is this learner's, by table and column, ready for JSON.

    Times are ISO 8601 in UTC; of other learners not even the number is told. Read it in a
    transaction, for one picture of all tables.
    """
    everything = {}
    for table, whose in PERSONAL.items():
        rows = await connection.fetch(f"SELECT * FROM {table} WHERE {whose}", learner_id)
        everything[table] = [
            {
                column: _readable(column, row[column], learner_id)
                for column in row.keys()  # noqa: SIM118
            }
            for row in rows
        ]
    return everything


def _readable(column: str, value: Any, learner_id: int) -> Any:
    """Every time is in a column whose name ends in _at, and nothing else is."""
    if column in _PEOPLE and value != learner_id:
        return None
    if column.endswith("_at") and value is not None:
        return from_ms(value).isoformat()
    return value


_ERASE = "DELETE FROM learner WHERE id = $1"
# A class that others are in stays theirs, without the name that was given to it.
_ERASE_EMPTY_CLASSES = """
    DELETE FROM cohort WHERE owner_id = $1 AND NOT EXISTS (
        SELECT 1 FROM enrolment WHERE cohort_id = cohort.id AND learner_id <> $1
    )
"""
_UNNAME_CLASSES = "UPDATE cohort SET name = '' WHERE owner_id = $1"


async def erase(connection: Connection, learner_id: int) -> None:
    """Delete all of it: every other table's rows go with the learner's own, or forget whose
    they were.
    """
    await connection.execute(_ERASE_EMPTY_CLASSES, learner_id)
    await connection.execute(_UNNAME_CLASSES, learner_id)
    await connection.execute(_ERASE, learner_id)
    await connection.erases()


_FORGET_STRANGERS = """
    DELETE FROM learner
    WHERE consented_at IS NULL AND kind = 'person' AND created_at < $1 AND NOT EXISTS (
        SELECT 1 FROM address WHERE address.learner_id = learner.id AND address.last_at >= $1
    )
"""


async def forget_strangers(connection: Connection, silent_since: datetime) -> None:
    """Delete whoever never agreed to be remembered and has said nothing since that moment.

    A group is nobody who could agree; ``group_chats.forget_lost`` says when it is forgotten.
    """
    await connection.execute(_FORGET_STRANGERS, to_ms(silent_since))
    await connection.erases()
