"""Who was reminded of entries of the compendium whose review date is past."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

from app.kit.db import BigId, UtcDateTime

revision: str = "0021"
down_revision: str | Sequence[str] | None = "0020"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    """Go to this revision."""
    op.create_table(
        "compendium_reminders",
        sa.Column("entry_id", BigId, nullable=False),
        sa.Column("person_id", BigId, nullable=False),
        sa.Column("at", UtcDateTime(), nullable=False),
        sa.Column("times", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["entry_id"], ["compendium_entries.id"], name="fk_compendium_reminders_entry_id"
        ),
        sa.ForeignKeyConstraint(
            ["person_id"], ["people.id"], name="fk_compendium_reminders_person_id"
        ),
        sa.PrimaryKeyConstraint("entry_id", "person_id", name="pk_compendium_reminders"),
    )


def downgrade() -> None:
    """Go back to the revision before."""
    op.drop_table("compendium_reminders")
