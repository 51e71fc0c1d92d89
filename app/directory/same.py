"""One person under several numbers: records that were joined, as those see it who read who acts."""

from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session, aliased

from app.directory.tables import Person

OTHER = aliased(Person)


def others_of(person_id: sa.ColumnElement[int] | Any) -> sa.ScalarSelect[str | None]:
    """Return the query within a query for the numbers that were joined to a person's, as text."""
    told = sa.func.aggregate_strings(sa.cast(OTHER.id, sa.String), " ")
    return sa.select(told).where(OTHER.joined_to == person_id).scalar_subquery()


def numbers_of(person_id: sa.ColumnElement[int]) -> sa.Select[int]:
    """Return the query for every number of a person: the present one, and those joined to it."""
    return sa.select(OTHER.id).where(sa.or_(OTHER.id == person_id, OTHER.joined_to == person_id))


def numbers_in(told: str | None) -> frozenset[int]:
    """Return the numbers that `others_of` has told."""
    return frozenset(int(one) for one in told.split()) if told else frozenset()


def one_person(session: Session, first: int | None, second: int | None) -> bool:
    """Whether two numbers are of one person, by the records that were joined."""
    if first is None or second is None:
        return False
    return first == second or len({_root(session, first), _root(session, second)}) == 1


def _root(session: Session, person_id: int) -> int:
    return session.scalar(sa.select(Person.joined_to).where(Person.id == person_id)) or person_id
