"""Entities that nobody can reach, now or soon, and why."""

from datetime import date, datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session

from app.compendium.entries import moment_of
from app.compendium.schemas import FocalPointGap
from app.compendium.service.following import ROLE
from app.compendium.service.naming import Answering, answering, reached_of
from app.compendium.service.reading import entities
from app.compendium.tables import CompendiumEntry
from app.directory.grants import in_force
from app.directory.tables import RoleGrant
from app.kit import clock

C = CompendiumEntry


def gaps(session: Session, as_of: date, known_at: datetime | None = None) -> list[FocalPointGap]:
    """Return the entities whose primary focal point cannot be reached, each with why: by code.

    As of a moment, as known at one; who is suspended is asked of today's directory.

    `none`: nobody is named; `suspended`: the named person is; `without_role`: he or she cannot act;
    `ending`: it ends on a day with nobody named after it.
    """
    named = answering(session, as_of, known_at)
    primary = {one.entity: one for one in named if one.part == "primary"}
    acting = _acting(session, moment_of(as_of))
    ending = _ending(session, known_at or clock.now())
    by = reached_of(named)
    found = []
    for entity in entities(session, as_of, known_at):
        why = _gap(primary.get(entity.code), acting, ending) if entity.assignable else ""
        if why:
            alternate = by.get(entity.code) == "alternate"
            found.append(FocalPointGap(entity=entity.code, reason=why, alternate=alternate))
    return found


def _acting(session: Session, moment: datetime) -> frozenset[tuple[int, str | None]]:
    held = sa.select(RoleGrant).where(RoleGrant.role == ROLE, in_force(moment))
    return frozenset((row.person_id, row.entity) for row in session.scalars(held))


def _ending(session: Session, known: datetime) -> frozenset[str]:
    """Return the codes of the focal points of which the newest version known says an end."""
    newest = (
        sa.select(sa.func.max(C.id))
        .where(C.kind == "focal_point", C.recorded_at <= known)
        .group_by(C.code)
    )
    ends = sa.or_(C.withdrawn.is_(True), C.valid_to.is_not(None))
    return frozenset(session.scalars(sa.select(C.code).where(C.id.in_(newest), ends)))


def _gap(
    named: Answering | None, acting: frozenset[tuple[int, str | None]], ending: frozenset[str]
) -> str:
    if named is None:
        return "none"
    if not named.person.active:
        return "suspended"
    if (named.person.id, named.entity) not in acting:
        return "without_role"
    return "ending" if named.row.code in ending else ""
