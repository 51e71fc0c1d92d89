"""Requests by topic: what a figure of the reports leads to is read along an index."""

from collections.abc import Sequence

from alembic import op

revision: str = "0024"
down_revision: str | Sequence[str] | None = "0023"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    """Go to this revision."""
    op.create_index("ix_needs_topic_request_id", "needs", ["topic", "request_id"])


def downgrade() -> None:
    """Go back to the revision before."""
    op.drop_index("ix_needs_topic_request_id", "needs")
