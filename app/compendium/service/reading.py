"""Reading the compendium as of a moment, as it was known at a moment."""

from collections.abc import Sequence
from datetime import date, datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session

from app.compendium.entries import Kind
from app.compendium.rules import leads_in
from app.compendium.schemas import (
    ArrangementView,
    CapacityView,
    EntityView,
    EntryVersion,
    LeadView,
    MandateSearch,
    MandateView,
    VersionView,
)
from app.compendium.service.holding import held, of_kind, viewed
from app.compendium.service.naming import reached
from app.compendium.tables import CompendiumEntry, CompendiumVersion
from app.kit import clock
from app.kit.errors import Invalid, NotFound

C = CompendiumEntry


def entities(session: Session, as_of: date, known_at: datetime | None = None) -> list[EntityView]:
    """Return the entities by code, each with whether somebody answers for it on that day."""
    answering = reached(session, as_of, known_at)
    rows = held(session, ["entity"], as_of, known_at)
    return [entity_of(row, answering) for row in rows]


def entity(
    session: Session, code: str, as_of: date, known_at: datetime | None = None
) -> EntityView:
    """Return one entity. Raises NotFound."""
    for found in entities(session, as_of, known_at):
        if found.code == code:
            return found
    raise NotFound("entity.unknown", f"There is no entity {code}.")


def entity_of(row: CompendiumEntry, answering: dict[str, str]) -> EntityView:
    """Return an entity as it is shown, with who reaches it."""
    by = answering.get(row.code, "nobody")
    return viewed(EntityView, row, reachable=by != "nobody", reached_by=by)


def mandates(session: Session, asked: MandateSearch) -> list[MandateView]:
    """Return the mandates that hold as of a moment, as they were known at a moment, by code."""
    rows = held(session, ["mandate", "lead"], asked.as_of, asked.known_at)
    found = mandates_of(rows)
    return [
        one
        for one in found
        if asked.entity in (None, one.entity) and (asked.topic is None or asked.topic in one.topics)
    ]


def mandates_of(rows: Sequence[CompendiumEntry]) -> list[MandateView]:
    """Return the mandates among rows, each with the subjects in which its entity leads on them."""
    led = [(row.content["subject"], row.content) for row in of_kind(rows, "lead")]
    return [
        viewed(MandateView, row, lead_of=leads_in(row.content, led))
        for row in of_kind(rows, "mandate")
    ]


def leads(session: Session, as_of: date, known_at: datetime | None = None) -> list[LeadView]:
    """Return who leads in which subject, by subject (F8, F9)."""
    return [viewed(LeadView, row) for row in held(session, ["lead"], as_of, known_at)]


def arrangements(
    session: Session, as_of: date, known_at: datetime | None = None
) -> list[ArrangementView]:
    """Return the arrangements between entities, by code."""
    rows = held(session, ["arrangement"], as_of, known_at)
    return [viewed(ArrangementView, row) for row in rows]


def capacities(
    session: Session, as_of: date, known_at: datetime | None = None
) -> list[CapacityView]:
    """Return how much entities can take on, by code (C53, C54)."""
    return [viewed(CapacityView, row) for row in held(session, ["capacity"], as_of, known_at)]


def versions(session: Session, known_at: datetime | None = None) -> list[VersionView]:
    """Return the numbered versions of the compendium, oldest first."""
    known = CompendiumVersion.recorded_at <= (known_at or clock.now())
    query = sa.select(CompendiumVersion).where(known).order_by(CompendiumVersion.number)
    return [VersionView.model_validate(row) for row in session.scalars(query)]


def version(session: Session, number: int) -> VersionView:
    """Return one numbered version. Raises NotFound."""
    row = session.get(CompendiumVersion, number)
    if row is None:
        raise NotFound("compendium.version_unknown", f"There is no version {number}.")
    return VersionView.model_validate(row)


def known(session: Session, known_at: datetime | None, number: int | None) -> datetime:
    """Return the moment of knowledge that is asked for: a moment, that of a version, or now.

    Raises NotFound for an unknown version, Invalid when both are named.
    """
    if number is None:
        return known_at or clock.now()
    if known_at is not None:
        raise Invalid("reading.both", "Name a version or a moment of knowledge, not both.")
    return version(session, number).recorded_at


def history(
    session: Session, code: str, kind: Kind | None = None, known_at: datetime | None = None
) -> list[EntryVersion]:
    """Return every version of an entry that was known at a moment, oldest first.

    Without a kind, those of all entries with the code. Raises NotFound when nothing was known.
    """
    query = sa.select(C).where(C.code == code, C.recorded_at <= (known_at or clock.now()))
    if kind is not None:
        query = query.where(C.kind == kind)
    rows = session.scalars(query.order_by(C.id))
    found = [EntryVersion.model_validate(row) for row in rows]
    if not found:
        raise NotFound("entry.unknown", f"There is no {kind or 'entry'} {code}.")
    return found
