"""An entity leaves a joint programme; and another leads where the lead has left (F41, F53)."""

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session

from app.delivery.rules import UNENDED
from app.delivery.schemas import DepartureBody, DepartureView, LeadBody
from app.delivery.service.activities import may_answer_for
from app.delivery.tables import Activity, Component, JointProgramme
from app.directory.actor import Actor
from app.engine.packs import Shelf
from app.kit import clock
from app.kit.errors import Conflict
from app.kit.rows import hold
from app.requests import access, timeline
from app.requests.tables import Assignment, AssistanceRequest, Involvement, Need


def leave(
    session: Session, shelf: Shelf, actor: Actor, request: AssistanceRequest, body: DepartureBody
) -> DepartureView:
    """Take an entity out of the programme: its needs alone are open, its unfinished work stops.

    Where it led, the programme has no lead until it is replaced. Raises Forbidden for another
    entity, Conflict where the entity is not, or no longer, in the programme.
    """
    roles = access.permit(session, shelf, actor, request, "programme.leave")
    may_answer_for(actor, roles, body.entity)
    programme, component = _at_work(session, request, body.entity)
    hold(session, [request.id])
    now = clock.now()
    left = DepartureView(
        entity=body.entity,
        needs=_open(session, request, body.entity),
        activities=_stop(session, component, body.reason, now),
        lead=programme.lead == body.entity,
    )
    if left.lead:
        programme.lead = ""
    component.left_at = now
    told = left.model_dump() | {"reason": body.reason, "to": request.state}
    number = timeline.record(session, actor, request, "entity_left", told, now)
    involved = session.get_one(Involvement, (request.id, body.entity))
    involved.standing, involved.left_number = "left", number
    session.flush()
    return left


def name_lead(
    session: Session, shelf: Shelf, actor: Actor, request: AssistanceRequest, body: LeadBody
) -> JointProgramme:
    """Name another lead of those at work, where the lead has left.

    Raises Conflict while there is one, or for an entity that is not in the programme.
    """
    access.permit(session, shelf, actor, request, "programme.lead")
    programme, _ = _at_work(session, request, body.entity)
    if programme.lead:
        raise Conflict("programme.led", f"{programme.lead} leads this programme.")
    lead(session, programme, body.entity)
    timeline.record(session, actor, request, "lead_named", body.model_dump())
    return programme


def lead(session: Session, programme: JointProgramme, entity: str) -> None:
    """Put a programme under a lead; who led before, and has not left, supports from now on."""
    if programme.lead not in ("", entity):
        before = session.get_one(Involvement, (programme.request_id, programme.lead))
        before.part = "support"
    programme.lead = entity
    involved = session.get(Involvement, (programme.request_id, entity))
    if involved is not None:
        involved.part = "lead"
    session.flush()


def _at_work(
    session: Session, request: AssistanceRequest, entity: str
) -> tuple[JointProgramme, Component]:
    row = session.execute(
        sa.select(JointProgramme, Component)
        .join(Component, Component.programme_id == JointProgramme.id)
        .where(
            JointProgramme.request_id == request.id,
            Component.entity == entity,
            Component.left_at.is_(None),
        )
    ).one_or_none()
    if row is None:
        raise Conflict("programme.not_in", f"{entity} is not in this programme.")
    return row[0], row[1]


def _open(session: Session, request: AssistanceRequest, entity: str) -> list[int]:
    """Take what an entity was given from it; return the needs that nobody answers for now."""
    a = Assignment
    own = (a.request_id == request.id, a.entity == entity)
    answered = sa.select(Need.number).join(a, a.need_id == Need.id).where(*own, a.part == "lead")
    numbers = list(session.scalars(answered.order_by(Need.number)))
    session.execute(sa.delete(a).where(*own))
    return numbers


def _stop(session: Session, component: Component, reason: str, at: datetime) -> list[int]:
    """Stop the unfinished activities of a component; return their numbers."""
    rows = session.scalars(
        sa.select(Activity)
        .where(Activity.component_id == component.id, Activity.status.in_(sorted(UNENDED)))
        .order_by(Activity.number)
    ).all()
    for row in rows:
        row.status, row.reason, row.changed_at = "stopped", reason, at
        row.revision += 1
    return [row.number for row in rows]
