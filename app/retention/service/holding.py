"""Legal holds: while one stands, nothing of a request is erased."""

from collections.abc import Sequence

import sqlalchemy as sa
from sqlalchemy.orm import Session, aliased

from app.directory.actor import Actor
from app.directory.tables import Person
from app.kit import clock
from app.kit.errors import Conflict, Forbidden, NotFound
from app.ledger import service as ledger
from app.requests import duties, timeline
from app.requests.tables import AssistanceRequest
from app.retention.schemas import HoldView, ReasonBody
from app.retention.service.erasing import RETENTION
from app.retention.tables import LegalHold


def place(
    session: Session, actor: Actor, request: AssistanceRequest, body: ReasonBody
) -> LegalHold:
    """Hold a request: what it says stays until another person lifts this.

    Raises Forbidden for one who has recused himself or herself.
    """
    duties.stand_back(actor, request.reference)
    last = sa.select(sa.func.max(LegalHold.number)).where(LegalHold.request_id == request.id)
    row = LegalHold(
        request_id=request.id,
        number=(session.scalar(last) or 0) + 1,
        reason=body.reason,
        placed_by=actor.person_id,
        placed_at=clock.now(),
    )
    session.add(row)
    _tell(session, actor, request, row, ("hold_placed", body.reason))
    return row


def lift(
    session: Session,
    actor: Actor,
    request: AssistanceRequest,
    number: int,
    body: ReasonBody,
) -> LegalHold:
    """Lift a hold. Raises NotFound, Conflict when it is lifted, Forbidden for who placed it."""
    duties.stand_back(actor, request.reference)
    query = sa.select(LegalHold).where(
        LegalHold.request_id == request.id, LegalHold.number == number
    )
    row = session.scalars(query.with_for_update()).one_or_none()
    if row is None:
        raise NotFound("hold.unknown", "There is no such hold.")
    if row.lifted_at is not None:
        raise Conflict("hold.lifted", "This hold was lifted before.")
    if duties.same(session, actor, request, [row.placed_by]):
        raise Forbidden("hold.same_person", "Another person than the one who placed it lifts it.")
    row.lifted_by, row.lifted_at, row.lift_reason = actor.person_id, clock.now(), body.reason
    _tell(session, actor, request, row, ("hold_lifted", body.reason))
    return row


def _tell(
    session: Session,
    actor: Actor,
    request: AssistanceRequest,
    row: LegalHold,
    what: tuple[str, str],
) -> None:
    kind, reason = what
    timeline.record(session, actor, request, kind, {"hold": row.number})
    told = {"request": request.reference, "hold": row.number, "reason": reason}
    ledger.append(session, RETENTION, kind, actor, told)


def holds(session: Session, request: AssistanceRequest) -> Sequence[HoldView]:
    """Return the holds of a request, those that were lifted too, in their order."""
    placer, lifter = aliased(Person), aliased(Person)
    query = (
        sa.select(LegalHold, placer.name, lifter.name)
        .join(placer, placer.id == LegalHold.placed_by)
        .outerjoin(lifter, lifter.id == LegalHold.lifted_by)
        .where(LegalHold.request_id == request.id)
        .order_by(LegalHold.number)
    )
    return [
        HoldView(
            number=row.number,
            reason=row.reason,
            placed_by=placed,
            placed_at=row.placed_at,
            lifted_by=lifted,
            lifted_at=row.lifted_at,
            lift_reason=row.lift_reason,
        )
        for row, placed, lifted in session.execute(query)
    ]
