"""What a proposal rests on: the request's needs and the compendium of the day, as frozen inputs."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import date

import sqlalchemy as sa
from sqlalchemy.orm import Session

from app.compendium import service as compendium
from app.compendium.schemas import LeadView, MandateView
from app.compendium.service import Picture
from app.directory.countries import commissions_of
from app.engine.mandates import GIVES_HELP
from app.engine.packs import Pack
from app.kit import clock
from app.kit.rows import as_house
from app.matching.optimiser import (
    ArrangementIn,
    CandidateIn,
    HeardIn,
    HoldIn,
    Inputs,
    InterestedIn,
    LimitIn,
    NeedIn,
)
from app.matching.rules import Scope, limit_of, on_matter, on_topic, side_of
from app.matching.tables import ProposalRow, ResponseRow
from app.requests.tables import AssistanceRequest, Involvement, Need, RequestCountry

INTERESTED = frozenset({"dependent", "monitor", "finance", "external"})
BUSY = ("asked", "accepted")


def gather(
    session: Session, pack: Pack, request: AssistanceRequest, other: Picture | None = None
) -> Inputs:
    """Return everything that a proposal for the request would rest on now.

    With `other`, what it would rest on if the compendium were that one.
    """
    now = clock.now()
    found = other or compendium.picture(session, now, now)
    needs = tuple(need_in(pack, row) for row in needs_of(session, [request.id]))
    countries = tuple(
        session.scalars(
            sa.select(RequestCountry.country)
            .where(RequestCountry.request_id == request.id)
            .order_by(RequestCountry.country)
        )
    )
    return Inputs(
        as_of=now.date().isoformat(),
        countries=countries,
        needs=needs,
        candidates=_candidates(session, request, found, needs, _regions(countries, now.date())),
        arrangements=tuple(
            ArrangementIn(one.code, tuple(sorted(one.split.items())), tuple(one.cite))
            for one in found.arrangements
        ),
        consult=_heard(found, needs),
        interested=_interested(found, needs),
    )


def needs_of(session: Session, ids: Sequence[int]) -> list[Need]:
    """Return the needs that stand in these requests, by request and number."""
    query = sa.select(Need).where(Need.request_id.in_(ids), Need.dropped.is_(False))
    return list(session.scalars(query.order_by(Need.request_id, Need.number)))


def need_in(pack: Pack, need: Need) -> NeedIn:
    """Return a need as the optimiser takes it."""
    topics = [t for t in pack.areas.topics if t.code == need.topic]
    if not need.topic:
        topics = [t for t in pack.areas.topics if t.code.startswith(need.area)]
    return NeedIn(
        number=need.number,
        area=need.area,
        topic=need.topic,
        kind=need.kind,
        sensitivities=tuple(sorted(need.sensitivities)),
        side=side_of([topic.side for topic in topics]),
    )


def _regions(countries: Sequence[str], day: date) -> frozenset[str]:
    """Return the commissions in whose own region every one of the countries lies (F11)."""
    each = [commissions_of(country, day, regional_only=True) for country in countries]
    return frozenset.intersection(*each) if each else frozenset()


def _candidates(
    session: Session,
    request: AssistanceRequest,
    found: Picture,
    needs: Sequence[NeedIn],
    regions: frozenset[str],
) -> tuple[CandidateIn, ...]:
    holds: dict[str, list[HoldIn]] = defaultdict(list)
    limits: dict[str, list[LimitIn]] = defaultdict(list)
    for mandate in _giving(found):
        for need in needs:
            if not on_topic(need, mandate.topics):
                continue
            limit = limit_of(need, _scope(mandate), regions)
            if limit:
                mark = LimitIn(need.number, _label(mandate), limit, tuple(mandate.cite))
                limits[mandate.entity].append(mark)
            else:
                holds[mandate.entity].append(_hold(need, mandate, found.leads))
    declined = decliners(session, request.id)
    taken = _taken(session, request.id, found.capacity)
    return tuple(
        CandidateIn(
            entity=entity,
            holds=tuple(holds[entity]),
            limits=tuple(limits[entity]),
            reachable=entity in found.reachable,
            declined=entity in declined,
            capacity_left=_left(found.capacity, taken, entity),
        )
        for entity in sorted(holds.keys() | limits.keys())
    )


def _giving(found: Picture) -> Iterable[MandateView]:
    """The mandates under which help is given, by entities that may be given work."""
    for mandate in found.mandates:
        if mandate.role in GIVES_HELP and found.entities[mandate.entity].assignable:
            yield mandate


def _scope(mandate: MandateView) -> Scope:
    return Scope(
        tuple(mandate.topics),
        tuple(mandate.kinds),
        tuple(mandate.regions),
        tuple(mandate.sensitivities),
    )


def _label(mandate: MandateView) -> str:
    return f"{mandate.code}@{mandate.version}"


def _hold(need: NeedIn, mandate: MandateView, leads: Sequence[LeadView]) -> HoldIn:
    """A mandate that covers a need; an entity that leads in the subject holds it as a lead."""
    led = [
        lead
        for lead in leads
        if lead.entity == mandate.entity
        and on_topic(need, set(lead.topics) & set(mandate.topics))
        and on_matter(need, lead.sensitivities)
    ]
    rank = "lead" if led or mandate.role == "lead" else mandate.role
    marks = dict.fromkeys([*mandate.cite, *(mark for lead in led for mark in lead.cite)])
    return HoldIn(
        need=need.number,
        mandate=_label(mandate),
        rank="regional" if rank == "regional" else "lead" if rank == "lead" else "provider",
        cite=tuple(marks),
        lead_in=tuple(lead.subject for lead in led),
    )


def decliners(session: Session, request_id: int) -> frozenset[str]:
    """Return the entities that have declined an earlier proposal of the request."""
    query = (
        sa.select(ResponseRow.entity)
        .join(ProposalRow, ProposalRow.id == ResponseRow.proposal_id)
        .where(ProposalRow.request_id == request_id, ResponseRow.accepted.is_(False))
    )
    return frozenset(session.scalars(query))


def _taken(session: Session, request_id: int, capacity: dict[str, int]) -> dict[str, int]:
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


def _left(capacity: dict[str, int], taken: dict[str, int], entity: str) -> int | None:
    return max(capacity[entity] - taken.get(entity, 0), 0) if entity in capacity else None


def _heard(found: Picture, needs: Sequence[NeedIn]) -> tuple[HeardIn, ...]:
    """Return the authorities that watch over a sensitivity which some need carries (F12, F16)."""
    heard = []
    for mandate in found.mandates:
        touched = [n for n in needs if set(n.sensitivities) & set(mandate.sensitivities)]
        if mandate.role == "authority" and touched:
            carried = {one for need in touched for one in need.sensitivities}
            heard.append(
                HeardIn(
                    mandate.entity,
                    _label(mandate),
                    tuple(sorted(carried & set(mandate.sensitivities))),
                    tuple(need.number for need in touched),
                    tuple(mandate.cite),
                )
            )
    return tuple(heard)


def _interested(found: Picture, needs: Sequence[NeedIn]) -> tuple[InterestedIn, ...]:
    """Return those whose programmes touch the needs: they are told of, never assigned (F12)."""
    interested = []
    for mandate in found.mandates:
        touched = [
            need.number
            for need in needs
            if on_topic(need, mandate.topics) and on_matter(need, mandate.sensitivities)
        ]
        if mandate.role in INTERESTED and touched:
            interested.append(
                InterestedIn(
                    mandate.entity,
                    _label(mandate),
                    mandate.role,
                    tuple(touched),
                    tuple(mandate.cite),
                )
            )
    return tuple(interested)
