"""Matching anew what an entity left behind, while the programme of the others goes on (F53)."""

from collections.abc import Collection
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session

from app.kit.errors import Conflict
from app.matching.optimiser import Inputs
from app.matching.rules import Held, going_on
from app.matching.service.proposals import (
    all_kept,
    content_of,
    keep_answers,
    latest,
    leaving,
    stand,
)
from app.matching.tables import ProposalRow, ResponseRow
from app.requests.access import AT_WORK
from app.requests.tables import Assignment, Involvement, Need

P = ProposalRow


def running(session: Session, request_id: int) -> bool:
    """Whether the needs of a request were given to entities: a programme runs."""
    given = sa.select(P.id).where(P.request_id == request_id, P.assigned_at.is_not(None))
    return session.scalar(given.limit(1)) is not None


def held(session: Session, request_id: int) -> list[Held]:
    """Return, need by need, who answers for it in the programme that runs."""
    rows = session.execute(
        sa.select(Need.number, Assignment)
        .join(Need, Need.id == Assignment.need_id)
        .where(Assignment.request_id == request_id, Assignment.part == "lead")
        .order_by(Need.number)
    )
    return [Held(n, a.entity, a.mandate, tuple(a.cite.split(", "))) for n, a in rows]


def reopened(session: Session, request_id: int, inputs: Inputs) -> Inputs:
    """Return inputs for the open needs alone, where a programme runs; else as they are."""
    return going_on(inputs, held(session, request_id))


def with_open_needs(session: Session) -> frozenset[int]:
    """Return the requests in whose programme a need waits for somebody, and nobody is asked yet."""
    answered = sa.exists().where(Assignment.need_id == Need.id, Assignment.part == "lead")
    given = sa.exists().where(P.request_id == Need.request_id, P.assigned_at.is_not(None))
    asked = sa.exists().where(
        P.request_id == Need.request_id,
        P.assigned_at.is_(None),
        P.status.in_(("offered", "accepted")),
    )
    query = sa.select(Need.request_id).where(
        Need.dropped.is_(False), Need.apart == "", ~answered, given, ~asked
    )
    return frozenset(session.scalars(query))


def nothing_pending(session: Session, request_id: int, inputs: Inputs) -> None:
    """Refuse a proposal for a programme that lacks nobody, or while an offer is open.

    Raises Conflict.
    """
    answered = {one.need for one in held(session, request_id)}
    if all(need.apart or need.number in answered for need in inputs.needs):
        raise Conflict("programme.nothing_open", "Every need has its responsible entity.")
    if session.scalar(_pending(request_id, "offered", "accepted").limit(1)) is not None:
        raise Conflict("programme.offer_open", "An offer is open; take it back first.")


def _pending(request_id: int, *statuses: str) -> sa.Select[ProposalRow]:
    """Select the proposals that are on their way and rest on no given need yet."""
    query = sa.select(P).where(
        P.request_id == request_id, P.status.in_(statuses), P.assigned_at.is_(None)
    )
    return query.order_by(P.number.desc())


def offer_replacement(session: Session, request_id: int, at: datetime) -> None:
    """Put the prepared proposal to those who are asked anew; who is at work stays so."""
    row = latest(session, request_id, "prepared")
    row.status = "offered"
    content = content_of(row)
    kept = {entity for entity in content.entities if all_kept(content, entity)}
    keep_answers(session, row, kept, at)
    led = _led(session, request_id)
    for entity in content.entities:
        involved = session.get(Involvement, (request_id, entity))
        if involved is not None and involved.standing in AT_WORK:
            continue
        if involved is None:
            involved = Involvement(request_id=request_id, entity=entity)
            session.add(involved)
        involved.part = "lead" if entity in content.leads and not led else "support"
        involved.standing, involved.left_number, involved.since = "asked", None, at
    session.flush()


def _led(session: Session, request_id: int) -> bool:
    """Whether a lead is at work."""
    lead = sa.select(Involvement.entity).where(
        Involvement.request_id == request_id,
        Involvement.part == "lead",
        Involvement.standing.in_(AT_WORK),
    )
    return session.scalar(lead.limit(1)) is not None


def decline_replacement(session: Session, request_id: int) -> None:
    """Let the offer of the open needs count as declined; who is at work goes on with its own."""
    row = session.scalars(_pending(request_id, "offered", "accepted").limit(1)).one()
    row.status = "declined"
    session.flush()
    declined = session.scalars(
        sa.select(ResponseRow.entity).where(
            ResponseRow.proposal_id == row.id, ResponseRow.accepted.is_(False)
        )
    ).all()
    at_work = {one.entity for one in held(session, request_id)}
    stand(session, request_id, tuple(set(declined) - at_work), "declined")
    _release(session, request_id, at_work | set(declined))


def end_replacement(session: Session, request_id: int) -> None:
    """Put aside what is on its way for open needs; who was asked for them is released."""
    for row in session.scalars(_pending(request_id, "prepared", "offered", "accepted")):
        row.status = "superseded"
    session.flush()
    _release(session, request_id, {one.entity for one in held(session, request_id)})


def _release(session: Session, request_id: int, besides: Collection[str]) -> None:
    """Release who was asked and is not at work."""
    session.execute(
        sa.update(Involvement)
        .where(
            Involvement.request_id == request_id,
            Involvement.standing.in_(AT_WORK),
            Involvement.entity.not_in(besides),
            Involvement.entity.not_in(_supporting(request_id)),
        )
        .values(standing="released", left_number=leaving(request_id))
    )


def _supporting(request_id: int) -> sa.Select[str]:
    return sa.select(Assignment.entity).where(Assignment.request_id == request_id)
