"""Who answers for an entity, by the record: the focal points, and who of them is reached."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session, aliased

from app.compendium.schemas import FocalPointView
from app.compendium.service.holding import held, viewed
from app.compendium.tables import CompendiumEntry
from app.directory.tables import Person

NAMED = aliased(Person)
PERSONS = (
    sa.select(NAMED.id, Person)
    .join(Person, Person.id == sa.func.coalesce(NAMED.joined_to, NAMED.id))
    .where(NAMED.id.in_(sa.bindparam("numbers", expanding=True)))
)


@dataclass(frozen=True, slots=True)
class Answering:
    """A version that names a focal point, with the person as the directory knows him or her now."""

    row: CompendiumEntry
    person: Person

    @property
    def entity(self) -> str:
        """The entity that is answered for."""
        return str(self.row.content["entity"])

    @property
    def part(self) -> str:
        """Primary or alternate."""
        return str(self.row.content["part"])


def answering(session: Session, as_of: date, known_at: datetime | None = None) -> list[Answering]:
    """Return who answers for which entity as of a moment, as known at a moment, by code."""
    return with_persons(session, held(session, ["focal_point"], as_of, known_at))


def with_persons(session: Session, rows: Sequence[CompendiumEntry]) -> list[Answering]:
    """Return focal points with their persons; a joined record is the one that it was joined to."""
    known = persons(session, [int(row.content["person_id"]) for row in rows])
    return [
        Answering(row, known[row.content["person_id"]])
        for row in rows
        if row.content["person_id"] in known
    ]


def persons(session: Session, numbers: Iterable[int]) -> dict[int, Person]:
    """Return people by any number of theirs."""
    return dict(session.execute(PERSONS, {"numbers": sorted(set(numbers))}).all())


def focal_points(
    session: Session, as_of: date, known_at: datetime | None = None
) -> list[FocalPointView]:
    """Return who answers for which entity as of a moment, as known at a moment, by code."""
    return [
        viewed(FocalPointView, one.row, person_id=one.person.id, name=one.person.name)
        for one in answering(session, as_of, known_at)
    ]


def reached(session: Session, as_of: date, known_at: datetime | None = None) -> dict[str, str]:
    """Return, by entity, who is reached: the primary focal point, or else the alternate.

    Whoever is suspended by now is not reached. An entity that is not in the answer is reached by
    nobody (F53, fc).
    """
    return reached_of(answering(session, as_of, known_at))


def reached_of(named: Iterable[Answering]) -> dict[str, str]:
    """Return, by entity, who of the named is reached."""
    active = [one for one in named if one.person.active]
    by_part = sorted(active, key=lambda one: one.part != "alternate")
    return {one.entity: one.part for one in by_part}


def reachable(session: Session, day: date, known_at: datetime | None = None) -> frozenset[str]:
    """Return the entities for which a person who is not suspended answers on a day (F53, fc)."""
    return frozenset(reached(session, day, known_at))
