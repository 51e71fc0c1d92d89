"""What a token may do, and when it was last used.

A token of before has no scopes written down: it may do all that its owner may, as it always could.
"""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

from app.kit.db import UtcDateTime

revision: str = "0006"
down_revision: str | Sequence[str] | None = "0005"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    """Go to this revision."""
    op.add_column("api_tokens", sa.Column("scopes", sa.String(), nullable=True))
    op.add_column("api_tokens", sa.Column("last_used_at", UtcDateTime(), nullable=True))


def downgrade() -> None:
    """Go back to the revision before."""
    op.drop_column("api_tokens", "last_used_at")
    op.drop_column("api_tokens", "scopes")
