"""Zalo's Official Account, pictures that a platform fetches by their name, and codes that join
two chats of one learner.

Times are epoch milliseconds, truths are 0 or 1, and a text that is not there is ''.
"""

from alembic import op

revision = "0009"
down_revision = "0008"

_STATEMENTS = (
    # Without an owner it holds nothing of anybody's.
    """
    CREATE TABLE public_picture (
        name TEXT PRIMARY KEY,
        address_id BIGINT REFERENCES address (id) ON DELETE CASCADE,
        picture TEXT NOT NULL,
        content TEXT NOT NULL,
        expires_at BIGINT NOT NULL
    )
    """,
    "CREATE INDEX public_picture_address ON public_picture (address_id)",
    "CREATE INDEX public_picture_expiry ON public_picture (expires_at)",
    """
    CREATE TABLE notebook_code (
        hash TEXT PRIMARY KEY,
        learner_id BIGINT NOT NULL REFERENCES learner (id) ON DELETE CASCADE,
        address_id BIGINT NOT NULL REFERENCES address (id) ON DELETE CASCADE,
        expires_at BIGINT NOT NULL,
        used_at BIGINT
    )
    """,
    "CREATE INDEX notebook_code_learner ON notebook_code (learner_id)",
    "CREATE INDEX notebook_code_address ON notebook_code (address_id)",
    "CREATE INDEX notebook_code_expiry ON notebook_code (expires_at)",
    """
    CREATE TABLE oa_window (
        address_id BIGINT PRIMARY KEY REFERENCES address (id) ON DELETE CASCADE,
        closed_at BIGINT,
        person_until_at BIGINT
    )
    """,
    # Tokens are sealed with the application's secret, which no database holds.
    """
    CREATE TABLE zalo_oa_token (
        app_id TEXT PRIMARY KEY,
        access TEXT NOT NULL DEFAULT '',
        refresh TEXT NOT NULL DEFAULT '',
        access_until_at BIGINT NOT NULL DEFAULT 0,
        renewed_at BIGINT NOT NULL DEFAULT 0,
        turn BIGINT NOT NULL DEFAULT 0,
        origins TEXT NOT NULL DEFAULT '',
        dead_at BIGINT,
        leased_by TEXT NOT NULL DEFAULT '',
        leased_until_at BIGINT NOT NULL DEFAULT 0
    )
    """,
)


def upgrade() -> None:
    for statement in _STATEMENTS:
        op.execute(statement.strip())
