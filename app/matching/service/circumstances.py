"""What surrounds a request: who declined, who is busy, and what work its countries know."""

from datetime import date, timedelta

import sqlalchemy as sa
from sqlalchemy.orm import Session

from app.compendium.service import Picture
from app.engine.packs import Pack
from app.kit.rows import as_house
from app.matching.rules import Work
from app.requests.tables import (
    Assignment,
    AssistanceRequest,
    Involvement,
    Need,
    RequestCountry,
    StandingWork,
)

BUSY = ("asked", "accepted")
SERVED = "keep_lesson"
"""The effect by which help ends well: what a transition with it leads to is finished work."""


def taken(session: Session, request_id: int, capacity: dict[str, int]) -> dict[str, int]:
    """Count the other open requests in which the entities that state a limit are involved."""
    if not capacity:
        return {}
    query = (
        sa.select(Involvement.entity, sa.func.count())
        .join(AssistanceRequest, AssistanceRequest.id == Involvement.request_id)
        .where(
            Involvement.entity.in_(sorted(capacity)),
            Involvement.standing.in_(BUSY),
            Involvement.request_id != request_id,
            AssistanceRequest.stage != "ended",
        )
        .group_by(Involvement.entity)
    )
    with as_house(session):  # how much there is, whoever prepares the proposal
        return dict(session.execute(query).all())


def known_work(
    session: Session, pack: Pack, request: AssistanceRequest, found: Picture
) -> list[Work]:
    """Return the work that runs or has ended in the countries: of the system, and as named (F53).

    Work of other requests is told by entity and topic; which requests they are stays unsaid.
    """
    return [*_of_requests(session, pack, request), *_named(session, request, found)]


def _of_requests(session: Session, pack: Pack, request: AssistanceRequest) -> list[Work]:
    """Return what entities do or did under other requests of a country of this one."""
    r, own = AssistanceRequest, sa.select(RequestCountry.country)
    query = (
        sa.select(Assignment.entity, Need.topic, r.stage, r.state, r.since)
        .join(Need, Need.id == Assignment.need_id)
        .join(r, r.id == Assignment.request_id)
        .join(RequestCountry, RequestCountry.request_id == r.id)
        .where(
            RequestCountry.country.in_(own.where(RequestCountry.request_id == request.id)),
            r.id != request.id,
            Assignment.part == "lead",
            Need.topic != "",
        )
        .distinct()
    )
    served = {t.to for t in pack.definition.transitions if SERVED in t.effects}
    with as_house(session):  # what is done there, whoever prepares the proposal
        rows = session.execute(query.order_by(Assignment.entity, Need.topic)).all()
    latest: dict[tuple[str, str], date | None] = {}
    for entity, topic, stage, state, since in rows:
        if stage == "ended" and state not in served:
            continue
        ended = since.date() if stage == "ended" else None
        before = latest.setdefault((entity, topic), ended)
        latest[entity, topic] = max(before, ended) if before and ended else None
    return [
        Work(f"{entity}:{topic}", entity, (topic,), ended)
        for (entity, topic), ended in latest.items()
    ]


def _named(session: Session, request: AssistanceRequest, found: Picture) -> list[Work]:
    """Return the work of others that the request names; who it is may be a code or a name."""
    codes = {
        word.casefold(): entity.code
        for entity in found.entities.values()
        for word in (entity.code, entity.name, entity.full_name)
    }
    query = sa.select(StandingWork).where(StandingWork.request_id == request.id)
    return [
        Work(
            f"standing:{row.number}",
            codes.get(row.who.strip().casefold(), row.who),
            tuple(row.topics),
            row.until and row.until + timedelta(days=1),
        )
        for row in session.scalars(query.order_by(StandingWork.number))
    ]
