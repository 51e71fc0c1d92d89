"""Persons who may be one and the same: four eyes must be two persons, whatever they sign in with.

These are signs for people to look at. None of them decides anything.
"""

import re
import unicodedata
from collections import defaultdict
from collections.abc import Iterable, Iterator
from datetime import timedelta
from itertools import combinations

import sqlalchemy as sa
from sqlalchemy.orm import Session

from app.accounts.schemas import Suspected
from app.accounts.tables import Account, WebSession
from app.directory.tables import Person
from app.kit import clock

LOOKED_BACK = timedelta(days=30)
TOGETHER = 6
"""More persons than this behind one sign say something of an office, not of a person."""

Sign = tuple[str, int]
"""What is alike, by whom."""


def suspected(session: Session) -> list[Suspected]:
    """Return the pairs of persons that share a sign, with all their signs."""
    found: dict[tuple[int, int], set[str]] = defaultdict(set)
    for sign, people in _alike(session):
        for pair in combinations(sorted(people), 2):
            found[pair].add(sign)
    return [
        Suspected(first=first, second=second, signs=sorted(signs))
        for (first, second), signs in sorted(found.items())
    ]


def _alike(session: Session) -> Iterator[tuple[str, set[int]]]:
    people = session.execute(
        sa.select(Person.id, Person.name, Person.email).where(
            Person.program.is_(False), Person.joined_to.is_(None)
        )
    ).all()
    known = {row.id for row in people}
    yield from _groups("same_name", ((_name(row.name), row.id) for row in people))
    mails = [(_mail(row.email), row.id) for row in people if row.email]
    local = sa.select(Account.subject, Account.person_id).where(Account.kind == "local")
    mails += [(_mail(subject), who) for subject, who in session.execute(local)]
    yield from _groups("same_address", ((mail, who) for mail, who in mails if who in known))
    subjects = sa.select(Account.subject, Account.person_id).where(Account.kind == "oidc")
    yield from _groups("same_subject", session.execute(subjects))
    recently = WebSession.created_at > clock.now() - LOOKED_BACK
    places = sa.select(WebSession.place, WebSession.agent, WebSession.person_id).where(
        recently, WebSession.agent != "", WebSession.person_id.in_(known)
    )
    rows = session.execute(places.distinct())
    yield from _groups("same_browser_and_place", ((f"{p} {a}", who) for p, a, who in rows))


def _groups(sign: str, signs: Iterable[Sign]) -> Iterator[tuple[str, set[int]]]:
    people: dict[str, set[int]] = defaultdict(set)
    for what, who in signs:
        people[what].add(who)
    yield from ((sign, group) for group in people.values() if 1 < len(group) <= TOGETHER)


def _name(name: str) -> str:
    """Return a name without case, accents, marks and the order of its parts."""
    plain = unicodedata.normalize("NFKD", name).casefold()
    bare = "".join(sign for sign in plain if not unicodedata.combining(sign))
    return " ".join(sorted(re.findall(r"\w+", bare)))


def _mail(address: str) -> str:
    """Return an address without case and without what follows a plus sign."""
    name, _, host = unicodedata.normalize("NFKC", address).strip().casefold().partition("@")
    return f"{name.partition('+')[0]}@{host}"
