"""Indexes for the pages that count who asks for help, and learners without a telephone by place."""

from alembic import op

revision = "0018"
down_revision = "0016"

_STATEMENTS = (
    """
    CREATE INDEX support_case_asked ON support_case (commune, hamlet_id)
    WHERE closed_at IS NULL AND shared_at IS NOT NULL
    """,
    """
    CREATE INDEX support_case_done ON support_case (commune, closed_at)
    WHERE closed_at IS NOT NULL AND shared_at IS NOT NULL
    """,
    "CREATE INDEX assisted_place ON assisted (commune, hamlet_id)",
)


def upgrade() -> None:
    for statement in _STATEMENTS:
        op.execute(statement.strip())
