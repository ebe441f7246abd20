"""What belongs to a learner: all of it to see, all of it to erase."""

from datetime import datetime
from typing import Any

from storage import fairs, live_questions, merging, recipients, seats
from storage.database import Connection
from storage.times import from_ms, to_ms

_MINE = "address_id IN (SELECT id FROM address WHERE learner_id = $1)"
_MY_VISITS = "visit_id IN (SELECT id FROM visit WHERE author_id = $1)"
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
    "fair": "owner_id = $1",
    "attendance": "learner_id = $1",
    "host_key": "learner_id = $1",
    "live_answer": "learner_id = $1",
    "live_seat": "learner_id = $1",
    "support_case": "learner_id = $1",
    "note": "learner_id = $1 OR author_id = $1",
    "note_refusal": "learner_id = $1",
    "broadcast": "sender_id = $1 OR approver_id = $1",
    "recipient": "learner_id = $1",
    "broadcast_refusal": "learner_id = $1",
    "audit": "actor_id = $1 OR subject_id = $1",
    "wrong_code": "learner_id = $1",
    "milestone": "learner_id = $1 OR witnessed_by = $1",
    "visit": "author_id = $1",
    "visit_milestone": _MY_VISITS,
    "visit_version": _MY_VISITS,
    "field_report": "author_id = $1 OR decided_by = $1",
    "field_figure": "report_id IN (SELECT id FROM field_report WHERE author_id = $1)",
    "household": "id IN (SELECT household_id FROM household_member WHERE learner_id = $1)",
    "household_member": "learner_id = $1",
    "passed_on": "teacher_id = $1 OR pupil_id = $1",
    "assisted": "learner_id = $1",
    "witness": "learner_id = $1",
    "official_confirmation": "learner_id = $1",
    "board_link": "learner_id = $1",
    "sitting": "learner_id = $1",
}
# Whose rows outlive an erasure, without the one who was erased.
TRACES = {
    "audit": "that something was done stays known; by whom and to whom does not",
    "visit": "how many people somebody went to stays counted; who went does not",
    "visit_milestone": "as the visit it belongs to",
    "visit_version": "as the visit it belongs to",
    "field_report": "the figures of a place stay reported; by whom does not",
    "field_figure": "as the report it belongs to",
    "broadcast": "that one went out, and to how many, stays known; its words and its sender do not",
}
NOT_PERSONAL = {
    "hamlet": "hamlets of a commune, as it lists them",
    "cohort_code": "codes of classes; they name nobody",
    "fair_hour": "how many came to a fair in an hour; nobody in particular",
    "screen": "what a room looks at; it names nobody",
    "live_question": "questions put to a whole room; they name nobody",
    "live_count": "how many of a room chose what; nobody in particular",
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
_PEOPLE = frozenset({
    "owner_id", "granted_by", "created_by", "used_by", "actor_id", "subject_id", "taken_by",
    "author_id", "learner_id", "witnessed_by", "decided_by", "sender_id", "approver_id",
    "teacher_id", "pupil_id", "helper_id", "agreed_before_id", "witness_id",
})  # fmt: skip


# What typed words and taps are held against: labels of buttons, which may name other people.
_OTHERS_NAMES = frozenset({"asked", "last_tap"})


async def everything_about(
    connection: Connection, learner_id: int
) -> dict[str, list[dict[str, Any]]]:
    """Every row that is this learner's, by table and column, ready for JSON.

    Times are ISO 8601 in UTC; of other learners not even the number is told, and nothing of the
    buttons that were shown last. Read it in a
    transaction, for one picture of all tables.
    """
    everything = {}
    for table, whose in PERSONAL.items():
        rows = await connection.fetch(f"SELECT * FROM {table} WHERE {whose}", learner_id)
        everything[table] = [
            {
                column: _readable(column, row[column], learner_id)
                for column in row.keys()  # noqa: SIM118
                if column not in _OTHERS_NAMES
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
# What they were sending to many is halted: nobody is left to answer for it.
_HALT = "SELECT id FROM broadcast WHERE sender_id = $1 AND state IN ('draft', 'asking', 'running')"
_UNNAME_BROADCASTS = """
    UPDATE broadcast SET words = '', signed = '',
        state = CASE WHEN finished_at IS NULL THEN 'stopped' ELSE state END,
        finished_at = COALESCE(finished_at, confirmed_at, created_at)
    WHERE sender_id = $1
"""

# Of a fair, and of a round that is on, the totals stay true; whose they were is forgotten.
_COUNTS_LEFT = (
    fairs.ERASE_EMPTY_OF,
    fairs.UNNAME_OF,
    fairs.COUNT_LESSONS_OF,
    fairs.COUNT_VISITS_OF,
    live_questions.COUNT_ANSWERS_OF,
)


# What was never logged is nobody's count.
_DROP_DRAFTS = "DELETE FROM visit WHERE author_id = $1 AND state = 'draft'"


async def erase(connection: Connection, learner_id: int) -> None:
    """Delete all of it: every other table's rows go with the learner's own, or forget whose
    they were.
    """
    await connection.execute(_ERASE_EMPTY_CLASSES, learner_id)
    await connection.execute(_UNNAME_CLASSES, learner_id)
    for leave_counts in _COUNTS_LEFT:
        await connection.execute(leave_counts, learner_id)
    await connection.execute(_DROP_DRAFTS, learner_id)
    for row in await connection.fetch(_HALT, learner_id):
        await recipients.stop(connection, row[0], from_ms(0))
    await connection.execute(_UNNAME_BROADCASTS, learner_id)
    await connection.execute(merging.EMPTY_HOME, learner_id)
    await seats.vacate(connection, learner_id)
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
