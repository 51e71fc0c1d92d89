"""Activities: planned on findings of the assessment, changed, started, suspended and ended."""

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from app.delivery import rules
from app.delivery.rules import Ground, Plan
from app.delivery.schemas import ActivityBody, EditActivity, StatusBody
from app.delivery.tables import Activity, ActivityFinding, Component, JointProgramme
from app.directory.actor import Actor
from app.engine.areas import Areas
from app.engine.packs import Shelf
from app.kit import clock
from app.kit.errors import Blocked, Blocker, Conflict, Forbidden, Invalid, NotFound
from app.requests import access, timeline
from app.requests.service.drafts import next_number
from app.requests.service.facts import record_facts
from app.requests.tables import Assignment, AssistanceRequest, Finding, Need


@dataclass(frozen=True, slots=True)
class Outline:
    """The parts of an activity that are held against the pack, the dossier and the gate."""

    kind: str
    findings: Collection[int]
    objectives: Collection[str]
    targets: Collection[str]
    starts_on: date
    ends_on: date


def add_activity(
    session: Session, shelf: Shelf, actor: Actor, request: AssistanceRequest, body: ActivityBody
) -> Activity:
    """Plan an activity within one entity's component.

    Raises Forbidden for another entity's component, Invalid for what the pack or the dossier does
    not know, Blocked when it rests on no finding, the gate is not open to it (F32, F38, F41), or
    the lead has left and nobody has taken its place.
    """
    roles = access.permit(session, shelf, actor, request, "delivery.write")
    component = _component(session, request, body.entity)
    may_answer_for(actor, roles, body.entity)
    _led(session, request)
    need = _assigned_need(session, request, body)
    outline = Outline(**body.model_dump(include=set(OUTLINED)))
    findings = _check(session, shelf, request, outline)
    row = Activity(
        request_id=request.id,
        component_id=component.id,
        number=next_number(session, Activity, request),
        need_id=need,
        status="planned",
        created_by=actor.person_id,
        changed_at=clock.now(),
        objectives=list(body.objectives),
        targets=list(body.targets),
        **body.model_dump(include={"title", "kind", "starts_on", "ends_on", "follow_up_on"}),
    )
    session.add(row)
    session.flush()
    session.add_all(ActivityFinding(activity_id=row.id, finding_id=one) for one in findings)
    told = {"activity": row.number, "entity": body.entity, "need": body.need, "kind": body.kind}
    told |= {"findings": sorted(set(body.findings))}
    timeline.record(session, actor, request, "activity_planned", told)
    return row


OUTLINED = ("kind", "findings", "objectives", "targets", "starts_on", "ends_on")


def find(session: Session, request: AssistanceRequest, number: int) -> Activity:
    """Return one activity of the request. Raises NotFound."""
    row = session.scalar(
        sa.select(Activity).where(Activity.request_id == request.id, Activity.number == number)
    )
    if row is None:
        raise NotFound("activity.unknown", f"There is no activity {number}.")
    return row


def edit_activity(
    session: Session,
    shelf: Shelf,
    actor: Actor,
    request: AssistanceRequest,
    change: tuple[Activity, EditActivity],
) -> Activity:
    """Change an activity that has not ended; it is held against the same rules as a new one.

    Raises Conflict once it is done or stopped, else as `add_activity`.
    """
    row, body = change
    permit_in_component(session, shelf, actor, request, (row, "delivery.write"))
    if row.status not in rules.UNENDED:
        raise Conflict("activity.ended", f"Activity {row.number} is {row.status}.")
    patch = body.model_dump(exclude_unset=True)
    emptied = sorted(name for name, v in patch.items() if v is None and name != "follow_up_on")
    if emptied:
        raise Invalid("activity.field_needed", f"These cannot be emptied: {', '.join(emptied)}.")
    before = {name: getattr(row, name) for name in OUTLINED if name != "findings"}
    before["findings"] = resting_on(session, row)
    findings = _check(session, shelf, request, Outline(**before | _only(patch, OUTLINED)))
    for name in set(patch) - {"findings"}:
        value = patch[name]
        setattr(row, name, list(value) if isinstance(value, tuple) else value)
    if "findings" in patch:
        session.execute(sa.delete(ActivityFinding).where(ActivityFinding.activity_id == row.id))
        session.add_all(ActivityFinding(activity_id=row.id, finding_id=one) for one in findings)
    touch(row)
    told = {"activity": row.number, "fields": sorted(patch)}
    timeline.record(session, actor, request, "activity_changed", told)
    return row


def change_status(
    session: Session,
    shelf: Shelf,
    actor: Actor,
    request: AssistanceRequest,
    change: tuple[Activity, StatusBody],
) -> Activity:
    """Start, suspend, resume, complete or stop one activity.

    Raises Conflict for a step that its status does not allow, Invalid for a stop without a reason,
    Blocked for one that would begin while the programme lacks a lead.
    """
    row, body = change
    permit_in_component(session, shelf, actor, request, (row, "delivery.write"))
    if not rules.may_become(row.status, body.status):
        raise Conflict(
            "activity.status", f"Activity {row.number} is {row.status}: it cannot be {body.status}."
        )
    if body.status == "stopped" and not body.reason:
        raise Invalid("activity.reason_missing", "Say why the activity is stopped.")
    if (row.status, body.status) == ("planned", "running"):
        _led(session, request)
    told = {"activity": row.number, "from": row.status, "to": body.status, "reason": body.reason}
    row.status, row.reason = body.status, body.reason
    touch(row)
    timeline.record(session, actor, request, "activity_status_changed", told)
    return row


