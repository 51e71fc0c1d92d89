"""What new versions of the compendium meant for open requests, and that their effect is done."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

from app.kit.db import BigId, Json, UtcDateTime

revision: str = "0019"
down_revision: str | Sequence[str] | None = "0018"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None

TABLE = "basis_changes"
SEES = "((SELECT string_to_array(current_setting('entente.sees', true), ' ')))::text[]"
SEEN = f"'all' = ANY({SEES}) OR entente_row_seen({TABLE}.request_id, {SEES})"
"""A row is seen with its request, as in revision 0012."""


def upgrade() -> None:
    """Go to this revision: what was recorded so far is taken to have had its effect."""
    op.add_column("compendium_versions", sa.Column("effected_at", UtcDateTime(), nullable=True))
    op.execute("UPDATE compendium_versions SET effected_at = recorded_at")
    op.create_index("ix_compendium_versions_effected_at", "compendium_versions", ["effected_at"])
    op.create_table(
        TABLE,
        sa.Column("id", BigId, nullable=False),
        sa.Column("request_id", BigId, nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("treatment", sa.String(), nullable=False),
        sa.Column("proposal", sa.Integer(), nullable=True),
        sa.Column("entries", Json, nullable=False),
        sa.Column("at", UtcDateTime(), nullable=False),
        sa.Column("confirmed_by", BigId, nullable=True),
        sa.Column("confirmed_at", UtcDateTime(), nullable=True),
        sa.Column("reason", sa.String(), nullable=False),
        sa.CheckConstraint(
            "treatment IN ('noted', 'flagged', 'renewed')", name=op.f(f"ck_{TABLE}_treatment")
        ),
        sa.ForeignKeyConstraint(["confirmed_by"], ["people.id"], name=f"fk_{TABLE}_confirmed_by"),
        sa.ForeignKeyConstraint(
            ["request_id"], ["requests.id"], name=f"fk_{TABLE}_request_id", ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=f"pk_{TABLE}"),
        sa.UniqueConstraint("request_id", "version", name=f"uq_{TABLE}_request_id_version"),
    )
    if op.get_context().dialect.name == "postgresql":
        op.execute(f"ALTER TABLE {TABLE} ENABLE ROW LEVEL SECURITY")
        op.execute(f"CREATE POLICY entente_sight ON {TABLE} USING ({SEEN})")


def downgrade() -> None:
    """Go back to the revision before."""
    if op.get_context().dialect.name == "postgresql":
        op.execute(f"DROP POLICY entente_sight ON {TABLE}")
    op.drop_table(TABLE)
    op.drop_index("ix_compendium_versions_effected_at", "compendium_versions")
    op.drop_column("compendium_versions", "effected_at")
