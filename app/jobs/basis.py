"""The compendium in time: versions whose moment has come reach open requests; what grows old."""

import logging
from datetime import datetime

from app.compendium import service as compendium
from app.compendium.service import Due
from app.engine.packs import Shelf
from app.kit.db import Database
from app.matching import service as matching

log = logging.getLogger("entente.jobs")


def take_effect(database: Database, shelf: Shelf, now: datetime) -> int:
    """Carry out the effect of every version that is due; return how many requests it touched.

    Each request has its own transaction. A version is done when all of them are: one that fails is
    tried again with the next run, and the others are not touched twice.
    """
    with database.reading() as session:
        due = compendium.due(session, now)
    return sum(_carry_out(database, shelf, one, now) for one in due)


def remind(database: Database, now: datetime) -> int:
    """Remind owners of entries past their review date; return how many letters were written."""
    with database.writing() as session:
        return compendium.remind(session, now)


def _carry_out(database: Database, shelf: Shelf, due: Due, now: datetime) -> int:
    with database.reading() as session:
        shift, ids = matching.shift_of(session, due), matching.waiting(session, due)
    count, failed = 0, 0
    for request_id in ids:
        try:
            with database.writing() as session:
                count += bool(matching.carry_out(session, shelf, shift, request_id))
        except Exception:  # one broken request must not hold up all others; it is tried again
            log.exception("basis.failed request=%s version=%s", request_id, due.number)
            failed += 1
    if not failed:
        with database.writing() as session:
            compendium.effected(session, due.number, now)
    return count
