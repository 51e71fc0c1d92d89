"""The desk may say of a single need that no entity is to answer for it (F2, F15)."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "0023"
down_revision: str | Sequence[str] | None = "0022"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None

# One statement for both databases: no table is written anew, and the check goes with its column.
ADD = sa.text(
    "ALTER TABLE needs ADD COLUMN apart VARCHAR DEFAULT '' NOT NULL"
    " CONSTRAINT ck_needs_apart CHECK (apart IN ('', 'internal', 'outside', 'unserved'))"
)


def upgrade() -> None:
    """Go to this revision."""
    op.execute(ADD)


def downgrade() -> None:
    """Go back to the revision before."""
    op.drop_column("needs", "apart")
