"""Records of one person that are joined, and the account that a reset of a password is for."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

import app.kit.db

revision: str = "0015"
down_revision: str | Sequence[str] | None = "0014"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None

ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
MOMENT = app.kit.db.UtcDateTime(timezone=True)
PEOPLE = ("kept_id", "joined_id", "asked_by", "confirmed_by")


def upgrade() -> None:
    """Go to this revision."""
    op.add_column("people", sa.Column("joined_to", ID, nullable=True))
    op.create_index(op.f("ix_people_joined_to"), "people", ["joined_to"])
    op.add_column("one_time_links", sa.Column("account_id", ID, nullable=True))
    op.create_table(
        "person_joins",
        sa.Column("id", ID, nullable=False),
        sa.Column("kept_id", ID, nullable=False),
        sa.Column("joined_id", ID, nullable=False),
        sa.Column("reason", sa.String(), nullable=False),
        sa.Column("asked_by", ID, nullable=False),
        sa.Column("asked_at", MOMENT, nullable=False),
        sa.Column("confirmed_by", ID, nullable=True),
        sa.Column("joined_at", MOMENT, nullable=True),
        sa.Column("requests", sa.Integer(), nullable=True),
        sa.CheckConstraint("kept_id <> joined_id", name=op.f("ck_person_joins_two_records")),
        sa.CheckConstraint(
            "confirmed_by IS NULL OR confirmed_by <> asked_by",
            name=op.f("ck_person_joins_two_persons"),
        ),
        *(
            sa.ForeignKeyConstraint([name], ["people.id"], name=op.f(f"fk_person_joins_{name}"))
            for name in PEOPLE
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_person_joins")),
    )
    op.create_index(op.f("ix_person_joins_kept_id"), "person_joins", ["kept_id"])


def downgrade() -> None:
    """Go back: records that were joined stay suspended, and are two again."""
    op.drop_table("person_joins")
    op.drop_column("one_time_links", "account_id")
    op.drop_index(op.f("ix_people_joined_to"), "people")
    op.drop_column("people", "joined_to")
