"""The directory's grants follow the record: who answers for an entity may act for it.

The right to act is the grant. The one of who stops ends and the one of who begins starts at the
moment that the record states, whatever a worker remembers: never none of the two, never both. What
is open belongs to the entity and passes with its deadlines (F53, fc).
"""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session

from app.compendium.entries import FocalPointEntry, dawn
from app.compendium.service.naming import persons
from app.compendium.service.recording import Change
from app.compendium.tables import CompendiumEntry, CompendiumVersion
from app.compendium.terms import Saying, Term, terms
from app.directory.actor import Actor
from app.directory.credentials import advance_epoch
from app.directory.tables import RoleGrant
from app.kit import clock
from app.kit.errors import Forbidden, Invalid
from app.ledger import service as ledger
from app.policy import rights
from app.policy.table import RULES

C, G = CompendiumEntry, RoleGrant
ROLE = "focal_point"


@dataclass(frozen=True, slots=True)
class Place:
    """Who answers for which entity, from now on."""

    entity: str
    person: int
    now: datetime


def named_in(changes: Iterable[Change]) -> list[FocalPointEntry]:
    """Return the focal points that changes name; those that are withdrawn name nobody."""
    return [
        one.entry for one in changes if isinstance(one.entry, FocalPointEntry) and not one.withdrawn
    ]


def check_named(session: Session, actor: Actor, changes: Sequence[Change], at: datetime) -> None:
    """See that those who are named could answer from a moment on.

    Raises Invalid for a program, for who is suspended or unknown, and for a first day after the
    moment, which would leave nobody between; Forbidden for oneself without the role.
    """
    named = named_in(changes)
    known = persons(session, [one.person_id for one in named])
    for one in named:
        person = known.get(one.person_id)
        if person is None or person.program or not person.active:
            raise Invalid("focal_point.person", f"Name a person who is active, for {one.code}.")
        if one.valid_from > at.date():
            raise Invalid(
                "focal_point.moment",
                f"{one.code} would begin after its moment: state the later one as `effective_at`.",
            )
        if person.id in actor.persons and one.entity not in actor.entities(ROLE):
            raise Forbidden("grant.oneself", "Nobody grants a role to himself or herself.")


def follow(
    session: Session, actor: Actor | None, version: CompendiumVersion, changes: Sequence[Change]
) -> None:
    """Let the grants follow a version that was just recorded; `actor` None is the house itself.

    Raises Forbidden where somebody would be given the role by one who may give none.
    """
    entities = {one.entry.entity for one in changes if isinstance(one.entry, FocalPointEntry)}
    for entity in sorted(entities):
        before, after = _terms(session, entity, version)
        for person in sorted(before.keys() | after.keys()):
            was, is_ = before.get(person, []), after.get(person, [])
            if was != is_:
                place = Place(entity, person, version.recorded_at)
                _fit(session, actor, place, (was, is_))
    if entities:
        advance_epoch(session)
        session.flush()


def _terms(
    session: Session, entity: str, version: CompendiumVersion
) -> tuple[dict[int, list[Term]], dict[int, list[Term]]]:
    """Return who answers for an entity from a version on: without that version, and with it."""
    query = sa.select(C).where(C.kind == "focal_point", C.entity == entity).order_by(C.version)
    rows = session.scalars(query).all()
    known = persons(session, [int(row.content["person_id"]) for row in rows])
    told: dict[str, list[tuple[int, Saying]]] = defaultdict(list)
    for row in rows:
        person = known.get(row.content["person_id"])
        ends = dawn(row.valid_to) if row.valid_to else None
        who = None if row.withdrawn or person is None else person.id
        said = Saying(row.effective_at, who, dawn(row.valid_from), ends)
        told[row.code].append((row.number, said))
    now = version.recorded_at
    before, after = (
        terms([[said for number, said in each if number < until] for each in told.values()], now)
        for until in (version.number, version.number + 1)
    )
    return before, after


def _fit(
    session: Session, actor: Actor | None, place: Place, sides: tuple[list[Term], list[Term]]
) -> None:
    """Bring a person's grants for an entity in line with the terms: from those before to the new.

    A grant that runs goes on under the first of the new terms; what was to come is taken back.
    """
    before, after = sides
    now = place.now
    held = sa.select(G).where(
        G.person_id == place.person,
        G.role == ROLE,
        G.entity == place.entity,
        sa.or_(G.ended_at.is_(None), G.ended_at > now),
    )
    rows = session.scalars(held.with_for_update()).all()
    running = [row for row in rows if row.starts_at is None or row.starts_at <= now]
    for row in rows:
        if row not in running:
            row.ended_at = now
    answered = bool(before) and before[0][0] <= now
    goes_on = bool(after) and (after[0][0] <= now or not answered)
    for row in running:
        if goes_on:
            row.ended_at = after[0][1]
        elif answered:
            row.ended_at = now
    left = after[1:] if running and goes_on else after
    if left:
        _may_give(actor, place)
    session.add_all(_granted(actor, place, term) for term in left)
    told = [[clock.stamp(start), clock.stamp(end) if end else None] for start, end in after]
    about = {"entity": place.entity, "person": place.person, "terms": told}
    ledger.append(session, ledger.DIRECTORY, "focal_point_followed", actor, about)


def _granted(actor: Actor | None, place: Place, term: Term) -> RoleGrant:
    return G(
        person_id=place.person,
        role=ROLE,
        entity=place.entity,
        granted_by=actor.person_id if actor else None,
        granted_at=place.now,
        starts_at=term[0],
        ended_at=term[1],
    )


def _may_give(actor: Actor | None, place: Place) -> None:
    """Hold who approves against the row of giving roles. Raises Forbidden."""
    if actor is None:
        return
    if place.person in actor.persons:
        raise Forbidden("grant.oneself", "Nobody grants a role to himself or herself.")
    try:
        rights.entitle(RULES["grant"], actor, clock.now())
    except Forbidden as refusal:
        raise Forbidden(
            "focal_point.without_role",
            f"Person {place.person} would be given the role for {place.entity}: an administrator "
            "approves that, or gives the role first.",
        ) from refusal
