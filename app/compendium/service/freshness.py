"""Freshness: entries whose review date is past, and reminding those who answer for them (N2)."""

from collections import defaultdict
from collections.abc import Iterable
from datetime import date, datetime, timedelta

import sqlalchemy as sa
from sqlalchemy.orm import Session

from app.compendium import entries
from app.compendium.entries import KINDS, moment_of
from app.compendium.schemas import EntryVersion, StaleView
from app.compendium.service.holding import held
from app.compendium.service.naming import answering, reached, reached_of
from app.compendium.tables import CompendiumEntry, ReviewReminder
from app.directory.tables import Person
from app.outbox import letters

AGAIN = timedelta(days=30)
"""After how long somebody is reminded of the same version once more."""


def stale(session: Session, as_of: date, known_at: datetime | None = None) -> list[StaleView]:
    """Return the entries whose review date is past as of a moment, as known at one.

    The longest first, each with its owners and whether somebody reaches them: where nobody does,
    the desk sees to it.
    """
    by, day = reached(session, as_of, known_at), moment_of(as_of).date()
    found = [
        StaleView(
            kind=row.kind,
            code=row.code,
            version=row.version,
            owners=_owners(row),
            review_by=row.review_by,
            days=(day - row.review_by).days,
            unreached=[one for one in _owners(row) if one not in by],
        )
        for row in _past(session, as_of, known_at)
        if row.review_by is not None
    ]
    return sorted(found, key=lambda one: (-one.days, one.kind, one.code))


def _past(session: Session, as_of: date, known_at: datetime | None) -> list[CompendiumEntry]:
    rows, day = held(session, KINDS, as_of, known_at), moment_of(as_of).date()
    return [row for row in rows if row.review_by is not None and row.review_by < day]


def _owners(row: CompendiumEntry) -> list[str]:
    told = EntryVersion.model_validate(row).told()
    kind = next(kind for kind in KINDS if kind == row.kind)
    return sorted(entries.owners_of(entries.read(kind, told)))


def remind(session: Session, now: datetime) -> int:
    """Remind who answers for stale entries, by one letter a person; return how many letters.

    The primary focal point is reminded, or the alternate where that one is suspended; of the same
    version not again within 30 days. Entries that nobody answers for are listed to the desk.
    """
    rows = _past(session, now, now)
    people = _answering(session, now)
    known = {
        (one.entry_id, one.person_id): one
        for one in session.scalars(
            sa.select(ReviewReminder).where(ReviewReminder.entry_id.in_([row.id for row in rows]))
        )
    }
    told: dict[int, Person] = {}
    for row in rows:
        for person in _persons(people, _owners(row)):
            before = known.get((row.id, person.id))
            if before is not None and before.at > now - AGAIN:
                continue
            if before is None:
                session.add(ReviewReminder(entry_id=row.id, person_id=person.id, at=now, times=1))
            else:
                before.at, before.times = now, before.times + 1
            told[person.id] = person
    addressed = [person.email for _, person in sorted(told.items()) if person.email]
    for address in addressed:
        letters.write(session, letters.REVIEW_DUE, address)
    session.flush()
    return len(addressed)


def _persons(people: dict[str, list[Person]], owners: Iterable[str]) -> list[Person]:
    return [person for owner in owners for person in people.get(owner, [])]


def _answering(session: Session, now: datetime) -> dict[str, list[Person]]:
    """Return whom to remind, by entity: those who reach it."""
    named = answering(session, now)
    by = reached_of(named)
    found: dict[str, list[Person]] = defaultdict(list)
    for one in named:
        if by.get(one.entity) == one.part:
            found[one.entity].append(one.person)
    return found
