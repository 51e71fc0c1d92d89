"""Alembic's environment: every app/*/tables module, on the connection that the caller hands over."""

from importlib import import_module
from pathlib import Path

from alembic import context
from sqlalchemy import Connection

import app
from app.config import Settings
from app.kit.db import Base, open_engine

for found in sorted(Path(app.__file__ or "").parent.glob("*/tables*")):
    import_module(f"app.{found.parent.name}.tables")


def known(name: str | None, kind: str, _parents: object) -> bool:
    """Leave out the index of words: the databases keep it in ways that no model can say (0003)."""
    return not (kind == "table" and (name or "").startswith("request_words"))


def run(connection: Connection) -> None:
    """Run the migrations on a connection, within its transaction."""
    context.configure(
        connection=connection,
        target_metadata=Base.metadata,
        render_as_batch=connection.dialect.name == "sqlite",
        compare_type=True,
        include_name=known,
    )
    with context.begin_transaction():
        context.run_migrations()


handed: Connection | None = context.config.attributes.get("connection")
if handed is not None:
    run(handed)
else:
    with open_engine(Settings().database_url).begin() as opened:
        run(opened)
