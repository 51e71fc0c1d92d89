"""What happens because a date has come: the system's moves for requests whose time is over."""

import logging
from collections.abc import Iterator
from datetime import datetime

from app.engine.packs import Shelf
from app.engine.vocabulary import SYSTEM as SYSTEM_ROLE
from app.kit.db import Database
from app.kit.errors import NotFound
from app.lifecycle import service as lifecycle
from app.requests import nets
from app.requests.service import glass, watch
from app.requests.service.watch import Due
from app.retention.classes import ANSWERS_KEPT

log = logging.getLogger("entente.jobs")
MOST_MOVED = 500
PAGE = 200


def sweep(database: Database, shelf: Shelf, now: datetime, most: int = MOST_MOVED) -> int:
    """Let the system move requests whose deadline is over, longest first; return how many moved.

    Each has its own transaction, so that one that fails leaves the others alone. At most `most` are
    moved; those that no move is open for are passed over and cannot keep the rest from their turn.
    """
    states = automatic_states(shelf)
    moved = 0
    for one in _queue(database, states, now):
        moved += _settle(database, shelf, one, states, now)
        if moved >= most:
            break
    return moved


def automatic_states(shelf: Shelf) -> list[str]:
    """Return the states of all definitions from which the system itself may move a request."""
    return sorted(
        {
            state
            for pack in shelf
            for state in pack.definition.states
            if pack.engine.automatic(state, SYSTEM_ROLE)
        }
    )


def _queue(database: Database, states: list[str], now: datetime) -> Iterator[Due]:
    last: Due | None = None
    while True:
        with database.reading() as session:
            page = watch.due(session, states, now, last, PAGE)
        yield from page
        if len(page) < PAGE:
            return
        last = page[-1]


def _settle(database: Database, shelf: Shelf, one: Due, states: list[str], now: datetime) -> bool:
    try:
        shelf.get(one.workflow, one.version)
    except NotFound:
        log.warning("sweep.no_pack request=%s pack=%s@%s", one.id, one.workflow, one.version)
        return False
    try:
        with database.writing() as session:
            nets.only(session, one.id)
            before = watch.take_due(session, one, states, now)
            if before is None:
                return False
            after = lifecycle.settle(session, shelf, before)
    except Exception:  # one broken request must not stop time for all others; it is tried again
        log.exception("sweep.failed request=%s", one.id)
        return False
    if after.revision == before.revision:
        return False
    log.info("sweep.moved request=%s from=%s to=%s", after.reference, before.state, after.state)
    return True


def forget_answers(database: Database, now: datetime, batch: int = 500) -> int:
    """Delete stored answers older than 48 hours, a batch a transaction; return how many."""
    gone = 0
    while True:
        with database.writing() as session:
            deleted = watch.forget_answers(session, now - ANSWERS_KEPT, batch)
        gone += deleted
        if deleted < batch:
            return gone


def alarm(database: Database, now: datetime) -> int:
    """Tell of broken glass that nobody has reviewed in time; return how many openings."""
    with database.writing() as session:
        return glass.alarm(session, now)
