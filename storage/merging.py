"""Two learners who turn out to be one person: whatever either did is kept, once.

The better state wins where both have one: a lesson that one of them finished is
finished, a task that one of them did is done. Of a question that both answered, the
memory after the latest answer is what the person knows now.
"""

from collections.abc import Mapping

from storage.database import Connection

_LESSON_PROGRESS = """
    INSERT INTO lesson_progress (
        learner_id, lesson, card, started_at, updated_at, done_at, practice, practice_at
    )
    SELECT CAST($2 AS BIGINT), lesson, card, started_at, updated_at, done_at, practice, practice_at
    FROM lesson_progress WHERE learner_id = $1
    ON CONFLICT (learner_id, lesson) DO UPDATE SET
        card = CASE WHEN excluded.card > lesson_progress.card
            THEN excluded.card ELSE lesson_progress.card END,
        started_at = CASE WHEN excluded.started_at < lesson_progress.started_at
            THEN excluded.started_at ELSE lesson_progress.started_at END,
        updated_at = CASE WHEN excluded.updated_at > lesson_progress.updated_at
            THEN excluded.updated_at ELSE lesson_progress.updated_at END,
        done_at = CASE
            WHEN excluded.done_at < lesson_progress.done_at THEN excluded.done_at
            ELSE COALESCE(lesson_progress.done_at, excluded.done_at) END,
        practice = CASE WHEN {theirs} THEN excluded.practice ELSE lesson_progress.practice END,
        practice_at = CASE WHEN {theirs}
            THEN excluded.practice_at ELSE lesson_progress.practice_at END
"""
# A task that was done is done; else what was said of it last.
_THEIR_PRACTICE = """
    CASE
        WHEN lesson_progress.practice = 'done' THEN FALSE
        WHEN excluded.practice = 'done' THEN TRUE
        WHEN lesson_progress.practice_at IS NULL THEN excluded.practice_at IS NOT NULL
        ELSE COALESCE(excluded.practice_at > lesson_progress.practice_at, FALSE)
    END
"""
_REVIEW_ITEM = """
    INSERT INTO review_item (
        learner_id, question, stability, difficulty, reviewed_at, due_at, is_safety, was_right,
        meaning
    )
    SELECT CAST($2 AS BIGINT), question, stability, difficulty, reviewed_at, due_at, is_safety,
        was_right, meaning
    FROM review_item WHERE learner_id = $1
    ON CONFLICT (learner_id, question) DO UPDATE SET
        stability = excluded.stability,
        difficulty = excluded.difficulty,
        reviewed_at = excluded.reviewed_at,
        due_at = excluded.due_at,
        is_safety = excluded.is_safety,
        was_right = excluded.was_right,
        meaning = excluded.meaning
    WHERE excluded.reviewed_at > review_item.reviewed_at
"""
_LEARNER = """
    UPDATE learner SET
        kind = learner.kind,
        term = CASE learner.term WHEN '' THEN other.term ELSE learner.term END,
        zone = CASE learner.zone WHEN '' THEN other.zone ELSE learner.zone END,
        consent_version = CASE WHEN learner.consented_at IS NULL
            THEN other.consent_version ELSE learner.consent_version END,
        consented_at = COALESCE(learner.consented_at, other.consented_at),
        created_at = CASE WHEN other.created_at < learner.created_at
            THEN other.created_at ELSE learner.created_at END
    FROM (SELECT * FROM learner WHERE id = $1) AS other
    WHERE learner.id = $2
"""


def _moved(table: str, column: str = "learner_id") -> str:
    return f"UPDATE {table} SET {column} = $2 WHERE {column} = $1"


