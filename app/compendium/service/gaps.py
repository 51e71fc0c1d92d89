"""Entities that nobody can reach, now or soon, and why."""

from collections.abc import Sequence
from datetime import date

import sqlalchemy as sa
from sqlalchemy.orm import Session

from app.compendium.schemas import FocalPointGap
from app.compendium.service.naming import reached
from app.compendium.service.reading import entities
from app.compendium.succession import ROLE
from app.compendium.tables import FocalPoint
from app.directory.grants import in_force
from app.directory.tables import Person, RoleGrant
from app.kit import clock

F = FocalPoint


def gaps(session: Session, day: date) -> list[FocalPointGap]:
    """Return the entities whose primary focal point cannot be reached, each with why: by code.

    `none`: nobody is named; `suspended`: the named person is; `without_role`: he or she cannot act;
    `ending`: it ends on a day with nobody named after it.
    """
    named: dict[str, list[tuple[FocalPoint, Person]]] = {}
    query = sa.select(F, Person).join(Person, Person.id == F.person_id)
    open_ones = sa.or_(F.valid_to.is_(None), F.valid_to > day)
    primary = query.where(open_ones, F.part == "primary").order_by(F.id)
    for row, person in session.execute(primary):
        named.setdefault(row.entity, []).append((row, person))
    acting = {(row.person_id, row.entity) for row in _acting(session)}
    by = reached(session, day)
    found = []
    for entity in entities(session, day):
        why = _gap(named.get(entity.code, []), acting, day) if entity.assignable else ""
        if why:
            alternate = by.get(entity.code) == "alternate"
            found.append(FocalPointGap(entity=entity.code, reason=why, alternate=alternate))
    return found


def _acting(session: Session) -> Sequence[RoleGrant]:
    held = sa.select(RoleGrant).where(RoleGrant.role == ROLE, in_force(clock.now()))
    return session.scalars(held).all()


def _gap(
    named: list[tuple[FocalPoint, Person]], acting: set[tuple[int, str | None]], day: date
) -> str:
    now = [(row, person) for row, person in named if row.valid_from <= day]
    if not now:
        return "none"
    if all(person.suspended_at for _, person in now):
        return "suspended"
    if not any((row.person_id, row.entity) in acting for row, _ in named):
        return "without_role"
    last = named[-1][0]
    return "ending" if last.valid_to is not None else ""
