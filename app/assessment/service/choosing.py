"""Which assessment is meant, whether it may be written, and what a change leaves behind."""

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from app.assessment.service.facts import GATE
from app.assessment.tables import Acknowledgement, Assessment
from app.directory.actor import Actor
from app.engine.packs import Shelf
from app.kit.errors import Conflict, NotFound
from app.requests import access, timeline
from app.requests.tables import AssessmentRecord, AssistanceRequest, Finding, NeedFinding

REQUEST = sa.bindparam("request", type_=sa.Integer())
SERVING = sa.select(AssessmentRecord.assessment_id).where(AssessmentRecord.request_id == REQUEST)
LISTED = (
    sa.select(Assessment)
    .where(sa.or_(Assessment.request_id == REQUEST, Assessment.id.in_(SERVING)))
    .order_by(Assessment.id)
)
LONG_AGO = datetime.min.replace(tzinfo=UTC)


def listed(session: Session, request: AssistanceRequest) -> Sequence[Assessment]:
    """Return every assessment of the request or serving it, oldest first, the void ones too."""
    return session.scalars(LISTED, {"request": request.id}).all()


def current(session: Session, request: AssistanceRequest, kind: str | None) -> Assessment | None:
    """Return the assessment of a kind that stands now; without a kind, the gate-opening one.

    One that is under way comes before completed ones, the last completed before earlier ones.
    """
    kinds = (kind,) if kind else GATE
    standing = [
        row for row in listed(session, request) if row.kind in kinds and row.status != "void"
    ]

    def rank(row: Assessment) -> tuple[bool, datetime, int]:
        own = row.request_id == request.id
        return own and row.status != "completed", row.completed_at or LONG_AGO, row.id

    return max(standing, key=rank, default=None)


def chosen(session: Session, request: AssistanceRequest, kind: str | None) -> Assessment:
    """Return the assessment that is meant. Raises NotFound when there is none."""
    row = current(session, request, kind)
    if row is None:
        raise NotFound("assessment.none", "There is no such assessment; plan one first.")
    return row


def act_for(kind: str) -> str:
    """Return the act that writing `kind` takes: governments lead their own (F43b)."""
    return "self_assessment.write" if kind == "self" else "assessment.write"


def to_write(
    session: Session,
    shelf: Shelf,
    actor: Actor,
    request: AssistanceRequest,
    kind: str | None,
) -> Assessment:
    """Return the assessment that is meant, for a change of its content.

    Raises NotFound, Conflict (`assessment.completed`: it is frozen), Forbidden.
    """
    row = chosen(session, request, kind)
    access.permit(session, shelf, actor, request, act_for(row.kind))
    still_open(row, request)
    return row


def still_open(row: Assessment, request: AssistanceRequest) -> None:
    """Refuse one that is completed, or that another request lent. Raises Conflict."""
    if row.status == "completed":
        raise Conflict("assessment.completed", "A completed assessment does not change any more.")
    if row.request_id != request.id:
        raise Conflict("assessment.of_another_request", "It is written in its own request only.")


def changed(
    session: Session,
    actor: Actor,
    request: AssistanceRequest,
    row: Assessment,
    told: tuple[str, Mapping[str, Any]],
) -> None:
    """Record a change of content: what it was, a new revision, and signatures that lapse by it."""
    kind, more = told
    row.status = "running" if row.status == "planned" and kind != PLAN_EDITED else row.status
    row.revision += 1
    timeline.record(session, actor, request, kind, {"assessment": row.kind, **more})
    if row.signed_by is not None:
        unsign(session, row)
        timeline.record(
            session, actor, request, "assessment_signature_lapsed", {"assessment": row.kind}
        )


PLAN_EDITED = "assessment_plan_edited"


def give_up(session: Session, row: Assessment) -> None:
    """Void an assessment; what it found stays on record, but no need rests on it any more (F32)."""
    row.status = "void"
    found = sa.select(Finding.id).where(Finding.assessment_id == row.id)
    session.execute(sa.delete(NeedFinding).where(NeedFinding.finding_id.in_(found)))


def unsign(session: Session, row: Assessment) -> None:
    """Take away signature, countersignature and acknowledgements."""
    row.signed_by = row.signed_at = row.countersigned_by = row.countersigned_at = None
    session.execute(sa.delete(Acknowledgement).where(Acknowledgement.assessment_id == row.id))
