<%
    body = (upgrades or "") + (downgrades or "")
%>"""${message.rstrip(".")}.

CHECK constraints are neither written nor noticed by autogenerate: write them here by hand.
"""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op
% if "=Text()" in body:
from sqlalchemy import Text
% endif
% if "postgresql." in body:
from sqlalchemy.dialects import postgresql
% endif
% for line in sorted(set((imports or "").splitlines()) - {"from sqlalchemy.dialects import postgresql"}):
${line}
% endfor
% if "app.kit.db." in body:

import app.kit.db
% endif

revision: str = ${repr(up_revision)}
down_revision: str | Sequence[str] | None = ${repr(down_revision)}
branch_labels: str | Sequence[str] | None = ${repr(branch_labels)}
depends_on: str | Sequence[str] | None = ${repr(depends_on)}


def upgrade() -> None:
    """Go to this revision."""
    ${upgrades if upgrades else "pass"}


def downgrade() -> None:
    """Go back to the revision before."""
    ${downgrades if downgrades else "pass"}
