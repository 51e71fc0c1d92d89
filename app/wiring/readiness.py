"""What stands between this service and its work."""

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.exc import SQLAlchemyError

from app.kit import clock, revisions
from app.kit.db import Database
from app.kit.rows import as_house
from app.requests.service import glass, proof


def alarms(database: Database) -> list[str]:
    """Return what somebody must look at though the service can work: entries without an anchor."""
    late = waiting_entries(database).late(clock.now())
    return ["ledger: entries wait for an anchor; is `entente work` running?"] if late else []


def waiting_entries(database: Database) -> proof.Waiting:
    """Return which entries of the decision log wait for an anchor; none while nobody can tell."""
    try:
        with database.reading() as session, as_house(session):
            return proof.waiting(session)
    except SQLAlchemyError:
        return proof.Waiting(0, None)


def lacks(database: Database) -> list[str]:
    """Return what is missing: a writable database, and migrations at their head."""
    found: list[str] = []
    try:
        with database.reading() as session:
            if revisions.current(session.connection()) != revisions.head():
                found.append("migrations: run `entente migrate`")
        with database.writing() as session:
            session.execute(sa.text("UPDATE access_epoch SET number = number WHERE id = 1"))
    except SQLAlchemyError:
        found.append("database: cannot be written")
    return found


def waiting_reviews(database: Database, now: datetime) -> tuple[int, int]:
    """Return how many openings of broken glass wait for review, and how many of them too long.

    A database that is away has nothing to say here: (0, 0); readiness tells of it.
    """
    try:
        with database.reading() as session:
            return glass.unreviewed(session, now)
    except SQLAlchemyError:
        return 0, 0
