"""An entity may leave a programme; a need has one responsible entity (F53)."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

from app.kit.db import UtcDateTime

revision: str = "0026"
down_revision: str | Sequence[str] | None = "0025"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None

RESPONSIBLE = "uq_assignments_responsible"
IN_FORCE = sa.text(
    "UPDATE proposals SET assigned_at = (SELECT p.opened_at FROM joint_programmes p"
    " WHERE p.request_id = proposals.request_id) WHERE status = 'accepted'"
)


def upgrade() -> None:
    """Go to this revision."""
    op.add_column("components", sa.Column("left_at", UtcDateTime(), nullable=True))
    op.add_column("proposals", sa.Column("assigned_at", UtcDateTime(), nullable=True))
    op.execute(IN_FORCE)
    answers_for = sa.text("part = 'lead'")
    op.create_index(
        RESPONSIBLE,
        "assignments",
        ["need_id"],
        unique=True,
        sqlite_where=answers_for,
        postgresql_where=answers_for,
    )


def downgrade() -> None:
    """Go back to the revision before."""
    op.drop_index(RESPONSIBLE, table_name="assignments")
    op.drop_column("proposals", "assigned_at")
    op.drop_column("components", "left_at")
