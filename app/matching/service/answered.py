"""What entities have said to earlier proposals of a request, and what of it binds the next one."""

from dataclasses import dataclass

import sqlalchemy as sa
from sqlalchemy.orm import Session

from app.matching.optimiser import KeptIn
from app.matching.service.stored import stated, stated_need
from app.matching.tables import ProposalRow, ResponseRow
from app.requests.tables import Involvement, Need


@dataclass(frozen=True, slots=True)
class Answered:
    """Who declined or left, who declined which needs, and what was accepted and stands.

    What was accepted is kept when another entity declined the same proposal, for the needs that
    read as they did; a withdrawn offer or a country that refuses ends it.
    """

    declined: frozenset[str]
    declined_needs: dict[str, tuple[int, ...]]
    accepted: tuple[KeptIn, ...]


def answered(session: Session, request_id: int, needs: list[Need]) -> Answered:
    """Return what was said to earlier proposals, as far as it binds the next one."""
    query = (
        sa.select(ProposalRow.number, ResponseRow)
        .join(ProposalRow, ProposalRow.id == ResponseRow.proposal_id)
        .where(ProposalRow.request_id == request_id)
        .order_by(ProposalRow.number, ResponseRow.entity)
    )
    rows = [(number, row) for number, row in session.execute(query)]
    refused: dict[str, set[int]] = {}
    for _, row in rows:
        if row.accepted and row.declined_needs:
            refused.setdefault(row.entity, set()).update(row.declined_needs)
    last = max((number for number, _ in rows), default=0)
    return Answered(
        declined=frozenset(row.entity for _, row in rows if not row.accepted)
        | _left(session, request_id),
        declined_needs={entity: tuple(sorted(some)) for entity, some in refused.items()},
        accepted=_kept(session, [row for number, row in rows if number == last], needs),
    )


def _left(session: Session, request_id: int) -> frozenset[str]:
    """Return who left the programme of a request: it is asked again only by name."""
    gone = sa.select(Involvement.entity).where(
        Involvement.request_id == request_id, Involvement.standing == "left"
    )
    return frozenset(session.scalars(gone))


def _kept(session: Session, said: list[ResponseRow], needs: list[Need]) -> tuple[KeptIn, ...]:
    """Return the needs that were accepted in a proposal which fell by another entity's decline."""
    if all(row.accepted and not row.declined_needs for row in said):
        return ()
    proposal = session.get_one(ProposalRow, said[0].proposal_id)
    if proposal.status != "declined":
        return ()
    before = {need["number"]: need for need in stated(proposal.inputs)}
    same = {need.number for need in needs if before.get(need.number) == stated_need(need)}
    left_out = {row.entity: row.declined_needs for row in said if row.accepted}
    return tuple(
        KeptIn(one["need"], one["entity"])
        for one in proposal.content["assignments"]
        if one["part"] == "lead"
        and one["entity"] in left_out
        and one["need"] in same
        and one["need"] not in left_out[one["entity"]]
    )