def touch(row: Activity) -> None:
    """Give the activity its next revision."""
    row.revision += 1
    row.changed_at = clock.now()


def permit_in_component(
    session: Session,
    shelf: Shelf,
    actor: Actor,
    request: AssistanceRequest,
    what: tuple[Activity, str],
) -> None:
    """Check that the actor may do an act on an activity. Raises Conflict, Forbidden."""
    row, act = what
    roles = access.permit(session, shelf, actor, request, act)
    entity = session.scalars(
        sa.select(Component.entity).where(Component.id == row.component_id)
    ).one()
    may_answer_for(actor, roles, entity)


def may_answer_for(actor: Actor, roles: Collection[str], entity: str) -> None:
    """Check that the actor acts for the entity, or for the desk. Raises Forbidden."""
    if "desk_officer" not in roles and entity not in actor.entities("focal_point"):
        raise Forbidden("component.other_entity", f"You do not answer for {entity}.")


def _component(session: Session, request: AssistanceRequest, entity: str) -> Component:
    row = session.scalar(
        sa.select(Component)
        .join(JointProgramme, JointProgramme.id == Component.programme_id)
        .where(JointProgramme.request_id == request.id, Component.entity == entity)
    )
    if row is None:
        raise Invalid("activity.entity", f"{entity} has no component in this programme.")
    return row


def _led(session: Session, request: AssistanceRequest) -> None:
    """Check that the programme has a lead. Raises Blocked."""
    lead = sa.select(JointProgramme.lead).where(JointProgramme.request_id == request.id)
    reasons = list(rules.against_beginning(session.scalar(lead) or ""))
    if reasons:
        raise Blocked(reasons[0].code, "Nothing new begins without a lead.", reasons)


def _assigned_need(session: Session, request: AssistanceRequest, body: ActivityBody) -> int:
    need = session.scalar(
        sa.select(Need.id)
        .join(Assignment, Assignment.need_id == Need.id)
        .where(
            Need.request_id == request.id,
            Need.number == body.need,
            Need.dropped.is_(False),
            Assignment.request_id == request.id,
            Assignment.entity == body.entity,
        )
    )
    if need is None:
        raise Invalid("activity.need", f"Need {body.need} is not assigned to {body.entity}.")
    return need


def _check(
    session: Session, shelf: Shelf, request: AssistanceRequest, outline: Outline
) -> Sequence[int]:
    """Return the ids of the findings behind an activity that breaks no rule."""
    areas = shelf.get(request.workflow, request.workflow_version).areas
    f = Finding
    rows = session.execute(
        sa.select(f.number, f.id).where(f.request_id == request.id, f.number.in_(outline.findings))
    )
    known = dict(rows.all())
    faults = [*_code_faults(areas, outline), *_own_faults(outline, known)]
    if faults:
        raise Invalid(faults[0].code, "The activity cannot be taken so; see every reason.", faults)
    rapid = any(kind.code == outline.kind and kind.rapid for kind in areas.assistance_kinds)
    grounds = [
        Ground(record.kind, record.valid_until)
        for record in record_facts(session, [request.id])[request.id]
    ]
    reasons = list(rules.against_activity(Plan(known, rapid), grounds, clock.today()))
    if reasons:
        raise Blocked(reasons[0].code, "This activity cannot be planned so.", reasons)
    return list(known.values())


def _own_faults(outline: Outline, known: Collection[int]) -> Iterator[Blocker]:
    if outline.ends_on < outline.starts_on:
        yield Blocker("activity.dates", "C50")
    for number in sorted(set(outline.findings) - set(known)):
        yield Blocker("activity.finding", "F32", {"finding": number})


def _code_faults(areas: Areas, outline: Outline) -> Iterator[Blocker]:
    lists = {
        "kind": ([outline.kind], areas.assistance_kinds),
        "objective": (outline.objectives, areas.objectives),
        "target": (outline.targets, areas.stakeholders),
    }
    for name, (given, entries) in lists.items():
        for code in sorted(set(given) - {entry.code for entry in entries}):
            yield Blocker(f"activity.{name}_unknown", "", {"code": code})


def resting_on(session: Session, row: Activity) -> tuple[int, ...]:
    """Return the numbers of the findings that an activity rests on."""
    numbers = (
        sa.select(Finding.number)
        .join(ActivityFinding, ActivityFinding.finding_id == Finding.id)
        .where(ActivityFinding.activity_id == row.id)
    )
    return tuple(session.scalars(numbers.order_by(Finding.number)))


def _only(patch: dict[str, Any], names: Collection[str]) -> dict[str, Any]:
    return {name: value for name, value in patch.items() if name in names}
