"""What a proposal rests on: the request's needs and the compendium of the day, as frozen inputs."""

from collections.abc import Collection, Sequence
from dataclasses import replace
from datetime import date

import sqlalchemy as sa
from sqlalchemy.orm import Session

from app.compendium import service as compendium
from app.compendium.service import Picture
from app.directory.countries import commissions_of
from app.engine.packs import Pack
from app.kit import clock
from app.matching import rules
from app.matching.optimiser import ArrangementIn, CandidateIn, Inputs, NeedIn
from app.matching.rules import Ground
from app.matching.service.answered import Answered, answered
from app.matching.service.circumstances import known_work, taken
from app.requests.tables import AssessmentRecord, AssistanceRequest, Need, RequestCountry


def gather(
    session: Session,
    pack: Pack,
    request: AssistanceRequest,
    other: Picture | None = None,
    again: Collection[str] = (),
) -> Inputs:
    """Return everything that a proposal for the request would rest on now.

    With `other`, what it would rest on if the compendium were that one. `again` are entities that
    declined and are to be asked once more.
    """
    now = clock.now()
    found = other or compendium.picture(session, now, now)
    countries = _countries(session, request)
    rows = needs_of(session, [request.id])
    said = answered(session, request.id, rows)
    stated = [need_in(pack, row) for row in rows]
    if request.internal:
        stated = [replace(need, apart="internal") for need in stated]
    met = rules.overlaps(stated, known_work(session, pack, request, found), now.date())
    ground = _ground(found, countries, now.date())
    undeliverable = {topic.code for topic in pack.areas.topics if not topic.deliverable}
    needs = rules.set_apart(rules.sided(stated), ground, undeliverable, met)
    able = rules.candidates(needs, ground, met)
    asked = _asked(session, request, found, tuple(_said(one, said, again) for one in able))
    return Inputs(
        as_of=now.date().isoformat(),
        countries=countries,
        needs=needs,
        candidates=asked,
        arrangements=_agreed(found),
        consult=rules.heard(needs, found.mandates),
        interested=rules.interested(needs, found.mandates),
        overlaps=met,
        kept=rules.standing(said.accepted, asked),
        waiting=_waiting(session, pack, request, needs),
        compendium=found.version,
    )


def _agreed(found: Picture) -> tuple[ArrangementIn, ...]:
    return tuple(
        ArrangementIn(one.code, tuple(sorted(one.split.items())), tuple(one.cite))
        for one in found.arrangements
    )


def _countries(session: Session, request: AssistanceRequest) -> tuple[str, ...]:
    query = sa.select(RequestCountry.country).where(RequestCountry.request_id == request.id)
    return tuple(session.scalars(query.order_by(RequestCountry.country)))


def needs_of(session: Session, ids: Sequence[int]) -> list[Need]:
    """Return the needs that stand in these requests, by request and number."""
    query = sa.select(Need).where(Need.request_id.in_(ids), Need.dropped.is_(False))
    return list(session.scalars(query.order_by(Need.request_id, Need.number)))


def need_in(pack: Pack, need: Need) -> NeedIn:
    """Return a need as the optimiser takes it, as the request states it."""
    topics = [t for t in pack.areas.topics if t.code == need.topic]
    if not need.topic:
        topics = [t for t in pack.areas.topics if t.code.startswith(need.area)]
    return NeedIn(
        number=need.number,
        area=need.area,
        topic=need.topic,
        kind=need.kind,
        sensitivities=tuple(sorted(need.sensitivities)),
        apart=need.apart,
        sector=need.sector,
        side=rules.side_of([topic.side for topic in topics]),
    )


def _ground(found: Picture, countries: Sequence[str], day: date) -> Ground:
    """Return the compendium as far as the countries go (F11)."""
    each = [commissions_of(country, day, regional_only=True) for country in countries]
    return Ground(
        mandates=found.mandates,
        leads=found.leads,
        arrangements=found.arrangements,
        assignable={code for code, entity in found.entities.items() if entity.assignable},
        regions=frozenset.intersection(*each) if each else frozenset(),
        together=len(countries) > 1,
    )


def _asked(
    session: Session,
    request: AssistanceRequest,
    found: Picture,
    candidates: Sequence[CandidateIn],
) -> tuple[CandidateIn, ...]:
    """Return candidates with what stands against asking them."""
    busy = taken(session, request.id, found.capacity)
    return tuple(
        replace(
            one,
            reachable=one.entity in found.reachable,
            capacity_left=_left(found.capacity, busy, one.entity),
        )
        for one in candidates
    )


def _said(candidate: CandidateIn, said: Answered, again: Collection[str]) -> CandidateIn:
    """Return a candidate with what it declined before, unless it is to be asked again."""
    if candidate.entity in again:
        return candidate
    return replace(
        candidate,
        declined=candidate.entity in said.declined,
        declined_needs=said.declined_needs.get(candidate.entity, ()),
    )


def _left(capacity: dict[str, int], busy: dict[str, int], entity: str) -> int | None:
    return max(capacity[entity] - busy.get(entity, 0), 0) if entity in capacity else None


def _waiting(
    session: Session, pack: Pack, request: AssistanceRequest, needs: Sequence[NeedIn]
) -> tuple[int, ...]:
    """Return the needs that only a comprehensive assessment opens, where none stands (F32, F38)."""
    kinds = set(
        session.scalars(
            sa.select(AssessmentRecord.kind).where(AssessmentRecord.request_id == request.id)
        )
    )
    if kinds != {"rapid"}:
        return ()
    opened = {kind.code for kind in pack.areas.assistance_kinds if kind.rapid}
    return tuple(need.number for need in needs if need.kind not in opened)
