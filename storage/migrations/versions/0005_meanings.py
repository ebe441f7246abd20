"""What a question meant when it was answered, so that it starts afresh when it means another thing.

A text that is not there is '': answers from before count as answers to the question as it is.
"""

from alembic import op

revision = "0005"
down_revision = "0004"


def upgrade() -> None:
    op.execute("ALTER TABLE review_item ADD COLUMN meaning TEXT NOT NULL DEFAULT ''")
