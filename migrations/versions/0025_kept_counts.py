"""Counts that are made beforehand for those who see the whole house, whose reports take long."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

from app.kit.db import Json, UtcDateTime

revision: str = "0025"
down_revision: str | Sequence[str] | None = "0024"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    """Go to this revision."""
    op.create_table(
        "kept_counts",
        sa.Column("sight", sa.String(), nullable=False),
        sa.Column("report", sa.String(), nullable=False),
        sa.Column("counts", Json, nullable=False),
        sa.Column("at", UtcDateTime(), nullable=False),
        sa.Column("seconds", sa.Float(), nullable=False),
        sa.PrimaryKeyConstraint("sight", "report", name=op.f("pk_kept_counts")),
    )


def downgrade() -> None:
    """Go back to the revision before."""
    op.drop_table("kept_counts")
