"""What is held in confidence: levels, data keys, protected parts, named grants, openings.

Entities that declined or were released before this revision keep what they could see until then.
"""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

from app.kit.db import BigId, Json, UtcDateTime

revision: str = "0005"
down_revision: str | Sequence[str] | None = "0004"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None

LEFT = (
    "UPDATE involvements SET left_number ="
    " (SELECT revision FROM requests WHERE requests.id = involvements.request_id)"
    " WHERE standing IN ('declined', 'released')"
)


def upgrade() -> None:
    """Go to this revision."""
    _named_grants()
    _protected_parts()
    _request_keys()
    _lowerings()
    _openings()
    op.add_column(
        "attachments", sa.Column("level", sa.String(), server_default="ordinary", nullable=False)
    )
    op.add_column("involvements", sa.Column("left_number", sa.Integer(), nullable=True))
    op.add_column(
        "requests", sa.Column("level", sa.String(), server_default="ordinary", nullable=False)
    )
    op.execute(LEFT)


def _named_grants() -> None:
    op.create_table(
        "named_grants",
        sa.Column("id", BigId, nullable=False),
        sa.Column("request_id", BigId, nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("person_id", BigId, nullable=False),
        sa.Column("part", sa.String(), nullable=False),
        sa.Column("reason", sa.String(), nullable=False),
        sa.Column("until", sa.Date(), nullable=False),
        sa.Column("given_by", BigId, nullable=False),
        sa.Column("given_at", UtcDateTime(), nullable=False),
        sa.Column("agreed_by", BigId, nullable=True),
        sa.Column("agreed_at", UtcDateTime(), nullable=True),
        sa.Column("revoked_by", BigId, nullable=True),
        sa.Column("revoked_at", UtcDateTime(), nullable=True),
        sa.CheckConstraint(
            "part IN ('request', 'protected', 'annexes')", name=op.f("ck_named_grants_part")
        ),
        sa.CheckConstraint(
            "agreed_by IS NULL OR agreed_by <> person_id",
            name=op.f("ck_named_grants_not_by_oneself"),
        ),
        sa.ForeignKeyConstraint(
            ["agreed_by"], ["people.id"], name=op.f("fk_named_grants_agreed_by")
        ),
        sa.ForeignKeyConstraint(["given_by"], ["people.id"], name=op.f("fk_named_grants_given_by")),
        sa.ForeignKeyConstraint(
            ["person_id"], ["people.id"], name=op.f("fk_named_grants_person_id")
        ),
        sa.ForeignKeyConstraint(
            ["request_id"],
            ["requests.id"],
            name=op.f("fk_named_grants_request_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["revoked_by"], ["people.id"], name=op.f("fk_named_grants_revoked_by")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_named_grants")),
        sa.UniqueConstraint("request_id", "number", name=op.f("uq_named_grants_request_id_number")),
    )
    op.create_index("ix_named_grants_person_id", "named_grants", ["person_id"], unique=False)


def _protected_parts() -> None:
    op.create_table(
        "protected_parts",
        sa.Column("id", BigId, nullable=False),
        sa.Column("request_id", BigId, nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("groups", Json, nullable=False),
        sa.Column("country", sa.String(length=3), nullable=False),
        sa.Column("region", sa.String(), nullable=False),
        sa.Column("text", sa.String(), nullable=False),
        sa.Column("location", sa.String(), nullable=False),
        sa.Column("why_precise", sa.String(), nullable=False),
        sa.Column("by", BigId, nullable=False),
        sa.Column("at", UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(["by"], ["people.id"], name=op.f("fk_protected_parts_by")),
        sa.ForeignKeyConstraint(
            ["request_id"],
            ["requests.id"],
            name=op.f("fk_protected_parts_request_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_protected_parts")),
        sa.UniqueConstraint(
            "request_id", "number", name=op.f("uq_protected_parts_request_id_number")
        ),
    )


def _request_keys() -> None:
    op.create_table(
        "request_keys",
        sa.Column("request_id", BigId, nullable=False),
        sa.Column("wrapped", sa.String(), nullable=False),
        sa.Column("made_at", UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(
            ["request_id"],
            ["requests.id"],
            name=op.f("fk_request_keys_request_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("request_id", name=op.f("pk_request_keys")),
    )


def _lowerings() -> None:
    op.create_table(
        "lowerings",
        sa.Column("id", BigId, nullable=False),
        sa.Column("request_id", BigId, nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("attachment_id", BigId, nullable=True),
        sa.Column("before", sa.String(), nullable=False),
        sa.Column("after", sa.String(), nullable=False),
        sa.Column("reason", sa.String(), nullable=False),
        sa.Column("proposed_by", BigId, nullable=False),
        sa.Column("proposed_at", UtcDateTime(), nullable=False),
        sa.Column("confirmed_by", BigId, nullable=True),
        sa.Column("confirmed_at", UtcDateTime(), nullable=True),
        sa.Column("ended", sa.String(), nullable=False),
        sa.CheckConstraint(
            "confirmed_by IS NULL OR confirmed_by <> proposed_by", name=op.f("ck_lowerings_two")
        ),
        sa.ForeignKeyConstraint(
            ["attachment_id"],
            ["attachments.id"],
            name=op.f("fk_lowerings_attachment_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["confirmed_by"], ["people.id"], name=op.f("fk_lowerings_confirmed_by")
        ),
        sa.ForeignKeyConstraint(
            ["proposed_by"], ["people.id"], name=op.f("fk_lowerings_proposed_by")
        ),
        sa.ForeignKeyConstraint(
            ["request_id"],
            ["requests.id"],
            name=op.f("fk_lowerings_request_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_lowerings")),
        sa.UniqueConstraint("request_id", "number", name=op.f("uq_lowerings_request_id_number")),
    )


def _openings() -> None:
    op.create_table(
        "openings",
        sa.Column("id", BigId, nullable=False),
        sa.Column("request_id", BigId, nullable=False),
        sa.Column("part", sa.String(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("reason", sa.String(), nullable=False),
        sa.Column("grant_id", BigId, nullable=True),
        sa.Column("by", BigId, nullable=False),
        sa.Column("at", UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(["by"], ["people.id"], name=op.f("fk_openings_by")),
        sa.ForeignKeyConstraint(
            ["grant_id"], ["named_grants.id"], name=op.f("fk_openings_grant_id")
        ),
        sa.ForeignKeyConstraint(
            ["request_id"], ["requests.id"], name=op.f("fk_openings_request_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_openings")),
    )
    op.create_index(op.f("ix_openings_request_id"), "openings", ["request_id"], unique=False)


def downgrade() -> None:
    """Go back to the revision before."""
    op.drop_column("requests", "level")
    op.drop_column("involvements", "left_number")
    op.drop_column("attachments", "level")
    for table in ("openings", "lowerings", "request_keys", "protected_parts", "named_grants"):
        op.drop_table(table)
