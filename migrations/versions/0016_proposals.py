"""Changes of the compendium: proposed by one person, reviewed by another."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

from app.kit.db import BigId, Json, UtcDateTime

revision: str = "0016"
down_revision: str | Sequence[str] | None = "0015"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None

TABLE = "compendium_proposals"
PEOPLE = ("proposed_by", "proposed_for", "reviewed_by", "reviewed_for")


def upgrade() -> None:
    """Go to this revision."""
    op.create_table(
        TABLE,
        sa.Column("id", BigId, nullable=False),
        *(
            sa.Column(name, sa.String(), nullable=False)
            for name in ("kind", "status", "title", "reason", "review_reason")
        ),
        *(sa.Column(name, Json, nullable=False) for name in ("entities", "changes")),
        sa.Column("effective_at", UtcDateTime(), nullable=True),
        *(sa.Column(name, BigId, nullable=name != "proposed_by") for name in PEOPLE),
        sa.Column("proposed_at", UtcDateTime(), nullable=False),
        sa.Column("reviewed_at", UtcDateTime(), nullable=True),
        sa.Column("number", sa.Integer(), nullable=True),
        sa.CheckConstraint(
            "kind IN ('change', 'claim', 'restore')", name=op.f("ck_compendium_proposals_kind")
        ),
        sa.CheckConstraint(
            "status IN ('open', 'approved', 'rejected', 'withdrawn')",
            name=op.f("ck_compendium_proposals_status"),
        ),
        sa.CheckConstraint(
            "reviewed_by IS NULL OR reviewed_by <> proposed_by",
            name=op.f("ck_compendium_proposals_two_persons"),
        ),
        sa.CheckConstraint(
            "(status = 'approved') = (number IS NOT NULL)",
            name=op.f("ck_compendium_proposals_numbered"),
        ),
        *(
            sa.ForeignKeyConstraint([name], ["people.id"], name=f"fk_{TABLE}_{name}")
            for name in PEOPLE
        ),
        sa.ForeignKeyConstraint(
            ["number"], ["compendium_versions.number"], name=f"fk_{TABLE}_number"
        ),
        sa.PrimaryKeyConstraint("id", name=f"pk_{TABLE}"),
    )
    op.create_index(f"ix_{TABLE}_status", TABLE, ["status"])


def downgrade() -> None:
    """Go back to the revision before."""
    op.drop_index(f"ix_{TABLE}_status", TABLE)
    op.drop_table(TABLE)
