"""Channels whose platform sells lines or closes its windows: what was sent each month, and whom
the team must remind in person because the tutor may not write.

Times are epoch milliseconds.
"""

from alembic import op

revision = "0008"
down_revision = "0006"

_KEYED = {"sqlite": "WITHOUT ROWID", "postgresql": ""}

_STATEMENTS = (
    """
    CREATE TABLE channel_month (
        channel TEXT NOT NULL,
        month TEXT NOT NULL,
        sent BIGINT NOT NULL,
        PRIMARY KEY (channel, month)
    ) {keyed}
    """,
    """
    CREATE TABLE errand (
        address_id BIGINT PRIMARY KEY REFERENCES address (id) ON DELETE CASCADE,
        reason TEXT NOT NULL,
        created_at BIGINT NOT NULL
    ) {keyed}
    """,
    "CREATE INDEX errand_created ON errand (created_at)",
)


def upgrade() -> None:
    engine = op.get_bind().dialect.name
    for statement in _STATEMENTS:
        op.execute(statement.format(keyed=_KEYED[engine]).strip())
