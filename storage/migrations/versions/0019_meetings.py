"""Of a case that somebody took: when they said they would come, and whether they were asked since.

``comes_on`` is a day, "2026-11-26", or the last of some, "../2026-11-29" (ISO 8601-2), or ''.
"""

from alembic import op

revision = "0019"
down_revision = "0018"

_STATEMENTS = (
    "ALTER TABLE support_case ADD COLUMN comes_on TEXT NOT NULL DEFAULT ''",
    "ALTER TABLE support_case ADD COLUMN heard_at BIGINT",
    "ALTER TABLE support_case ADD COLUMN met_asked_at BIGINT",
)


def upgrade() -> None:
    for statement in _STATEMENTS:
        op.execute(statement)
