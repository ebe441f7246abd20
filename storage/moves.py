"""Two learners turn out to be one: classes and roles go with the person."""

from storage.database import Connection

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
    for move in _MOVES:
        await connection.execute(move, learner_id, to)
