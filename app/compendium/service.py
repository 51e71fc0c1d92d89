"""The compendium: loading it, reading it as of a day, and naming who answers for an entity."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import InstrumentedAttribute, Session

from app.compendium.schemas import EntityView, FocalPointView, MandateSearch
from app.compendium.succession import view_of
from app.compendium.tables import (
    Arrangement,
    Capacity,
    CompendiumVersion,
    Entity,
    FocalPoint,
    LeadRole,
    Mandate,
)
from app.directory.actor import Actor
from app.directory.grants import in_force
from app.directory.tables import Person, RoleGrant
from app.engine import mandates as packed
from app.engine.entries import Part
from app.kit import clock
from app.kit.errors import Conflict, Invalid, NotFound
from app.policy import rights


def load(session: Session, pack_mandates: packed.Mandates, at: datetime) -> int:
    """Bring the entries of a mandates pack into the tables and return how many were new.

    An entry that stands already is left as it is, whatever the pack says of it now: from the first
    loading on the compendium lives in the database (F13). A second run adds nothing.
    """
    added = _add_missing(session, Entity, Entity.code, [_entity(e) for e in pack_mandates.entities])
    mandates = [_mandate(m, pack_mandates.leads, at) for m in pack_mandates.mandates]
    added += _add_missing(session, Mandate, Mandate.code, mandates)
    leads = [{**_plain(lead), "recorded_at": at} for lead in pack_mandates.leads]
    added += _add_missing(session, LeadRole, LeadRole.subject, leads)
    agreed = [{**_plain(one), "recorded_at": at} for one in pack_mandates.arrangements]
    added += _add_missing(session, Arrangement, Arrangement.code, agreed)
    if added:
        last = session.scalar(sa.select(sa.func.max(CompendiumVersion.number))) or 0
        session.add(
            CompendiumVersion(
                number=last + 1, source=pack_mandates.name, entries=added, recorded_at=at
            )
        )
        session.flush()
    return added


def _add_missing(
    session: Session,
    table: type[Any],
    key: InstrumentedAttribute[str],
    rows: Sequence[dict[str, Any]],
) -> int:
    known = set(session.scalars(sa.select(key)))
    new = [row for row in rows if row[key.key] not in known]
    session.add_all(table(**row) for row in new)
    session.flush()
    return len(new)


def _plain(part: Part) -> dict[str, Any]:
    found = part.model_dump()
    return {name: list(v) if isinstance(v, tuple) else v for name, v in found.items()}


def _entity(entity: packed.Entity) -> dict[str, Any]:
    return _plain(entity)


def _mandate(mandate: packed.Mandate, leads: Sequence[packed.Lead], at: datetime) -> dict[str, Any]:
    led = [
        lead.subject
        for lead in leads
        if lead.entity == mandate.entity
        and mandate.role in packed.GIVES_HELP
        and set(lead.topics) & set(mandate.topics)
    ]
    return {**_plain(mandate), "version": 1, "lead_of": sorted(led), "recorded_at": at}


def entities(session: Session, as_of: date) -> list[EntityView]:
    """Return every entity by code, each with whether somebody answers for it on that day."""
    answering = reachable(session, as_of)
    rows = session.scalars(sa.select(Entity).order_by(Entity.code))
    return [_entity_view(row, answering) for row in rows]


def entity(session: Session, code: str, as_of: date) -> EntityView:
    """Return one entity. Raises NotFound."""
    row = session.get(Entity, code)
    if row is None:
        raise NotFound("entity.unknown", f"There is no entity {code}.")
    return _entity_view(row, reachable(session, as_of))


def _entity_view(row: Entity, answering: Collection[str]) -> EntityView:
    fields = {name: getattr(row, name) for name in EntityView.model_fields if name != "reachable"}
    return EntityView(**fields, reachable=row.code in answering)


def mandates(session: Session, asked: MandateSearch) -> list[Mandate]:
    """Return the mandates valid on `as_of`, as they were known at `known_at`, by code.

    Of several versions the newest one recorded by then is what was known; an earlier one that is
    still in its dates does not come back.
    """
    newest = (
        sa.select(Mandate.code, sa.func.max(Mandate.version).label("version"))
        .where(Mandate.recorded_at <= asked.known_at)
        .group_by(Mandate.code)
        .subquery()
    )
    query = (
        sa.select(Mandate)
        .join(newest, (Mandate.code == newest.c.code) & (Mandate.version == newest.c.version))
        .where(Mandate.valid_from <= asked.as_of, _open_on(Mandate.valid_to, asked.as_of))
        .order_by(Mandate.code)
    )
    if asked.entity is not None:
        query = query.where(Mandate.entity == asked.entity)
    rows = session.scalars(query)
    return [row for row in rows if asked.topic is None or asked.topic in row.topics]


def _open_on(valid_to: InstrumentedAttribute[date | None], day: date) -> sa.ColumnElement[bool]:
    return sa.or_(valid_to.is_(None), valid_to > day)


def arrangements(session: Session) -> list[Arrangement]:
    """Return the arrangements between entities, by code."""
    return list(session.scalars(sa.select(Arrangement).order_by(Arrangement.code)))


def versions(session: Session) -> list[CompendiumVersion]:
    """Return the recorded states of the compendium, oldest first."""
    return list(session.scalars(sa.select(CompendiumVersion).order_by(CompendiumVersion.number)))


def focal_points(session: Session, as_of: date) -> list[FocalPointView]:
    """Return who answers for which entity on a day."""
    query = (
        sa.select(FocalPoint, Person.name)
        .join(Person, Person.id == FocalPoint.person_id)
        .where(FocalPoint.valid_from <= as_of, _open_on(FocalPoint.valid_to, as_of))
        .order_by(FocalPoint.entity, FocalPoint.id)
    )
    return [view_of(row, name) for row, name in session.execute(query)]


def reachable(session: Session, day: date) -> frozenset[str]:
    """Return the entities for which a person who is not suspended answers on a day (F53, fc)."""
    query = (
        sa.select(FocalPoint.entity)
        .join(Person, Person.id == FocalPoint.person_id)
        .where(
            FocalPoint.valid_from <= day,
            _open_on(FocalPoint.valid_to, day),
            Person.suspended_at.is_(None),
        )
    )
    return frozenset(session.scalars(query))


def name_focal_point(
    session: Session, actor: Actor | None, entity: str, person_id: int, valid_from: date
) -> FocalPointView:
    """Name the one person who answers for an entity from a day on; the one before ends that day.

    Raises Forbidden unless the actor keeps the compendium (None: the house itself does), NotFound
    for an unknown entity, Invalid for a person who is unknown or could not answer, Conflict when
    one is named from that day or a later one already.
    """
    rights.require_for(actor, "name_focal_point")
    if session.get(Entity, entity, with_for_update=True) is None:  # one is named after another
        raise NotFound("entity.unknown", f"There is no entity {entity}.")
    person = session.get(Person, person_id)
    granted = sa.select(RoleGrant.id).where(
        RoleGrant.person_id == person_id,
        RoleGrant.role == "focal_point",
        RoleGrant.entity == entity,
        in_force(clock.now()),
    )
    if person is None or session.scalar(granted.limit(1)) is None:
        raise Invalid(
            "focal_point.cannot_answer",
            f"Person {person_id} does not hold the role focal_point for {entity}.",
        )
    standing = sa.select(FocalPoint).where(
        FocalPoint.entity == entity, _open_on(FocalPoint.valid_to, valid_from)
    )
    for before in session.scalars(standing.with_for_update()):
        if before.valid_from >= valid_from:
            raise Conflict(
                "focal_point.named", f"One is named from {before.valid_from.isoformat()} already."
            )
        before.valid_to = valid_from
    row = FocalPoint(entity=entity, person_id=person_id, valid_from=valid_from, valid_to=None)
    session.add(row)
    session.flush()
    return view_of(row, person.name)


def end_focal_point(
    session: Session, actor: Actor | None, focal_point: int, valid_to: date
) -> FocalPointView:
    """End a focal point on a day, with nobody named after it.

    Raises Forbidden, NotFound, Conflict when it has ended already, Invalid when it has not begun.
    """
    rights.require_for(actor, "end_focal_point")
    row = session.get(FocalPoint, focal_point, with_for_update=True)
    if row is None:
        raise NotFound("focal_point.unknown", f"There is no focal point {focal_point}.")
    if row.valid_to is not None:
        raise Conflict("focal_point.ended", f"It ended on {row.valid_to.isoformat()} already.")
    if valid_to <= row.valid_from:
        raise Invalid("focal_point.dates", "It cannot end before it has begun.")
    row.valid_to = valid_to
    session.flush()
    name = session.scalars(sa.select(Person.name).where(Person.id == row.person_id)).one()
    return view_of(row, name)


@dataclass(frozen=True, slots=True)
class Picture:
    """The compendium as it stands on a day: what matching works on.

    `reachable` are the entities for which somebody answers; `capacity` holds how many requests an
    entity takes at once, for those that state a limit.
    """

    entities: dict[str, Entity]
    mandates: tuple[Mandate, ...]
    leads: tuple[LeadRole, ...]
    arrangements: tuple[Arrangement, ...]
    reachable: frozenset[str]
    capacity: dict[str, int]


def picture(session: Session, as_of: date, known_at: datetime) -> Picture:
    """Return the compendium on a day, as known at a moment, in a fixed number of queries."""
    limits = session.scalars(sa.select(Capacity))
    return Picture(
        entities={row.code: row for row in session.scalars(sa.select(Entity))},
        mandates=tuple(mandates(session, MandateSearch(as_of, known_at))),
        leads=tuple(session.scalars(sa.select(LeadRole).order_by(LeadRole.subject))),
        arrangements=tuple(arrangements(session)),
        reachable=reachable(session, as_of),
        capacity={limit.entity: limit.requests for limit in limits},
    )
