"""What people keep of the list of requests: filters under a name."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

from app.kit.db import BigId, UtcDateTime

revision: str = "0029"
down_revision: str | Sequence[str] | None = "0028"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    """Go to this revision."""
    op.create_table(
        "saved_searches",
        sa.Column("id", BigId, nullable=False),
        sa.Column("person_id", BigId, nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("query", sa.String(), nullable=False),
        sa.Column("at", UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(["person_id"], ["people.id"], name="fk_saved_searches_person_id"),
        sa.PrimaryKeyConstraint("id", name="pk_saved_searches"),
        sa.UniqueConstraint("person_id", "name", name="uq_saved_searches_name"),
    )
    op.create_index("ix_saved_searches_person_id", "saved_searches", ["person_id"])


def downgrade() -> None:
    """Go back to the revision before."""
    op.drop_table("saved_searches")
