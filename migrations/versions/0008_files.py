"""Files: where each attachment lies outside the database, and whether it may be given out.

Attachments from before keep their bytes in `attachment_contents` until the worker moves them; going
back leaves those that were moved without bytes.
"""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

from app.kit.db import UtcDateTime

revision: str = "0008"
down_revision: str | Sequence[str] | None = "0007"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None

# As text: SQLite adds a column with its reference in one statement, or rebuilds the table.
COLUMN = (
    "ALTER TABLE attachments ADD COLUMN file_id VARCHAR(40)"
    " CONSTRAINT fk_attachments_file_id REFERENCES stored_files (id)"
)


def upgrade() -> None:
    """Go to this revision."""
    op.create_table(
        "stored_files",
        sa.Column("id", sa.String(40), nullable=False),
        sa.Column("status", sa.String(), nullable=False),
        sa.Column("reason", sa.String(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("size", sa.BigInteger(), nullable=False),
        sa.Column("sha256", sa.String(), nullable=False),
        sa.Column("sent_sha256", sa.String(), nullable=False),
        sa.Column("place", sa.String(), nullable=True),
        sa.Column("wrapped", sa.String(), nullable=True),
        sa.Column("scan", sa.String(), nullable=False),
        sa.Column("upload_key", sa.String(), nullable=True),
        sa.Column("at", UtcDateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "status IN ('quarantined', 'released', 'refused')", name=op.f("ck_stored_files_status")
        ),
        sa.CheckConstraint(
            "status <> 'released' OR reason = ''", name=op.f("ck_stored_files_reason")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_stored_files")),
        sa.UniqueConstraint("place", name=op.f("uq_stored_files_place")),
        sa.UniqueConstraint("upload_key", name=op.f("uq_stored_files_upload_key")),
    )
    op.create_index("ix_stored_files_status_at", "stored_files", ["status", "at"])
    op.execute(COLUMN)
    op.create_index("ix_attachments_file_id", "attachments", ["file_id"], unique=True)


def downgrade() -> None:
    """Go back to the revision before."""
    op.drop_index("ix_attachments_file_id", "attachments")
    op.execute("ALTER TABLE attachments DROP COLUMN file_id")
    op.drop_table("stored_files")
