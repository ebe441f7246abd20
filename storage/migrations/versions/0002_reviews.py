"""Reviews: what a learner's memory of each answered question is like, and attempts that ask
questions of many lessons.

Times are epoch milliseconds, truths are 0 or 1, and a text that is not there is ''.
"""

from alembic import op

revision = "0002"
down_revision = "0001"

_KEYED = {"sqlite": "WITHOUT ROWID", "postgresql": ""}

_STATEMENTS = (
    """
    CREATE TABLE review_item (
        learner_id BIGINT NOT NULL REFERENCES learner (id) ON DELETE CASCADE,
        question TEXT NOT NULL,
        stability DOUBLE PRECISION NOT NULL,
        difficulty DOUBLE PRECISION NOT NULL,
        reviewed_at BIGINT NOT NULL,
        due_at BIGINT NOT NULL,
        is_safety INTEGER NOT NULL CHECK (is_safety IN (0, 1)),
        was_right INTEGER NOT NULL CHECK (was_right IN (0, 1)),
        PRIMARY KEY (learner_id, question)
    ) {keyed}
    """,
    "CREATE INDEX review_item_due ON review_item (learner_id, due_at)",
    """
    ALTER TABLE attempt ADD COLUMN kind TEXT NOT NULL DEFAULT 'quiz'
        CHECK (kind IN ('quiz', 'review', 'early'))
    """,
    "ALTER TABLE attempt ADD COLUMN questions TEXT NOT NULL DEFAULT ''",
)


def upgrade() -> None:
    engine = op.get_bind().dialect.name
    for statement in _STATEMENTS:
        op.execute(statement.format(keyed=_KEYED[engine]).strip())
