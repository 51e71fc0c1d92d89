"""Portfolios: plans for all open requests at once, for those who see all of these."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

from app.kit.db import BigId, Json, UtcDateTime

revision: str = "0027"
down_revision: str | Sequence[str] | None = "0026"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None

SEES = "((SELECT string_to_array(current_setting('entente.sees', true), ' ')))::text[]"


def upgrade() -> None:
    """Go to this revision."""
    op.create_table(
        "portfolios",
        sa.Column("id", BigId, nullable=False),
        sa.Column("status", sa.String(), nullable=False),
        sa.Column("quarters", sa.Integer(), nullable=False),
        sa.Column("lasts", sa.Integer(), nullable=False),
        sa.Column("asked_by", BigId, nullable=False),
        sa.Column("asked_at", UtcDateTime(), nullable=False),
        sa.Column("begun_at", UtcDateTime(), nullable=True),
        sa.Column("planned_at", UtcDateTime(), nullable=True),
        sa.Column("problem", Json, nullable=True),
        sa.Column("problem_hash", sa.String(), nullable=True),
        sa.Column("content", Json, nullable=True),
        sa.Column("gap", sa.Double(), nullable=True),
        sa.CheckConstraint(
            "status IN ('waiting', 'planned', 'failed')", name=op.f("ck_portfolios_status")
        ),
        sa.ForeignKeyConstraint(["asked_by"], ["people.id"], name="fk_portfolios_asked_by"),
        sa.PrimaryKeyConstraint("id", name="pk_portfolios"),
    )
    if op.get_context().dialect.name == "sqlite":
        return
    # It names every open request: only who sees all filed ones reads it, and the house itself.
    op.execute("ALTER TABLE portfolios ENABLE ROW LEVEL SECURITY")
    op.execute(
        "CREATE POLICY entente_sight ON portfolios"
        f" USING ('all' = ANY({SEES}) OR 'filed' = ANY({SEES}))"
    )


def downgrade() -> None:
    """Go back to the revision before."""
    op.drop_table("portfolios")
