"""Gathering the evidence: what dossier, packs and compendium say of one request on one day."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from app.compendium import service as compendium
from app.compendium.rules import meets
from app.compendium.schemas import MandateSearch
from app.directory.countries import commissions_of
from app.engine.areas import Areas
from app.engine.mandates import GIVES_HELP
from app.engine.packs import Pack
from app.requests import service as dossier
from app.requests.service import sealed
from app.requests.tables import (
    AssessmentRecord,
    AssistanceRequest,
    Finding,
    Need,
    NeedFinding,
    RequestCountry,
)
from app.screening.rules import Evidence, FindingEvidence, NeedEvidence, RecordEvidence


@dataclass(frozen=True, slots=True)
class Holder:
    """A mandate under which help is given, in force on the day."""

    entity: str
    topics: frozenset[str]
    kinds: frozenset[str]
    regions: frozenset[str]
    sensitivities: frozenset[str]

    def fits(self, need: Need, regions: frozenset[str]) -> bool:
        """Whether the need lies within the mandate's limits; an empty limit is none."""
        return (
            (not self.kinds or not need.kind or need.kind in self.kinds)
            and (not self.regions or bool(self.regions & regions))
            and (not self.sensitivities or bool(self.sensitivities & set(need.sensitivities)))
        )


def gather(session: Session, pack: Pack, request_id: int, at: datetime) -> Evidence:
    """Return everything that rules may look at, as it stands at the moment."""
    request = session.get_one(AssistanceRequest, request_id)
    needs = session.scalars(
        sa.select(Need)
        .where(Need.request_id == request_id, Need.dropped.is_(False))
        .order_by(Need.number)
    ).all()
    countries = _countries(session, request_id)
    links = _links(session, request_id)
    words = dossier.consent_facts(session, [request_id])[request_id]
    return Evidence(
        day=at.date(),
        phases=tuple(phase.code for phase in pack.areas.phases),
        groups=_groups(pack.areas),
        rapid_kinds=frozenset(kind.code for kind in pack.areas.assistance_kinds if kind.rapid),
        elements_known=tuple(element.code for element in pack.areas.elements),
        needs=_needs(pack, needs, links, _Ground(_holders(session, at), countries, at.date())),
        findings=_findings(session, request_id, needs, links),
        records=_records(session, request_id),
        elements=dossier.element_verdicts(session, [request_id])[request_id],
        cyber_labelled=request.cyber_labelled,
        countries=countries,
        sharing={word.country: word.given for word in words if word.subject == "sharing"},
        publication={word.country: word.given for word in words if word.subject == "publication"},
        sensitivities=frozenset(code for need in needs for code in need.sensitivities),
        cross_border=request.cross_border,
    )


def _countries(session: Session, request_id: int) -> tuple[str, ...]:
    query = sa.select(RequestCountry.country).where(RequestCountry.request_id == request_id)
    return tuple(session.scalars(query.order_by(RequestCountry.country)))


def _links(session: Session, request_id: int) -> list[tuple[int, int]]:
    """Return the pairs (need id, finding number) of a request."""
    query = (
        sa.select(NeedFinding.need_id, Finding.number)
        .join(Finding, Finding.id == NeedFinding.finding_id)
        .where(Finding.request_id == request_id)
        .order_by(Finding.number)
    )
    return [(need, number) for need, number in session.execute(query)]


def _groups(areas: Areas) -> dict[str, tuple[str, ...]]:
    sides: dict[str, list[str]] = defaultdict(list)
    for stakeholder in areas.stakeholders:
        sides[stakeholder.group].append(stakeholder.code)
    return {side: tuple(codes) for side, codes in sides.items()}


def _holders(session: Session, at: datetime) -> list[Holder]:
    """Return the mandates under which assignable entities give help on the day of the moment."""
    known = compendium.entities(session, at, at)
    assignable = {one.code for one in known if one.assignable}
    return [
        Holder(
            row.entity,
            frozenset(row.topics),
            frozenset(row.kinds),
            frozenset(row.regions),
            frozenset(row.sensitivities),
        )
        for row in compendium.mandates(session, MandateSearch(at, at))
        if row.entity in assignable and row.role in GIVES_HELP
    ]


@dataclass(frozen=True, slots=True)
class _Ground:
    """What needs are held against: mandates in force and the countries that ask."""

    holders: Sequence[Holder]
    countries: tuple[str, ...]
    day: date

    @property
    def regions(self) -> frozenset[str]:
        """The commissions in whose own region every one of the countries lies (F11)."""
        each = [commissions_of(country, self.day) for country in self.countries]
        return frozenset.intersection(*each) if each else frozenset()


def _needs(
    pack: Pack, needs: Sequence[Need], links: Sequence[tuple[int, int]], ground: _Ground
) -> tuple[NeedEvidence, ...]:
    behind: Mapping[int, list[int]] = defaultdict(list)
    for need_id, number in links:
        behind[need_id].append(number)
    regions = ground.regions
    return tuple(
        _need(pack.areas, need, tuple(behind[need.id]), (ground.holders, regions)) for need in needs
    )


def _need(
    areas: Areas,
    need: Need,
    findings: tuple[int, ...],
    held: tuple[Sequence[Holder], frozenset[str]],
) -> NeedEvidence:
    holders, regions = held
    topic = areas.topic_by_code.get(need.topic)
    found = [holder for holder in holders if meets(need.area, need.topic, holder.topics)]
    return NeedEvidence(
        number=need.number,
        area=need.area,
        topic=need.topic,
        kind=need.kind,
        side=topic.side if topic else "",
        phases=frozenset(topic.phases if topic else ()),
        headings=frozenset(topic.headings if topic else ()),
        findings=findings,
        holders=frozenset(holder.entity for holder in found),
        able=frozenset(holder.entity for holder in found if holder.fits(need, regions)),
    )


def _findings(
    session: Session,
    request_id: int,
    needs: Sequence[Need],
    links: Sequence[tuple[int, int]],
) -> tuple[FindingEvidence, ...]:
    numbers = {need.id: need.number for need in needs}
    rests: Mapping[int, list[int]] = defaultdict(list)
    for need_id, finding in links:
        if need_id in numbers:
            rests[finding].append(numbers[need_id])
    query = sa.select(Finding).where(Finding.request_id == request_id).order_by(Finding.number)
    return tuple(
        FindingEvidence(
            row.number,
            row.topic,
            sealed.texts(session, row)["risk_factor"],
            tuple(sorted(rests[row.number])),
        )
        for row in session.scalars(query)
    )


def _records(session: Session, request_id: int) -> tuple[RecordEvidence, ...]:
    query = (
        sa.select(AssessmentRecord)
        .where(AssessmentRecord.request_id == request_id)
        .order_by(AssessmentRecord.completed_at)
    )
    rows = session.scalars(query).all()
    return tuple(_record(row, sealed.summary_of(session, row)) for row in rows)


def _record(row: AssessmentRecord, summary: Mapping[str, Any]) -> RecordEvidence:
    dated = summary.get("risk_dated")
    return RecordEvidence(
        assessment_id=row.assessment_id,
        kind=row.kind,
        completed_on=row.completed_at.date(),
        valid_until=row.valid_until,
        groups=frozenset(summary.get("groups", ())),
        risk_dated=date.fromisoformat(dated) if dated else None,
        risk_factors=tuple(summary.get("risk_factors", ())),
    )