# In a class that both are in, what the one who stays agreed to holds.
_ENROLMENT = """
    UPDATE enrolment SET learner_id = $2
    WHERE learner_id = $1 AND NOT EXISTS (
        SELECT 1 FROM enrolment AS theirs
        WHERE theirs.learner_id = $2 AND theirs.cohort_id = enrolment.cohort_id
    )
"""
# Who has a rhythm keeps it; else the other's is taken over.
_RHYTHM = """
    UPDATE rhythm SET learner_id = $2
    WHERE learner_id = $1 AND NOT EXISTS (SELECT 1 FROM rhythm WHERE learner_id = $2)
"""
# Learnt on a day is learnt on that day, at whichever address.
_STUDY_WEEK = """
    INSERT INTO study_week (learner_id, monday, days, wanted)
    SELECT CAST($2 AS BIGINT), monday, days, wanted FROM study_week WHERE learner_id = $1
    ON CONFLICT (learner_id, monday) DO UPDATE SET days = study_week.days | excluded.days
"""
# A person gets no more on a day for having two chats.
_UNASKED = """
    INSERT INTO unasked (learner_id, day, lines, reminders)
    SELECT CAST($2 AS BIGINT), day, lines, reminders FROM unasked WHERE learner_id = $1
    ON CONFLICT (learner_id) DO UPDATE SET
        lines = unasked.lines + excluded.lines,
        reminders = unasked.reminders + excluded.reminders
    WHERE unasked.day = excluded.day
"""
# Through a group that both came through, the one who stays came.
_ARRIVAL = """
    UPDATE arrival SET learner_id = $2
    WHERE learner_id = $1 AND NOT EXISTS (
        SELECT 1 FROM arrival AS theirs
        WHERE theirs.learner_id = $2 AND theirs.group_id = arrival.group_id
    )
"""
# Who came to a fair by both came once, at the hour of the one who stays.
_ATTENDANCE = """
    UPDATE attendance SET learner_id = $2
    WHERE learner_id = $1 AND NOT EXISTS (
        SELECT 1 FROM attendance AS theirs
        WHERE theirs.learner_id = $2 AND theirs.fair_id = attendance.fair_id
    )
"""
# A person has one answer to a live question, and one seat in a round.
_LIVE_ANSWER = """
    UPDATE live_answer SET learner_id = $2
    WHERE learner_id = $1 AND NOT EXISTS (
        SELECT 1 FROM live_answer AS theirs
        WHERE theirs.learner_id = $2 AND theirs.question_id = live_answer.question_id
    )
"""
_LIVE_SEAT = """
    UPDATE live_seat SET learner_id = $2
    WHERE learner_id = $1 AND NOT EXISTS (
        SELECT 1 FROM live_seat AS theirs
        WHERE theirs.learner_id = $2 AND theirs.screen_id = live_seat.screen_id
    )
"""
# Who wants no notes in one chat wants none.
_NOTE_REFUSAL = """
    UPDATE note_refusal SET learner_id = $2
    WHERE learner_id = $1 AND NOT EXISTS (SELECT 1 FROM note_refusal WHERE learner_id = $2)
"""
# Of two open cases about one thing the one of who stays goes on.
_CASE = """
    UPDATE support_case SET
        learner_id = CAST($2 AS BIGINT),
        closed_at = CASE WHEN {double} THEN opened_at ELSE closed_at END,
        outcome = CASE WHEN {double} THEN 'united' ELSE outcome END
    WHERE learner_id = $1
"""
_DOUBLE_CASE = """
    support_case.closed_at IS NULL AND EXISTS (
        SELECT 1 FROM support_case AS theirs
        WHERE theirs.learner_id = $2 AND theirs.item = support_case.item
            AND theirs.closed_at IS NULL
    )
"""
# What either said first, and what was seen first of either, each with who saw it.
_MILESTONE = """
    INSERT INTO milestone (learner_id, slug, declared_at, witnessed_at, witnessed_by)
    SELECT CAST($2 AS BIGINT), slug, declared_at, witnessed_at, witnessed_by
    FROM milestone WHERE learner_id = $1
    ON CONFLICT (learner_id, slug) DO UPDATE SET
        declared_at = CASE WHEN excluded.declared_at < milestone.declared_at
            THEN excluded.declared_at
            ELSE COALESCE(milestone.declared_at, excluded.declared_at) END,
        witnessed_by = CASE WHEN {earlier}
            THEN excluded.witnessed_by ELSE milestone.witnessed_by END,
        witnessed_at = CASE WHEN {earlier}
            THEN excluded.witnessed_at ELSE milestone.witnessed_at END
"""
_EARLIER = """
    excluded.witnessed_at IS NOT NULL
        AND (milestone.witnessed_at IS NULL OR excluded.witnessed_at < milestone.witnessed_at)
"""
# What both got, or are to get, is known of the one who stays.
_RECIPIENT = """
    UPDATE recipient SET learner_id = $2
    WHERE learner_id = $1 AND NOT EXISTS (
        SELECT 1 FROM recipient AS theirs
        WHERE theirs.learner_id = $2 AND theirs.broadcast_id = recipient.broadcast_id
    )
"""
# Who wanted no broadcasts in one chat wants none.
_BROADCAST_REFUSAL = """
    UPDATE broadcast_refusal SET learner_id = $2
    WHERE learner_id = $1 AND NOT EXISTS (SELECT 1 FROM broadcast_refusal WHERE learner_id = $2)
"""
# Who is at home somewhere stays there; else the other's home is taken over.
_HOME = """
    UPDATE household_member SET learner_id = $2
    WHERE learner_id = $1 AND NOT EXISTS (SELECT 1 FROM household_member WHERE learner_id = $2)
"""
# Shown once is shown; nobody shows anything to themselves.
_PASSED_ON = """
    UPDATE passed_on SET {mine} = $2
    WHERE {mine} = $1 AND {other} <> $2 AND NOT EXISTS (
        SELECT 1 FROM passed_on AS theirs WHERE theirs.{mine} = $2
            AND theirs.{other} = passed_on.{other} AND theirs.lesson = passed_on.lesson
    )
"""
# A task that somebody saw was seen, whoever of the two did it.
_SEEN = """
    UPDATE witness SET learner_id = $2
    WHERE learner_id = $1 AND NOT EXISTS (
        SELECT 1 FROM witness AS theirs
        WHERE theirs.learner_id = $2 AND theirs.lesson = witness.lesson
    )
"""
_CONFIRMED = """
    UPDATE official_confirmation SET learner_id = $2
    WHERE learner_id = $1 AND NOT EXISTS (
        SELECT 1 FROM official_confirmation WHERE learner_id = $2
    )
"""
# Whoever saw it turns out to be whoever did it: then it counts for nothing.
_SAW = """
    UPDATE {table} SET witness_id = $2, objected_at = CASE
        WHEN learner_id = $2 THEN COALESCE(objected_at, {at}) ELSE objected_at END
    WHERE witness_id = $1
"""
EMPTY_HOME = """
    DELETE FROM household WHERE id = (
        SELECT household_id FROM household_member WHERE learner_id = $1
    ) AND NOT EXISTS (
        SELECT 1 FROM household_member AS other
        WHERE other.household_id = household.id AND other.learner_id <> $1
    )
"""
# By table and column, what brings learner $1's rows to learner $2. "" lets them go with $1.
# Every column that refers to a learner has a line: a test holds this against those there are.
RULES: Mapping[tuple[str, str], str] = {
    ("address", "learner_id"): _moved("address"),
    ("lesson_progress", "learner_id"): _LESSON_PROGRESS.format(theirs=_THEIR_PRACTICE),
    ("attempt", "learner_id"): _moved("attempt"),
    ("review_item", "learner_id"): _REVIEW_ITEM,
    ("rhythm", "learner_id"): _RHYTHM,
    ("study_week", "learner_id"): _STUDY_WEEK,
    ("unasked", "learner_id"): _UNASKED,
    ("role_grant", "learner_id"): _moved("role_grant"),
    ("role_grant", "granted_by"): _moved("role_grant", "granted_by"),
    ("cohort", "owner_id"): _moved("cohort", "owner_id"),
    ("enrolment", "learner_id"): _ENROLMENT,
    ("arrival", "learner_id"): _ARRIVAL,
    ("fair", "owner_id"): _moved("fair", "owner_id"),
    ("attendance", "learner_id"): _ATTENDANCE,
    ("host_key", "learner_id"): _moved("host_key"),
    ("live_answer", "learner_id"): _LIVE_ANSWER,
    ("live_seat", "learner_id"): _LIVE_SEAT,
    ("support_case", "learner_id"): _CASE.format(double=_DOUBLE_CASE),
    ("support_case", "taken_by"): _moved("support_case", "taken_by"),
    ("note", "learner_id"): _moved("note"),
    ("note", "author_id"): _moved("note", "author_id"),
    ("note_refusal", "learner_id"): _NOTE_REFUSAL,
    ("broadcast", "sender_id"): _moved("broadcast", "sender_id"),
    ("broadcast", "approver_id"): _moved("broadcast", "approver_id"),
    ("recipient", "learner_id"): _RECIPIENT,
    ("broadcast_refusal", "learner_id"): _BROADCAST_REFUSAL,
    ("invitation", "created_by"): _moved("invitation", "created_by"),
    ("invitation", "used_by"): _moved("invitation", "used_by"),
    ("audit", "actor_id"): _moved("audit", "actor_id"),
    ("audit", "subject_id"): _moved("audit", "subject_id"),
    ("milestone", "learner_id"): _MILESTONE.format(earlier=_EARLIER),
    ("milestone", "witnessed_by"): _moved("milestone", "witnessed_by"),
    ("visit", "author_id"): _moved("visit", "author_id"),
    ("field_report", "author_id"): _moved("field_report", "author_id"),
    ("field_report", "decided_by"): _moved("field_report", "decided_by"),
    ("household_member", "learner_id"): _HOME,
    ("passed_on", "teacher_id"): _PASSED_ON.format(mine="teacher_id", other="pupil_id"),
    ("passed_on", "pupil_id"): _PASSED_ON.format(mine="pupil_id", other="teacher_id"),
    ("witness", "learner_id"): _SEEN,
    ("witness", "witness_id"): _SAW.format(table="witness", at="seen_at"),
    ("official_confirmation", "learner_id"): _CONFIRMED,
    ("official_confirmation", "witness_id"): _SAW.format(
        table="official_confirmation", at="confirmed_at"
    ),
    # Who has a chat of their own now needs nobody to open their notebook.
    ("assisted", "learner_id"): "",
    ("assisted", "helper_id"): _moved("assisted", "helper_id"),
    ("assisted", "agreed_before_id"): _moved("assisted", "agreed_before_id"),
    # A code that leads to who is no more leads nowhere, and whoever typed the right one has
    # typed no wrong ones.
    ("notebook_code", "learner_id"): "",
    ("wrong_code", "learner_id"): "",
    # Whoever looks at a dashboard asks for it again: what was opened as one person is not
    # another's.
    ("board_link", "learner_id"): "",
    ("sitting", "learner_id"): "",
}

