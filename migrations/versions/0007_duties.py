"""Separation of duties: grants with an end, declared interests, delegations, broken glass.

A grant is ended and no longer deleted; columns are added in place, so that no table that bears a
trigger is built anew on SQLite.
"""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

from app.kit.db import BigId, Json, UtcDateTime

revision: str = "0007"
down_revision: str | Sequence[str] | None = "0006"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None

COLUMNS = (("role_grants", "starts_at"), ("role_grants", "ended_at"), ("focal_points", "begins_at"))
TABLES = ("glass_readings", "glass_breaks", "delegations", "interests")


def upgrade() -> None:
    """Go to this revision."""
    for table, column in COLUMNS:
        op.add_column(table, sa.Column(column, UtcDateTime(), nullable=True))
    _interests()
    _delegations()
    _glass()


def _person(name: str, table: str, *, empty: bool = False) -> list[sa.schema.SchemaItem]:
    foreign = sa.ForeignKeyConstraint([name], ["people.id"], name=f"fk_{table}_{name}")
    return [sa.Column(name, BigId, nullable=empty), foreign]


def _interests() -> None:
    op.create_table(
        "interests",
        sa.Column("id", BigId, nullable=False),
        *_person("person_id", "interests"),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("value", sa.String(), nullable=False),
        sa.Column("reason", sa.String(), nullable=False),
        sa.Column("declared_at", UtcDateTime(), nullable=False),
        sa.Column("valid_from", UtcDateTime(), nullable=False),
        sa.Column("valid_to", UtcDateTime(), nullable=True),
        sa.CheckConstraint(
            "kind IN ('entity', 'country', 'request')", name=op.f("ck_interests_kind")
        ),
        sa.PrimaryKeyConstraint("id", name="pk_interests"),
    )
    op.create_index("ix_interests_person_id", "interests", ["person_id"])
    op.create_index("ix_interests_kind_value", "interests", ["kind", "value"])


def _delegations() -> None:
    op.create_table(
        "delegations",
        sa.Column("id", BigId, nullable=False),
        *_person("person_id", "delegations"),
        *_person("delegate_id", "delegations"),
        sa.Column("grant_id", BigId, nullable=False),
        sa.Column("acts", Json, nullable=False),
        sa.Column("valid_from", UtcDateTime(), nullable=False),
        sa.Column("valid_to", UtcDateTime(), nullable=False),
        sa.Column("created_at", UtcDateTime(), nullable=False),
        sa.Column("revoked_at", UtcDateTime(), nullable=True),
        sa.CheckConstraint("person_id <> delegate_id", name=op.f("ck_delegations_two_persons")),
        sa.ForeignKeyConstraint(["grant_id"], ["role_grants.id"], name="fk_delegations_grant_id"),
        sa.PrimaryKeyConstraint("id", name="pk_delegations"),
    )
    op.create_index("ix_delegations_person_id", "delegations", ["person_id"])
    op.create_index("ix_delegations_delegate_id", "delegations", ["delegate_id"])


def _glass() -> None:
    op.create_table(
        "glass_breaks",
        sa.Column("id", BigId, nullable=False),
        *_person("person_id", "glass_breaks"),
        sa.Column("request_id", BigId, nullable=False),
        sa.Column("reason", sa.String(), nullable=False),
        sa.Column("ticket", sa.String(), nullable=False),
        sa.Column("opened_at", UtcDateTime(), nullable=False),
        sa.Column("until", UtcDateTime(), nullable=False),
        sa.Column("alarmed_at", UtcDateTime(), nullable=True),
        *_person("reviewed_by", "glass_breaks", empty=True),
        sa.Column("reviewed_at", UtcDateTime(), nullable=True),
        sa.Column("justified", sa.Boolean(), nullable=True),
        sa.Column("note", sa.String(), nullable=False),
        sa.CheckConstraint(
            "reviewed_by IS NULL OR reviewed_by <> person_id",
            name=op.f("ck_glass_breaks_two_persons"),
        ),
        sa.ForeignKeyConstraint(["request_id"], ["requests.id"], name="fk_glass_breaks_request_id"),
        sa.PrimaryKeyConstraint("id", name="pk_glass_breaks"),
    )
    op.create_index("ix_glass_breaks_person_id", "glass_breaks", ["person_id"])
    op.create_index("ix_glass_breaks_request_id", "glass_breaks", ["request_id"])
    op.create_index(
        "ix_glass_breaks_reviewed_at_opened_at", "glass_breaks", ["reviewed_at", "opened_at"]
    )
    op.create_table(
        "glass_readings",
        sa.Column("id", BigId, nullable=False),
        sa.Column("glass_id", BigId, nullable=False),
        sa.Column("at", UtcDateTime(), nullable=False),
        sa.Column("path", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(
            ["glass_id"], ["glass_breaks.id"], name="fk_glass_readings_glass_id"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_glass_readings"),
    )
    op.create_index("ix_glass_readings_glass_id", "glass_readings", ["glass_id"])


def downgrade() -> None:
    """Go back to the revision before."""
    for table in TABLES:
        op.drop_table(table)
    for table, column in COLUMNS:
        op.drop_column(table, column)
