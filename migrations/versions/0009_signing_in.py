"""Signing in: accounts, second factors, sessions, one-time links, tries, and letters to send."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

import app.kit.db

revision: str = "0009"
down_revision: str | Sequence[str] | None = "0008"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    """Go to this revision."""
    op.create_table(
        "attempts",
        sa.Column("bucket", sa.String(), nullable=False),
        sa.Column("tries", sa.Integer(), nullable=False),
        sa.Column("since", app.kit.db.UtcDateTime(timezone=True), nullable=False),
        sa.Column("last_at", app.kit.db.UtcDateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("bucket", name=op.f("pk_attempts")),
    )
    op.create_index("ix_attempts_last_at", "attempts", ["last_at"])

    op.create_table(
        "letters",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("address", sa.String(), nullable=False),
        sa.Column("at", app.kit.db.UtcDateTime(timezone=True), nullable=False),
        sa.Column("due_at", app.kit.db.UtcDateTime(timezone=True), nullable=False),
        sa.Column("sent_at", app.kit.db.UtcDateTime(timezone=True), nullable=True),
        sa.Column("tries", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_letters")),
    )
    op.create_index("ix_letters_sent_at_due_at", "letters", ["sent_at", "due_at"])

    op.create_table(
        "accounts",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column(
            "person_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False
        ),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("issuer", sa.String(), nullable=False),
        sa.Column("subject", sa.String(), nullable=False),
        sa.Column("password", sa.String(), nullable=True),
        sa.Column("created_at", app.kit.db.UtcDateTime(timezone=True), nullable=False),
        sa.Column("used_at", app.kit.db.UtcDateTime(timezone=True), nullable=True),
        sa.Column("disabled_at", app.kit.db.UtcDateTime(timezone=True), nullable=True),
        sa.CheckConstraint("kind IN ('local', 'oidc')", name=op.f("ck_accounts_kind")),
        sa.ForeignKeyConstraint(["person_id"], ["people.id"], name=op.f("fk_accounts_person_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_accounts")),
        sa.UniqueConstraint(
            "kind", "issuer", "subject", name=op.f("uq_accounts_kind_issuer_subject")
        ),
    )
    op.create_index("ix_accounts_person_id", "accounts", ["person_id"])

    op.create_table(
        "one_time_links",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column(
            "person_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False
        ),
        sa.Column("purpose", sa.String(), nullable=False),
        sa.Column("digest", sa.String(), nullable=False),
        sa.Column("created_at", app.kit.db.UtcDateTime(timezone=True), nullable=False),
        sa.Column("expires_at", app.kit.db.UtcDateTime(timezone=True), nullable=False),
        sa.Column("used_at", app.kit.db.UtcDateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["person_id"], ["people.id"], name=op.f("fk_one_time_links_person_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_one_time_links")),
        sa.UniqueConstraint("digest", name=op.f("uq_one_time_links_digest")),
    )
    op.create_index("ix_one_time_links_person_id", "one_time_links", ["person_id"])

    op.create_table(
        "second_factors",
        sa.Column(
            "person_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False
        ),
        sa.Column("key", sa.String(), nullable=False),
        sa.Column("secret", sa.String(), nullable=False),
        sa.Column("created_at", app.kit.db.UtcDateTime(timezone=True), nullable=False),
        sa.Column("confirmed_at", app.kit.db.UtcDateTime(timezone=True), nullable=True),
        sa.Column("last_step", sa.BigInteger(), nullable=True),
        sa.ForeignKeyConstraint(
            ["person_id"], ["people.id"], name=op.f("fk_second_factors_person_id")
        ),
        sa.PrimaryKeyConstraint("person_id", name=op.f("pk_second_factors")),
    )
    op.create_table(
        "web_sessions",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column(
            "person_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False
        ),
        sa.Column(
            "account_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False
        ),
        sa.Column("digest", sa.String(), nullable=False),
        sa.Column("rights", sa.String(), nullable=False),
        sa.Column("pending", sa.Boolean(), nullable=False),
        sa.Column("created_at", app.kit.db.UtcDateTime(timezone=True), nullable=False),
        sa.Column("seen_at", app.kit.db.UtcDateTime(timezone=True), nullable=False),
        sa.Column("expires_at", app.kit.db.UtcDateTime(timezone=True), nullable=False),
        sa.Column("ended_at", app.kit.db.UtcDateTime(timezone=True), nullable=True),
        sa.Column("assured_at", app.kit.db.UtcDateTime(timezone=True), nullable=True),
        sa.Column("agent", sa.String(), nullable=False),
        sa.Column("place", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(
            ["account_id"], ["accounts.id"], name=op.f("fk_web_sessions_account_id")
        ),
        sa.ForeignKeyConstraint(
            ["person_id"], ["people.id"], name=op.f("fk_web_sessions_person_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_web_sessions")),
        sa.UniqueConstraint("digest", name=op.f("uq_web_sessions_digest")),
    )
    op.create_index("ix_web_sessions_person_id", "web_sessions", ["person_id"])

    op.add_column(
        "api_tokens", sa.Column("assured_at", app.kit.db.UtcDateTime(timezone=True), nullable=True)
    )


def downgrade() -> None:
    """Go back to the revision before."""
    op.drop_column("api_tokens", "assured_at")

    op.drop_table("web_sessions")
    op.drop_table("second_factors")

    op.drop_table("one_time_links")

    op.drop_table("accounts")

    op.drop_table("letters")

    op.drop_table("attempts")
