"""Which revision of the schema this code knows, and which one a database is at.

Read without the library that migrates: a service that only looks whether it is ready loads none of
it, nor the migrations (7 MB).
"""

import re
from functools import cache
from pathlib import Path

import sqlalchemy as sa
from sqlalchemy.engine import Connection

MIGRATIONS = Path(__file__).resolve().parent.parent.parent / "migrations"
KINDS = ("revision", "down_revision")
NAMED = re.compile(r'^(revision|down_revision)\b[^=\n]*= "(\w+)"$', re.MULTILINE)


@cache
def head() -> str | None:
    """Return the newest revision that this code knows: the one on which no other rests."""
    named = [
        one
        for file in (MIGRATIONS / "versions").glob("*.py")
        for one in NAMED.findall(file.read_text("utf-8"))
    ]
    made, passed = ({name for kind, name in named if kind == wanted} for wanted in KINDS)
    return max(made - passed, default=None)


def current(connection: Connection) -> str | None:
    """Return the revision that a database is at; None for an empty one."""
    if not sa.inspect(connection).has_table("alembic_version"):
        return None
    found: str | None = connection.scalar(sa.text("SELECT version_num FROM alembic_version"))
    return found
