"""Planning an assessment: its kind, team, dates, place, hosts and what it leaves out (F32, F41)."""

from collections.abc import Iterator
from typing import Any

from sqlalchemy.orm import Session

from app.assessment.rules import KINDS, PlanningFacts, against_planning
from app.assessment.schemas import EditPlan, PlanBody
from app.assessment.service import choosing
from app.assessment.tables import Assessment
from app.directory.actor import Actor
from app.engine.packs import Shelf
from app.kit import clock
from app.kit.errors import Blocked, Blocker, Invalid
from app.requests import access, timeline
from app.requests.service.facts import record_facts
from app.requests.tables import AssistanceRequest

EMPTY: dict[str, Any] = {"place": "", "team": [], "hosts": [], "waived_areas": {}}
OPEN = ("planned", "running")


def plan(
    session: Session, shelf: Shelf, actor: Actor, request: AssistanceRequest, body: PlanBody
) -> Assessment:
    """Plan an assessment; a reassessment is measured against the last completed one.

    Raises Conflict or Forbidden (`access.permit`), Blocked with every reason against, Invalid.
    """
    access.permit(session, shelf, actor, request, choosing.act_for(body.kind))
    records = record_facts(session, [request.id])[request.id]
    own = [row for row in choosing.listed(session, request) if row.request_id == request.id]
    today = clock.today()
    facts = PlanningFacts(
        stage=request.stage,
        urgency=request.urgency,
        recorded=frozenset(record.kind for record in records),
        valid=frozenset(record.kind for record in records if record.valid_until >= today),
        under_way=frozenset(row.kind for row in own if row.status in OPEN),
    )
    reasons = tuple(against_planning(body.kind, facts))
    if reasons:
        raise Blocked("assessment.not_plannable", "This kind cannot be planned now.", reasons)
    pack = shelf.get(request.workflow, request.workflow_version)
    row = Assessment(
        request_id=request.id,
        status="planned",
        revision=1 + max((row.revision for row in own), default=0),
        questionnaire=pack.definition.uses["questionnaire"],
        created_by=actor.person_id,
        created_at=clock.now(),
        **body.model_dump(mode="python", exclude={"team", "hosts"}),
        team=[member.model_dump() for member in body.team],
        hosts=[host.model_dump() for host in body.hosts],
    )
    if body.kind == "reassessment":
        row.baseline_id = records[-1].assessment_id
    check(row)
    session.add(row)
    timeline.record(session, actor, request, "assessment_planned", {"assessment": row.kind})
    return row


def edit(
    session: Session,
    shelf: Shelf,
    actor: Actor,
    request: AssistanceRequest,
    change: tuple[str | None, EditPlan],
) -> Assessment:
    """Change the plan by merge patch, or give the assessment up. Raises as `to_write`, Invalid."""
    kind, body = change
    row = choosing.to_write(session, shelf, actor, request, kind)
    fields = body.model_dump(exclude_unset=True)
    void = fields.pop("void", None)
    for name, value in fields.items():
        new = EMPTY.get(name) if value is None else value
        setattr(row, name, list(new) if isinstance(new, tuple) else new)
    check(row)
    told = {"fields": sorted(fields)}
    choosing.changed(session, actor, request, row, (choosing.PLAN_EDITED, told))
    if void:
        choosing.give_up(session, row)
        timeline.record(session, actor, request, "assessment_voided", {"assessment": row.kind})
    return row


def check(row: Assessment) -> None:
    """Refuse a plan that contradicts itself or its kind. Raises Invalid with every fault."""
    faults = list(_faults(row))
    if faults:
        raise Invalid(faults[0].code, "The plan cannot stand so; see every reason.", faults)


def _faults(row: Assessment) -> Iterator[Blocker]:
    if row.starts_on and row.ends_on and row.ends_on < row.starts_on:
        yield Blocker("assessment.dates", "F32")
    waivable = next(rule.waivable for kind, rule in KINDS.items() if kind == row.kind)
    if row.waived_areas and not waivable:
        yield Blocker("assessment.not_waivable", "F32", {"kind": row.kind})
    due = row.comprehensive_due
    if row.kind != "rapid":
        if due is not None:
            yield Blocker("assessment.due_of_rapid", "F38")
    elif due is None or due <= clock.today():
        yield Blocker("assessment.comprehensive_date_missing", "F32, F38")
