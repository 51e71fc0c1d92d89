"""What stands between this service and its work."""

import sqlalchemy as sa
from sqlalchemy.exc import SQLAlchemyError

from app.kit import schema
from app.kit.db import Database


def lacks(database: Database) -> list[str]:
    """Return what is missing: a writable database, and migrations at their head."""
    found: list[str] = []
    try:
        with database.reading() as session:
            if schema.current(session.connection()) != schema.head():
                found.append("migrations: run `entente migrate`")
        with database.writing() as session:
            session.execute(sa.text("UPDATE access_epoch SET number = number WHERE id = 1"))
    except SQLAlchemyError:
        found.append("database: cannot be written")
    return found
