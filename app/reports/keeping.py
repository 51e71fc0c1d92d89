"""Counts that are made beforehand for those who see all the house, and looked up by readers.

To count a million requests takes seconds. Whoever sees a country's, an entity's or named requests
alone has them counted at once; whoever sees just the whole house gets what the worker counted last.
Where counting is quick nothing is kept, and figures are of the moment.
"""

import time
from collections.abc import Collection, Mapping
from datetime import datetime, timedelta

import sqlalchemy as sa
from sqlalchemy.orm import Session

from app.directory.actor import Actor, Grant
from app.kit.rows import seeing
from app.policy.sight import Sight, sight_of
from app.reports.counting import COUNTED, Counts
from app.reports.tables import KeptCounts

WIDE: Mapping[str, Actor] = {
    "all": Actor(None, "all", (Grant("auditor"),)),
    "filed": Actor(None, "filed", (Grant("desk_officer"),)),
    "screening": Actor(None, "screening", (Grant("screening_officer"),)),
    "program": Actor(None, "program", (Grant("client"),)),
}
"""Who sees all the house in each way, as the counts that are kept know them."""
KEPT_FOR = timedelta(hours=3)
LONGER = sa.text("SET LOCAL statement_timeout = '5min'")
"""Nobody waits for the worker, whose statements may take longer than those of calls."""
QUICK = 0.25
"""Seconds: what is counted faster is counted for each reader."""


def word_of(sight: Sight) -> str | None:
    """Return in which way somebody sees all the house.

    None for who sees a part of it, or by another way more than this one shows.
    """
    if sight.glass is not None:
        return None
    if sight.everything:
        return "all"
    if sight.desk:
        return None if sight.drafts else "filed"
    words = sight.words()
    return words if words in WIDE else None


def counts(session: Session, actor: Actor, report: str, now: datetime) -> tuple[Counts, datetime]:
    """Return what a report counts of what the actor sees, and as of when."""
    word = word_of(sight_of(actor.grants, actor.glass))
    row = session.get(KeptCounts, (word, report)) if word else None
    if row is not None and now - row.at < KEPT_FOR:
        return row.counts, row.at
    return COUNTED[report](session, actor, now), now


def count_anew(session: Session, word: str, report: str, now: datetime) -> KeptCounts:
    """Return a fresh count for who sees all the house in this way, to be kept or not.

    It is counted in that sight, and so takes as long as it would take the reader.
    """
    if session.get_bind().dialect.name == "postgresql":
        session.execute(LONGER)
    begun = time.perf_counter()
    with seeing(session, word):
        found = COUNTED[report](session, WIDE[word], now)
    taken = time.perf_counter() - begun
    return KeptCounts(sight=word, report=report, counts=found, at=now, seconds=round(taken, 3))


def keep(session: Session, found: KeptCounts) -> bool:
    """Keep a count that took long in place of the one before; drop that if it was quick."""
    if found.seconds >= QUICK:
        session.merge(found)
        return True
    own = (KeptCounts.sight == found.sight, KeptCounts.report == found.report)
    session.execute(sa.delete(KeptCounts).where(*own))
    return False


def drop_others(session: Session, reports: Collection[str]) -> None:
    """Drop what is kept of no report that is counted: of those of an earlier release."""
    session.execute(sa.delete(KeptCounts).where(KeptCounts.report.not_in(reports)))