# In PostgreSQL the one who stays is held like the one who speaks; SQLite has one writer.
_HOLD = {
    "sqlite": "SELECT 1 FROM learner WHERE id = $1",
    "postgresql": "SELECT 1 FROM learner WHERE id = $1 FOR NO KEY UPDATE",
}
# What somebody saw in the other chat was their own: that is said, not witnessed.
_SAY_OWN_WITNESS = """
    UPDATE milestone SET declared_at = COALESCE(declared_at, witnessed_at),
        witnessed_at = NULL, witnessed_by = NULL
    WHERE learner_id = $1 AND witnessed_by = $1
"""
_DELETE = "DELETE FROM learner WHERE id = $1"


async def unite(connection: Connection, learner_id: int, into: int) -> bool:
    """All that is ``learner_id``'s, every chat too, becomes ``into``'s; the former is no more.

    False, and nothing changed, when ``into`` is gone.
    """
    if learner_id == into:
        return True
    if await connection.fetchval(_HOLD[connection.engine], into) is None:
        return False
    await connection.execute(_LEARNER, learner_id, into)
    for bring in RULES.values():
        if bring:
            await connection.execute(bring, learner_id, into)
    await connection.execute(_SAY_OWN_WITNESS, into)
    await connection.execute(EMPTY_HOME, learner_id)
    await connection.execute(_DELETE, learner_id)
    return True
