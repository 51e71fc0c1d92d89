"""Webhooks: whom programs ask to be told at, and the messages on their way."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

from app.kit.db import BigId, Json, UtcDateTime

revision: str = "0030"
down_revision: str | Sequence[str] | None = "0029"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None

SEES = "((SELECT string_to_array(current_setting('entente.sees', true), ' ')))::text[]"


def upgrade() -> None:
    """Go to this revision."""
    op.create_table(
        "webhooks",
        sa.Column("id", BigId, nullable=False),
        sa.Column("person_id", BigId, nullable=False),
        sa.Column("made_by", BigId, nullable=True),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("url", sa.String(), nullable=False),
        sa.Column("kinds", Json, nullable=False),
        sa.Column("status", sa.String(), nullable=False),
        sa.Column("key", sa.String(), nullable=False),
        sa.Column("secret", sa.String(), nullable=False),
        sa.Column("former", sa.String(), nullable=True),
        sa.Column("former_until", UtcDateTime(), nullable=True),
        sa.Column("created_at", UtcDateTime(), nullable=False),
        sa.Column("ended_at", UtcDateTime(), nullable=True),
        sa.Column("failures", sa.Integer(), nullable=False),
        sa.Column("failing_since", UtcDateTime(), nullable=True),
        sa.Column("rest_until", UtcDateTime(), nullable=True),
        sa.Column("answered", sa.String(), nullable=True),
        sa.Column("tried_at", UtcDateTime(), nullable=True),
        sa.CheckConstraint(
            "status IN ('active', 'paused', 'disabled', 'ended')", name=op.f("ck_webhooks_status")
        ),
        sa.ForeignKeyConstraint(["person_id"], ["people.id"], name="fk_webhooks_person_id"),
        sa.ForeignKeyConstraint(["made_by"], ["people.id"], name="fk_webhooks_made_by"),
        sa.PrimaryKeyConstraint("id", name="pk_webhooks"),
    )
    op.create_index("ix_webhooks_person_id", "webhooks", ["person_id"])
    op.create_table(
        "webhook_deliveries",
        sa.Column("id", BigId, nullable=False),
        sa.Column("webhook_id", BigId, nullable=False),
        sa.Column("event_id", BigId, nullable=True),
        sa.Column("request_id", BigId, nullable=True),
        sa.Column("message", sa.String(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("status", sa.String(), nullable=False),
        sa.Column("at", UtcDateTime(), nullable=False),
        sa.Column("due_at", UtcDateTime(), nullable=False),
        sa.Column("tries", sa.Integer(), nullable=False),
        sa.Column("first_at", UtcDateTime(), nullable=True),
        sa.Column("tried_at", UtcDateTime(), nullable=True),
        sa.Column("answered", sa.String(), nullable=True),
        sa.Column("lease", sa.String(), nullable=True),
        sa.Column("leased_until", UtcDateTime(), nullable=True),
        sa.CheckConstraint(
            "status IN ('waiting', 'delivered', 'dead', 'withheld')",
            name=op.f("ck_webhook_deliveries_status"),
        ),
        *(
            sa.ForeignKeyConstraint(
                [column], [f"{table}.id"], name=f"fk_webhook_deliveries_{column}"
            )
            for column, table in (
                ("webhook_id", "webhooks"),
                ("event_id", "request_events"),
                ("request_id", "requests"),
            )
        ),
        sa.PrimaryKeyConstraint("id", name="pk_webhook_deliveries"),
        sa.UniqueConstraint("message", name="uq_webhook_deliveries_message"),
        sa.UniqueConstraint(
            "webhook_id", "event_id", name="uq_webhook_deliveries_webhook_id_event_id"
        ),
    )
    for name, columns in (
        ("queue", ["webhook_id", "status", "due_at"]),
        ("order", ["webhook_id", "request_id", "id"]),
        ("at", ["at"]),
        ("event_id", ["event_id"]),
    ):
        op.create_index(f"ix_webhook_deliveries_{name}", "webhook_deliveries", columns)
    if op.get_context().dialect.name == "sqlite":
        return
    # A message is seen with the request that it is about; a test is about none.
    op.execute("ALTER TABLE webhook_deliveries ENABLE ROW LEVEL SECURITY")
    op.execute(
        f"CREATE POLICY entente_sight ON webhook_deliveries USING ('all' = ANY({SEES})"
        f" OR request_id IS NULL OR entente_row_seen(request_id, {SEES}))"
    )


def downgrade() -> None:
    """Go back to the revision before."""
    op.drop_table("webhook_deliveries")
    op.drop_table("webhooks")
