"""An entity may accept a part of what it is asked, and what it accepted is kept (F41)."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

from app.kit.db import Json

revision: str = "0022"
down_revision: str | Sequence[str] | None = "0021"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    """Go to this revision."""
    op.add_column(
        "responses", sa.Column("declined_needs", Json, server_default="[]", nullable=False)
    )
    op.add_column(
        "responses", sa.Column("kept", sa.Boolean(), server_default=sa.false(), nullable=False)
    )


def downgrade() -> None:
    """Go back to the revision before."""
    op.drop_column("responses", "kept")
    op.drop_column("responses", "declined_needs")
