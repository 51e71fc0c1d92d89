"""Reading the delivery: the programme whole, or one activity, in a fixed number of queries."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import asdict
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from app.delivery import rules
from app.delivery.rules import Frame, Measure, Results, Work
from app.delivery.schemas import (
    ActivityView,
    ClosingView,
    ComponentView,
    DeliveryView,
    FindingView,
    IndicatorView,
    ProgrammeView,
    ReportView,
    ResultsView,
)
from app.delivery.tables import (
    Activity,
    ActivityFinding,
    Closing,
    Component,
    Indicator,
    JointProgramme,
    ProgressReport,
)
from app.engine.packs import Pack, Shelf
from app.requests import service as dossier
from app.requests.schemas import ConditionView
from app.requests.service import sealed
from app.requests.tables import Assignment, AssistanceRequest, Finding, Involvement, Need

REVIEWED = "F27"
"""The paragraph by which policies and strategies are kept up to date."""


def view_of(
    session: Session,
    shelf: Shelf,
    request: AssistanceRequest,
    own: frozenset[str] | None = None,
) -> DeliveryView:
    """Return all that there is of the delivery of a request; with `own` what these entities do."""
    programme = session.scalar(
        sa.select(JointProgramme).where(JointProgramme.request_id == request.id)
    )
    closing = session.get(Closing, request.id)
    reports = session.scalars(
        sa.select(ProgressReport)
        .where(ProgressReport.request_id == request.id)
        .order_by(ProgressReport.id)
    )
    activities = _activities(session, Activity.request_id == request.id)
    components = _components(session, request, programme)
    if own is not None:
        activities = [one for one in activities if one.entity in own]
        components = [one for one in components if one.entity in own]
    reached = _results(shelf.get(request.workflow, request.workflow_version), activities)
    return DeliveryView(
        reference=request.reference,
        programme=_programme(session, request, programme),
        components=components,
        activities=activities,
        conditions=[ConditionView.model_validate(c) for c in dossier.conditions(session, request)],
        reports=[
            ReportView.model_validate(row) for row in reports if own is None or row.entity in own
        ],
        closing=ClosingView.model_validate(closing) if closing else None,
        results=ResultsView.model_validate(asdict(reached)),
    )


def _programme(
    session: Session, request: AssistanceRequest, programme: JointProgramme | None
) -> ProgrammeView | None:
    if programme is None:
        return None
    given = sa.select(Assignment.need_id).where(
        Assignment.request_id == request.id, Assignment.part == "lead"
    )
    waits = sa.select(Need.number).where(
        Need.request_id == request.id,
        Need.dropped.is_(False),
        Need.apart == "",
        Need.id.not_in(given),
    )
    return ProgrammeView(
        title=programme.title,
        lead=programme.lead,
        leads=_leads(session, programme),
        framework_outcome=programme.framework_outcome,
        opened_at=programme.opened_at,
        open=list(session.scalars(waits.order_by(Need.number))),
    )


def _leads(session: Session, programme: JointProgramme) -> list[str]:
    """Return who leads and has not left: the lead of all first, then by code."""
    query = (
        sa.select(Component.entity)
        .join(
            Involvement,
            sa.and_(
                Involvement.request_id == programme.request_id,
                Involvement.entity == Component.entity,
            ),
        )
        .where(
            Component.programme_id == programme.id,
            Component.left_at.is_(None),
            Involvement.part == "lead",
        )
    )
    return sorted(session.scalars(query), key=lambda entity: (entity != programme.lead, entity))


def activity_of(session: Session, row: Activity) -> ActivityView:
    """Return one activity with its findings and indicators."""
    session.flush()
    return _activities(session, Activity.id == row.id)[0]


def _components(
    session: Session, request: AssistanceRequest, programme: JointProgramme | None
) -> list[ComponentView]:
    if programme is None:
        return []
    needs: dict[str, list[int]] = defaultdict(list)
    for one in dossier.assignments(session, request):
        if one.need not in needs[one.entity]:
            needs[one.entity].append(one.need)
    rows = session.scalars(
        sa.select(Component)
        .where(Component.programme_id == programme.id)
        .order_by(Component.entity)
    )
    return [
        ComponentView(
            entity=row.entity, title=row.title, needs=needs[row.entity], left_at=row.left_at
        )
        for row in rows
    ]


def _activities(session: Session, wanted: sa.ColumnElement[bool]) -> list[ActivityView]:
    rows = session.execute(
        sa.select(Activity, Component.entity, Need.number)
        .join(Component, Component.id == Activity.component_id)
        .join(Need, Need.id == Activity.need_id)
        .where(wanted)
        .order_by(Activity.number)
    ).all()
    ids = [row.id for row, _, _ in rows]
    findings, indicators = _findings(session, ids), _indicators(session, ids)
    return [
        ActivityView(
            entity=entity,
            need=need,
            findings=findings[row.id],
            indicators=indicators[row.id],
            **{name: getattr(row, name) for name in OWN_FIELDS},
        )
        for row, entity, need in rows
    ]


OWN_FIELDS = (
    *("number", "title", "kind", "status", "reason", "objectives", "targets"),
    *("starts_on", "ends_on", "follow_up_on", "revision"),
)


def _findings(session: Session, ids: Sequence[int]) -> dict[int, list[FindingView]]:
    found: dict[int, list[FindingView]] = defaultdict(list)
    for owner, finding in session.execute(
        sa.select(ActivityFinding.activity_id, Finding)
        .join(Finding, Finding.id == ActivityFinding.finding_id)
        .where(ActivityFinding.activity_id.in_(ids))
        .order_by(Finding.number)
    ):
        found[owner].append(sealed.view_of(session, finding, FindingView))
    return found


def _indicators(session: Session, ids: Sequence[int]) -> dict[int, list[IndicatorView]]:
    found: dict[int, list[IndicatorView]] = defaultdict(list)
    rows = sa.select(Indicator).where(Indicator.activity_id.in_(ids)).order_by(Indicator.id)
    for row in session.scalars(rows):
        way = rules.progress(Measure(row.baseline, row.target, row.actual))
        view = IndicatorView.model_validate(row).model_copy(update={"progress": way})
        found[row.activity_id].append(view)
    return found


def _results(pack: Pack, activities: Sequence[ActivityView]) -> Results:
    areas = pack.areas
    frame = Frame(
        objectives=_codes(areas.objectives),
        stakeholders=_codes(areas.stakeholders),
        kept_up=frozenset(k.code for k in areas.assistance_kinds if REVIEWED in k.cite),
    )
    works = [
        Work(
            number=one.number,
            status=one.status,
            kind=one.kind,
            objectives=tuple(one.objectives),
            targets=tuple(one.targets),
            follow_up_on=one.follow_up_on,
            measures=tuple(Measure(i.baseline, i.target, i.actual) for i in one.indicators),
        )
        for one in activities
    ]
    return rules.results(works, frame)


def _codes(entries: Sequence[Any]) -> tuple[str, ...]:
    return tuple(entry.code for entry in entries)
