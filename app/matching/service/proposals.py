"""Proposals, and what becomes of them as the request moves."""

from collections.abc import Collection
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session

from app.kit.errors import Conflict
from app.matching.optimiser import Proposal
from app.matching.service.stored import (
    proposal_from_json,
)
from app.matching.tables import ProposalRow, ResponseRow
from app.requests.tables import Assignment, AssistanceRequest, Involvement, Need

OPEN = ("prepared", "offered", "accepted")


def latest(session: Session, request_id: int, *statuses: str) -> ProposalRow:
    """Return the latest proposal in one of these statuses. Raises Conflict when there is none."""
    query = (
        sa.select(ProposalRow)
        .where(ProposalRow.request_id == request_id, ProposalRow.status.in_(statuses))
        .order_by(ProposalRow.number.desc())
        .limit(1)
    )
    row = session.scalars(query).one_or_none()
    if row is None:
        raise Conflict("proposal.none", f"No proposal is {' or '.join(statuses)}.")
    return row


def content_of(row: ProposalRow) -> Proposal:
    """Return what a proposal says."""
    return proposal_from_json(row.content)


def supersede(session: Session, request_id: int) -> None:
    """Put aside what is prepared, offered or accepted; its entities are released."""
    put_aside(session, request_id, OPEN)
    session.execute(
        sa.update(Involvement)
        .where(
            Involvement.request_id == request_id, Involvement.standing.in_(("asked", "accepted"))
        )
        .values(standing="released", left_number=leaving(request_id))
    )


def leaving(request_id: int) -> sa.ScalarSelect[int]:
    """Return the number of the event that lets entities go: the move that is being written."""
    revision = sa.select(AssistanceRequest.revision + 1)
    return revision.where(AssistanceRequest.id == request_id).scalar_subquery()


def put_aside(session: Session, request_id: int, statuses: tuple[str, ...]) -> None:
    """Put aside the proposals of a request that stand in one of these statuses."""
    session.execute(
        sa.update(ProposalRow)
        .where(ProposalRow.request_id == request_id, ProposalRow.status.in_(statuses))
        .values(status="superseded")
    )


def offer(session: Session, request_id: int, at: datetime) -> None:
    """Put the prepared proposal to its entities, who see the request from now on.

    Who has accepted all that it would answer for is not asked again: its answer stands.
    """
    row = latest(session, request_id, "prepared")
    row.status = "offered"
    content = content_of(row)
    kept = {e for e in content.entities if all_kept(content, e)}
    keep_answers(session, row, kept, at)
    for entity in content.entities:
        involved = session.get(Involvement, (request_id, entity))
        if involved is None:
            involved = Involvement(request_id=request_id, entity=entity)
            session.add(involved)
        involved.part = "lead" if entity in content.leads else "support"
        involved.standing = "accepted" if entity in kept else "asked"
        involved.left_number = None
        involved.since = at
    session.flush()


def all_kept(content: Proposal, entity: str) -> bool:
    """Whether an entity has accepted all that it would answer for."""
    answers_for = [a for a in content.assignments if a.entity == entity and a.part == "lead"]
    return bool(answers_for) and all(one.kept for one in answers_for)


def keep_answers(session: Session, row: ProposalRow, kept: Collection[str], at: datetime) -> None:
    """Write the answers that stand to the new proposal, by whoever gave them last."""
    query = (
        sa.select(ResponseRow)
        .join(ProposalRow, ProposalRow.id == ResponseRow.proposal_id)
        .where(
            ProposalRow.request_id == row.request_id,
            ResponseRow.entity.in_(kept),
            ResponseRow.accepted,
        )
        .order_by(ProposalRow.number)
    )
    by = {said.entity: said.by for said in session.scalars(query)}
    session.add_all(
        ResponseRow(proposal_id=row.id, entity=entity, accepted=True, kept=True, by=one, at=at)
        for entity, one in sorted(by.items())
    )


def accept(session: Session, request_id: int) -> None:
    """Let the offered proposal count as accepted by all."""
    row = latest(session, request_id, "offered")
    row.status = "accepted"
    session.flush()
    stand(session, request_id, content_of(row).entities, "accepted")


def decline(session: Session, request_id: int) -> None:
    """Let the offered or accepted proposal count as declined; who did not decline is released."""
    row = latest(session, request_id, "offered", "accepted")
    row.status = "declined"
    session.flush()
    declined = session.scalars(
        sa.select(ResponseRow.entity).where(
            ResponseRow.proposal_id == row.id, ResponseRow.accepted.is_(False)
        )
    ).all()
    stand(session, request_id, content_of(row).entities, "released")
    stand(session, request_id, tuple(declined), "declined")


def stand(session: Session, request_id: int, entities: tuple[str, ...], standing: str) -> None:
    """Say how entities stand to a request from now on."""
    left = None if standing == "accepted" else leaving(request_id)
    session.execute(
        sa.update(Involvement)
        .where(Involvement.request_id == request_id, Involvement.entity.in_(entities))
        .values(standing=standing, left_number=left)
    )


def assign(session: Session, request_id: int, at: datetime) -> str:
    """Give each open need to its entities as the accepted proposal says; return the lead of all.

    Where a programme runs, a need that has its responsible entity stays with it.
    """
    row = latest(session, request_id, "accepted")
    row.assigned_at = at
    a = Assignment
    answered = sa.select(a.need_id).where(a.request_id == request_id, a.part == "lead")
    held = set(session.scalars(answered))
    numbered = sa.select(Need.number, Need.id).where(Need.request_id == request_id)
    need_ids = {number: one for number, one in session.execute(numbered) if one not in held}
    session.execute(sa.delete(a).where(a.request_id == request_id, a.need_id.not_in(held)))
    session.add_all(
        Assignment(
            request_id=request_id,
            need_id=need_ids[one.need],
            entity=one.entity,
            part=one.part,
            mandate=one.mandate,
            cite=", ".join(one.cite),
        )
        for one in content_of(row).assignments
        if one.need in need_ids
    )
    session.flush()
    return row.lead or ""
