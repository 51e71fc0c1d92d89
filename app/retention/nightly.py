"""Keeping to the terms, every night: rows past theirs are dropped, requests past theirs erased."""

import logging
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from app.config import Settings
from app.engine.packs import Shelf
from app.kit.db import Database
from app.kit.errors import Refusal
from app.retention import service as retention
from app.retention.classes import TERMS, Term

log = logging.getLogger("entente.jobs")
BATCH = 500
MOST_ERASED = 200
"""Requests erased in one night: each is a transaction of its own."""


@dataclass(frozen=True, slots=True)
class Line:
    """One class of the report: how many are past their term, the oldest, how many a hold keeps."""

    what: str
    count: int
    oldest: datetime | None
    held: int = 0


def kept(settings: Settings) -> tuple[timedelta | None, timedelta | None]:
    """Return how long ended requests and unfiled drafts are kept; None is for ever."""
    years, days = settings.keep_closed_years, settings.keep_draft_days
    closed = timedelta(days=years * 365 + years // 4) if years else None
    return closed, timedelta(days=days) if days else None


def report(database: Database, shelf: Shelf, settings: Settings, now: datetime) -> Iterator[Line]:
    """Yield what a run would end; nothing is changed."""
    with database.reading() as session:
        for term in TERMS:
            yield Line(term.what, *retention.due(session, term, now))
        over = retention.over(session, shelf, now, kept(settings))
    for what, draft in (("requests that have ended", False), ("drafts never filed", True)):
        free = [one for one in over if one.draft is draft and not one.held]
        held = sum(one.draft is draft and one.held for one in over)
        yield Line(what, len(free), free[0].since if free else None, held)


def keep_terms(
    database: Database, shelf: Shelf, settings: Settings, now: datetime, most: int = MOST_ERASED
) -> int:
    """End what is past its term; return how many rows and requests. A hold keeps what it holds."""
    ended = sum(_drop(database, term, now) for term in TERMS)
    with database.reading() as session:
        over = retention.over(session, shelf, now, kept(settings))
    free = [one for one in over if not one.held][:most]
    return ended + sum(_erase(database, shelf, one.reference) for one in free)


def _drop(database: Database, term: Term, now: datetime) -> int:
    gone = 0
    while True:
        with database.writing() as session:
            dropped = retention.drop(session, term, now, BATCH)
        gone += dropped
        if dropped < BATCH:
            return gone


def _erase(database: Database, shelf: Shelf, reference: str) -> bool:
    try:
        with database.writing() as session:
            request = retention.find(session, None, reference, lock=True)
            retention.erase(session, shelf, None, request, "the time for which it is kept is over")
    except Refusal as refusal:
        log.info("retention.kept request=%s why=%s", reference, refusal.code)
        return False
    log.info("retention.erased request=%s", reference)
    return True
