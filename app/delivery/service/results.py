"""What help achieves: indicators and their measurement, reports, and the closing statement."""

from dataclasses import asdict

import sqlalchemy as sa
from sqlalchemy.orm import Session

from app.delivery import rules
from app.delivery.rules import Statement
from app.delivery.schemas import ClosingBody, IndicatorBody, MeasureBody, ReportBody
from app.delivery.service.activities import permit_in_component, touch
from app.delivery.tables import (
    Activity,
    Closing,
    Component,
    Indicator,
    JointProgramme,
    ProgressReport,
)
from app.directory.actor import Actor
from app.engine.packs import Shelf
from app.kit import clock
from app.kit.errors import Conflict, Forbidden, Invalid, NotFound
from app.requests import access, timeline
from app.requests.tables import AssistanceRequest

MOST_INDICATORS = 50


def add_indicator(
    session: Session,
    shelf: Shelf,
    actor: Actor,
    request: AssistanceRequest,
    added: tuple[Activity, IndicatorBody],
) -> Indicator:
    """Say by what an activity is measured (C50). Raises Conflict once it ended or has too many."""
    row, body = added
    permit_in_component(session, shelf, actor, request, (row, "delivery.write"))
    if row.status not in rules.UNENDED:
        raise Conflict("activity.ended", f"Activity {row.number} is {row.status}.")
    held = sa.select(sa.func.count()).where(Indicator.activity_id == row.id)
    if (session.scalar(held) or 0) >= MOST_INDICATORS:
        raise Conflict("indicator.too_many", f"An activity has at most {MOST_INDICATORS}.")
    indicator = Indicator(activity_id=row.id, **body.model_dump())
    session.add(indicator)
    touch(row)
    session.flush()
    told = {"activity": row.number, "indicator": indicator.id}
    timeline.record(session, actor, request, "indicator_added", told)
    return indicator


def measure(
    session: Session,
    shelf: Shelf,
    actor: Actor,
    request: AssistanceRequest,
    measured: tuple[Activity, int, MeasureBody],
) -> Indicator:
    """Record what an indicator has come to, or take a measurement back.

    Raises NotFound, Conflict, Forbidden; Invalid for a date to come, or a value without a date.
    """
    row, number, body = measured
    state = shelf.get(request.workflow, request.workflow_version).definition.states[request.state]
    act = "delivery.measure" if "delivery.measure" in state.acts else "delivery.write"
    permit_in_component(session, shelf, actor, request, (row, act))
    indicator = session.scalar(
        sa.select(Indicator).where(Indicator.id == number, Indicator.activity_id == row.id)
    )
    if indicator is None:
        raise NotFound("indicator.unknown", "There is no such indicator in this activity.")
    if (body.actual is None) != (body.measured_on is None):
        raise Invalid("indicator.date", "A measurement has a value and a date, or neither.")
    if body.measured_on and body.measured_on > clock.today():
        raise Invalid("indicator.future", "What is still to come cannot have been measured.")
    indicator.actual, indicator.measured_on = body.actual, body.measured_on
    touch(row)
    told = {"activity": row.number, "indicator": indicator.id, "actual": body.actual}
    timeline.record(session, actor, request, "indicator_measured", told)
    return indicator


def report(
    session: Session, shelf: Shelf, actor: Actor, request: AssistanceRequest, body: ReportBody
) -> ProgressReport:
    """Report on an entity's component. Raises Forbidden for another's, Invalid if there is none."""
    access.permit(session, shelf, actor, request, "delivery.report")
    component = session.scalar(
        sa.select(Component.id)
        .join(JointProgramme, JointProgramme.id == Component.programme_id)
        .where(JointProgramme.request_id == request.id, Component.entity == body.entity)
    )
    if component is None:
        raise Invalid("report.entity", f"{body.entity} has no component in this programme.")
    if body.entity not in actor.entities("focal_point"):
        raise Forbidden("component.other_entity", f"You do not answer for {body.entity}.")
    row = ProgressReport(
        request_id=request.id,
        entity=body.entity,
        text=body.text,
        by=actor.person_id,
        at=clock.now(),
    )
    session.add(row)
    timeline.record(session, actor, request, "progress_reported", {"entity": body.entity})
    return row


def close(
    session: Session, shelf: Shelf, actor: Actor, request: AssistanceRequest, body: ClosingBody
) -> Closing:
    """Write the closing statement (F51, F55). Raises Invalid unless each pair has just one part."""
    access.permit(session, shelf, actor, request, "closing.write")
    said = Statement(**body.model_dump())
    reasons = list(rules.against_closing(said))
    if reasons:
        raise Invalid(reasons[0].code, "Of each pair, say exactly one.", reasons)
    row = session.merge(
        Closing(request_id=request.id, by=actor.person_id, at=clock.now(), **asdict(said))
    )
    told = {"impact": bool(said.impact), "lesson": bool(said.lesson)}
    timeline.record(session, actor, request, "closing_written", told)
    return row
