"""Reminders: how often a learner wants to be reminded, how often they came, and how many unasked
lines they got today; and the time zone of a learner who lives elsewhere.

Times are epoch milliseconds, truths are 0 or 1, days are ISO dates, and a text that is not there
is ''. Days of a week are bits: Monday is 1, Sunday 64.
"""

from alembic import op

revision = "0006"
down_revision = "0005"

_KEYED = {"sqlite": "WITHOUT ROWID", "postgresql": ""}

_STATEMENTS = (
    "ALTER TABLE learner ADD COLUMN zone TEXT NOT NULL DEFAULT ''",
    """
    CREATE TABLE rhythm (
        learner_id BIGINT NOT NULL PRIMARY KEY REFERENCES learner (id) ON DELETE CASCADE,
        state TEXT NOT NULL CHECK (state IN ('off', 'on', 'asleep')),
        days INTEGER NOT NULL,
        sessions INTEGER NOT NULL,
        is_free INTEGER NOT NULL CHECK (is_free IN (0, 1)),
        minute INTEGER NOT NULL,
        begun_at BIGINT,
        rests_until_at BIGINT,
        reminded_at BIGINT,
        reminders INTEGER NOT NULL DEFAULT 0,
        unanswered INTEGER NOT NULL DEFAULT 0,
        is_skipping INTEGER NOT NULL DEFAULT 0 CHECK (is_skipping IN (0, 1)),
        offered_at BIGINT,
        fading_at BIGINT
    ) {keyed}
    """,
    """
    CREATE TABLE study_week (
        learner_id BIGINT NOT NULL REFERENCES learner (id) ON DELETE CASCADE,
        monday TEXT NOT NULL,
        days INTEGER NOT NULL,
        wanted INTEGER NOT NULL,
        PRIMARY KEY (learner_id, monday)
    ) {keyed}
    """,
    """
    CREATE TABLE unasked (
        learner_id BIGINT NOT NULL PRIMARY KEY REFERENCES learner (id) ON DELETE CASCADE,
        day TEXT NOT NULL,
        lines INTEGER NOT NULL,
        reminders INTEGER NOT NULL
    ) {keyed}
    """,
)


def upgrade() -> None:
    engine = op.get_bind().dialect.name
    for statement in _STATEMENTS:
        op.execute(statement.format(keyed=_KEYED[engine]).strip())
