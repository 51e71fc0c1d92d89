"""Retention: legal holds, erasures, and which request a stored answer is about."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

from app.kit.db import BigId, UtcDateTime

revision: str = "0010"
down_revision: str | Sequence[str] | None = "0009"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    """Go to this revision."""
    op.add_column(
        "stored_answers", sa.Column("about", sa.String(), server_default="", nullable=False)
    )
    _legal_holds()
    _erasures()


def _legal_holds() -> None:
    op.create_table(
        "legal_holds",
        sa.Column("id", BigId, nullable=False),
        sa.Column("request_id", BigId, nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("reason", sa.String(), nullable=False),
        sa.Column("placed_by", BigId, nullable=False),
        sa.Column("placed_at", UtcDateTime(), nullable=False),
        sa.Column("lifted_by", BigId, nullable=True),
        sa.Column("lifted_at", UtcDateTime(), nullable=True),
        sa.Column("lift_reason", sa.String(), nullable=False),
        sa.CheckConstraint(
            "lifted_by IS NULL OR lifted_by <> placed_by", name=op.f("ck_legal_holds_two_persons")
        ),
        sa.ForeignKeyConstraint(
            ["lifted_by"], ["people.id"], name=op.f("fk_legal_holds_lifted_by")
        ),
        sa.ForeignKeyConstraint(
            ["placed_by"], ["people.id"], name=op.f("fk_legal_holds_placed_by")
        ),
        sa.ForeignKeyConstraint(
            ["request_id"], ["requests.id"], name=op.f("fk_legal_holds_request_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_legal_holds")),
        sa.UniqueConstraint("request_id", "number", name=op.f("uq_legal_holds_request_id_number")),
    )


def _erasures() -> None:
    op.create_table(
        "erasures",
        sa.Column("id", BigId, nullable=False),
        sa.Column("request_id", BigId, nullable=False),
        sa.Column("reason", sa.String(), nullable=False),
        sa.Column("asked_by", BigId, nullable=True),
        sa.Column("asked_at", UtcDateTime(), nullable=False),
        sa.Column("confirmed_by", BigId, nullable=True),
        sa.Column("erased_at", UtcDateTime(), nullable=True),
        sa.CheckConstraint(
            "confirmed_by IS NULL OR confirmed_by <> asked_by",
            name=op.f("ck_erasures_two_persons"),
        ),
        sa.ForeignKeyConstraint(["asked_by"], ["people.id"], name=op.f("fk_erasures_asked_by")),
        sa.ForeignKeyConstraint(
            ["confirmed_by"], ["people.id"], name=op.f("fk_erasures_confirmed_by")
        ),
        sa.ForeignKeyConstraint(
            ["request_id"], ["requests.id"], name=op.f("fk_erasures_request_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_erasures")),
    )
    op.create_index("ix_erasures_request_id", "erasures", ["request_id"])


def downgrade() -> None:
    """Go back to the revision before."""
    op.drop_table("erasures")
    op.drop_table("legal_holds")
    op.drop_column("stored_answers", "about")
