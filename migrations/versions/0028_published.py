"""What countries said on publication, found along an index for those who ask what is published."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "0028"
down_revision: str | Sequence[str] | None = "0027"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None

SAID = sa.text("subject = 'publication'")


def upgrade() -> None:
    """Go to this revision."""
    op.create_index(
        "ix_consents_publication",
        "consents",
        ["request_id"],
        sqlite_where=SAID,
        postgresql_where=SAID,
    )


def downgrade() -> None:
    """Go back to the revision before."""
    op.drop_index("ix_consents_publication", "consents")
