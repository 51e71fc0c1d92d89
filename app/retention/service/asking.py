"""Asking for an erasure: one administrator asks, another confirms, and then it is done."""

from datetime import datetime, timedelta

import sqlalchemy as sa
from sqlalchemy.orm import Session

from app.directory.actor import Actor
from app.engine.packs import Shelf
from app.kit import clock
from app.kit.errors import Conflict, Forbidden
from app.kit.rows import as_house
from app.ledger import service as ledger
from app.requests.tables import AssistanceRequest
from app.retention.schemas import ReasonBody
from app.retention.service import erasing
from app.retention.tables import Erasure

LAPSES = timedelta(days=7)
"""After so long without a second person a wish is no longer one."""


def standing_wish(session: Session, request: AssistanceRequest) -> Erasure | None:
    """Return the wish to erase a request that still waits for its second person, if any."""
    query = sa.select(Erasure).where(
        Erasure.request_id == request.id,
        Erasure.erased_at.is_(None),
        Erasure.asked_at > clock.now() - LAPSES,
    )
    return session.scalars(query.order_by(Erasure.id.desc()).limit(1)).one_or_none()


def waiting(session: Session, actor: Actor, most: int) -> list[tuple[str, datetime]]:
    """Return the references whose erasure others asked for, and when each wish lapses."""
    query = sa.select(AssistanceRequest.reference, Erasure.asked_at).join(Erasure)
    query = query.where(
        Erasure.erased_at.is_(None),
        Erasure.asked_at > clock.now() - LAPSES,
        Erasure.asked_by.not_in(sorted(actor.persons)),
    )
    with as_house(session):
        rows = session.execute(query.order_by(Erasure.asked_at).limit(most)).all()
    return [(reference, asked_at + LAPSES) for reference, asked_at in rows]


def latest(session: Session, request: AssistanceRequest) -> Erasure | None:
    """Return the erasure of a request: done, or waiting; None when there is neither."""
    query = sa.select(Erasure).where(
        Erasure.request_id == request.id,
        sa.or_(Erasure.erased_at.is_not(None), Erasure.asked_at > clock.now() - LAPSES),
    )
    return session.scalars(query.order_by(Erasure.id.desc()).limit(1)).one_or_none()


def ask(
    session: Session, shelf: Shelf, actor: Actor, request: AssistanceRequest, body: ReasonBody
) -> Erasure:
    """Ask for an erasure. Raises Blocked with every reason against it, Conflict if it is asked."""
    erasing.require(session, shelf, request)
    if standing_wish(session, request) is not None:
        raise Conflict("erasure.asked", "It is asked for already and waits for a second person.")
    wish = Erasure(
        request_id=request.id,
        reason=body.reason,
        asked_by=actor.person_id,
        asked_at=clock.now(),
    )
    session.add(wish)
    session.flush()
    told = {"request": request.reference, "erasure": wish.id, "reason": body.reason}
    ledger.append(session, erasing.RETENTION, "erasure_asked", actor, told)
    return wish


def confirm(session: Session, shelf: Shelf, actor: Actor, request: AssistanceRequest) -> Erasure:
    """Confirm the wish of another person: the content is gone for good when this is committed.

    Raises Conflict without a wish, Forbidden for the person who asked, Blocked.
    """
    wish = standing_wish(session, request)
    if wish is None:
        raise Conflict("erasure.not_asked", "Nobody has asked for it in the last seven days.")
    if wish.asked_by in actor.persons:
        raise Forbidden("erasure.same_person", "Another person than the one who asked confirms.")
    erasing.require(session, shelf, request)
    wish.confirmed_by, wish.erased_at = actor.person_id, clock.now()
    erasing.carry_out(session, actor, request, wish)
    return wish
