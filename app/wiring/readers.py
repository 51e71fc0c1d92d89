"""Which readers of polls and pages fit the database.

Those of PostgreSQL load its driver (8 MB), which a service on SQLite does not need.
"""

import sqlalchemy as sa

from app.wiring.paging import Pages, SqlitePages
from app.wiring.polling import Reader, SqliteReader


def open_reader(url: str) -> Reader:
    """Return what reads polls of this database; nothing is connected yet."""
    parsed = sa.make_url(url)
    if parsed.get_backend_name() == "sqlite":
        return SqliteReader(parsed.database or "")
    from app.wiring.gathering import PostgresReader, where_of  # noqa: PLC0415 - its driver

    return PostgresReader(where_of(parsed))


def open_pages(url: str) -> Pages:
    """Return what reads pages of this database; nothing is connected yet."""
    parsed = sa.make_url(url)
    if parsed.get_backend_name() == "sqlite":
        return SqlitePages(parsed.database or "")
    from app.wiring.gathering import PostgresPages, where_of  # noqa: PLC0415 - its driver

    return PostgresPages(where_of(parsed))
