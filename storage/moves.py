"""Two learners turn out to be one: classes, roles and the rhythm go with the person."""

from storage.database import Connection

_RHYTHM = (
    # Learnt on a day is learnt on that day, at whichever address.
    """
    UPDATE study_week SET days = days | (
        SELECT left_week.days FROM study_week AS left_week
        WHERE left_week.learner_id = $1 AND left_week.monday = study_week.monday
    )
    WHERE learner_id = $2 AND monday IN (SELECT monday FROM study_week WHERE learner_id = $1)
    """,
    """
    UPDATE study_week SET learner_id = $2
    WHERE learner_id = $1
        AND monday NOT IN (SELECT monday FROM study_week WHERE learner_id = $2)
    """,
    """
    UPDATE rhythm SET learner_id = $2
    WHERE learner_id = $1 AND NOT EXISTS (SELECT 1 FROM rhythm WHERE learner_id = $2)
    """,
    # A person gets no more on a day for having two chats.
    """
    UPDATE unasked SET
        lines = lines + (SELECT lines FROM unasked WHERE learner_id = $1),
        reminders = reminders + (SELECT reminders FROM unasked WHERE learner_id = $1)
    WHERE learner_id = $2 AND day = (SELECT day FROM unasked WHERE learner_id = $1)
    """,
    """
    UPDATE unasked SET learner_id = $2
    WHERE learner_id = $1 AND NOT EXISTS (SELECT 1 FROM unasked WHERE learner_id = $2)
    """,
)
_MOVES = (
    """
    UPDATE enrolment SET learner_id = $2
    WHERE learner_id = $1 AND NOT EXISTS (
        SELECT 1 FROM enrolment AS theirs
        WHERE theirs.learner_id = $2 AND theirs.cohort_id = enrolment.cohort_id
    )
    """,
    "UPDATE role_grant SET learner_id = $2 WHERE learner_id = $1",
    "UPDATE role_grant SET granted_by = $2 WHERE granted_by = $1",
    "UPDATE cohort SET owner_id = $2 WHERE owner_id = $1",
    "UPDATE invitation SET created_by = $2 WHERE created_by = $1",
    "UPDATE invitation SET used_by = $2 WHERE used_by = $1",
    "UPDATE audit SET actor_id = $2 WHERE actor_id = $1",
    "UPDATE audit SET subject_id = $2 WHERE subject_id = $1",
)


async def move_people(connection: Connection, learner_id: int, to: int) -> None:
    """What ``learner_id`` leads, belongs to and was given is from now on ``to``'s. In a class
    that both are in, what ``to`` agreed to holds.
    """
    for move in (*_MOVES, *_RHYTHM):
        await connection.execute(move, learner_id, to)
