"""The joint programme as the conductor sees it: facts for its guards, and what its effects do."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from app.delivery.rules import UNENDED, DeliveryFacts
from app.delivery.service.parting import lead as put_under
from app.delivery.tables import Activity, Closing, Component, JointProgramme
from app.engine.packs import Pack
from app.requests.tables import Assignment, AssistanceRequest

NOTHING_SAID: tuple[Any, ...] = (None, "", "", "", "")


def delivery_facts(
    session: Session,
    pack: Pack,  # noqa: ARG001 - the facts of every room are asked for in one way
    ids: Sequence[int],
) -> Mapping[int, DeliveryFacts]:
    """Return the facts of each request by id, in two queries for all; the pack plays no part."""
    statuses: dict[int, list[tuple[int, str]]] = defaultdict(list)
    for owner, number, status in session.execute(
        sa.select(Activity.request_id, Activity.number, Activity.status)
        .where(Activity.request_id.in_(ids))
        .order_by(Activity.request_id, Activity.number)
    ):
        statuses[owner].append((number, status))
    c = Closing
    said: dict[int, tuple[Any, ...]] = {
        row[0]: tuple(row[1:])
        for row in session.execute(
            sa.select(
                c.request_id, c.by, c.impact, c.no_impact_reason, c.lesson, c.no_lesson_reason
            ).where(c.request_id.in_(ids))
        )
    }
    return {
        owner: DeliveryFacts(
            len(statuses[owner]),
            tuple(number for number, status in statuses[owner] if status in UNENDED),
            *said.get(owner, NOTHING_SAID),
        )
        for owner in ids
    }


def open_programme(session: Session, request_id: int, lead: str, at: datetime) -> None:
    """Open the programme on the assigned needs, one component an entity (F53).

    One that stands already is kept with its work, under `lead`, and gains the components that it
    lacks.
    """
    entities = session.scalars(
        sa.select(Assignment.entity).where(Assignment.request_id == request_id).distinct()
    ).all()
    programme = session.scalar(
        sa.select(JointProgramme).where(JointProgramme.request_id == request_id)
    )
    if programme is None:
        programme = _opened(session, request_id, lead, at)
    put_under(session, programme, lead)
    known = sa.select(Component).where(Component.programme_id == programme.id)
    standing = {row.entity: row for row in session.scalars(known)}
    for entity in sorted(entities):
        if entity in standing:
            standing[entity].left_at = None
        else:
            session.add(Component(programme_id=programme.id, entity=entity, title=programme.title))
    session.flush()


def lead_of(session: Session, request_id: int) -> str:
    """Return who leads the programme of a request; empty where there is none, or no lead."""
    found = sa.select(JointProgramme.lead).where(JointProgramme.request_id == request_id)
    return session.scalar(found) or ""


def _opened(session: Session, request_id: int, lead: str, at: datetime) -> JointProgramme:
    r = AssistanceRequest
    title, outcome = session.execute(
        sa.select(r.title, r.framework_outcome).where(r.id == request_id)
    ).one()
    programme = JointProgramme(
        request_id=request_id,
        title=title,
        lead=lead,
        framework_outcome=outcome,
        opened_at=at,
    )
    session.add(programme)
    session.flush()
    return programme


def stop_activities(
    session: Session, request_id: int, form: Mapping[str, Any], at: datetime
) -> None:
    """Stop what is not finished, with the closing note as its reason; done stays done."""
    session.execute(
        sa.update(Activity)
        .where(Activity.request_id == request_id, Activity.status.in_(sorted(UNENDED)))
        .values(
            status="stopped",
            reason=str(form.get("closing_note", "")),
            revision=Activity.revision + 1,
            changed_at=at,
        )
    )


def lesson_of(session: Session, request_id: int) -> str:
    """Return the lesson of the closing statement, empty where none is stated."""
    return session.scalar(sa.select(Closing.lesson).where(Closing.request_id == request_id)) or ""
