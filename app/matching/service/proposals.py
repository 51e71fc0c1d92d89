"""Proposals: preparing one, and what becomes of it as the request moves."""

from collections.abc import Collection
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from app.directory.actor import Actor
from app.engine.packs import Shelf
from app.kit import clock
from app.kit.errors import Conflict, Invalid
from app.matching.optimiser import Proposal, explain
from app.matching.schemas import ProposalBody
from app.matching.service.answered import answered
from app.matching.service.gathering import gather
from app.matching.service.stored import (
    digest,
    inputs_to_json,
    proposal_from_json,
    proposal_to_json,
)
from app.matching.tables import ProposalRow, ResponseRow
from app.requests import access, timeline
from app.requests.tables import Assignment, AssistanceRequest, Consent, Involvement, Need

OPEN = ("prepared", "offered", "accepted")


def prepare(
    session: Session,
    shelf: Shelf,
    actor: Actor,
    request: AssistanceRequest,
    wish: ProposalBody,
) -> ProposalRow:
    """Compute a proposal from the needs and the compendium of today, and store it with its inputs.

    An earlier one that was only prepared is superseded. Who accepted an earlier one that fell by
    another's decline keeps its needs. Raises Conflict, Forbidden, Invalid for an entity that is to
    be asked again and never declined.
    """
    access.permit(session, shelf, actor, request, "matching.write")
    pack = shelf.get(request.workflow, request.workflow_version)
    again = _again(session, request, wish)
    inputs = gather(session, pack, request, again=again)
    found = explain(inputs)
    number = _next(session, request)
    _lapse(session, actor, request, (number - 1, {one.entity for one in inputs.kept}))
    _put_aside(session, request.id, ("prepared",))
    stored = inputs_to_json(inputs)
    row = ProposalRow(
        request_id=request.id,
        number=number,
        status="prepared",
        lead=found.lead,
        content=proposal_to_json(found),
        inputs=stored,
        inputs_hash=digest(stored),
        prepared_by=actor.person_id,
        prepared_at=clock.now(),
    )
    session.add(row)
    told = _told(row, found, wish)
    timeline.record(session, actor, request, "proposal_prepared", told, row.prepared_at)
    return row


def _next(session: Session, request: AssistanceRequest) -> int:
    last = sa.select(sa.func.max(ProposalRow.number)).where(ProposalRow.request_id == request.id)
    return (session.scalar(last) or 0) + 1


def _told(row: ProposalRow, found: Proposal, wish: ProposalBody) -> dict[str, Any]:
    """Return what the timeline keeps of a proposal; also who is asked again, and why."""
    told: dict[str, Any] = {
        "proposal": row.number,
        "entities": list(found.entities),
        "uncovered": [one.need for one in found.uncovered],
        "inputs_sha256": row.inputs_hash,
    }
    if wish.ask_again:
        told["asked_again"] = [one.model_dump() for one in wish.ask_again]
    return told


def _again(session: Session, request: AssistanceRequest, wish: ProposalBody) -> frozenset[str]:
    """Return who is to be asked again: each of them has declined something. Raises Invalid."""
    wanted = frozenset(one.entity for one in wish.ask_again)
    said = answered(session, request.id, [])
    strangers = sorted(wanted - said.declined - said.declined_needs.keys())
    if strangers:
        raise Invalid("match.not_declined", f"These have not declined: {', '.join(strangers)}.")
    return wanted


def _lapse(
    session: Session,
    actor: Actor,
    request: AssistanceRequest,
    before: tuple[int, Collection[str]],
) -> None:
    """Record that what was said to the proposal before binds nobody any more, who is kept aside."""
    number, kept = before
    accepted = session.scalars(
        sa.select(ResponseRow.entity)
        .join(ProposalRow, ProposalRow.id == ResponseRow.proposal_id)
        .where(
            ProposalRow.request_id == request.id,
            ProposalRow.number == number,
            ResponseRow.accepted,
            ResponseRow.entity.not_in(kept),
        )
        .order_by(ResponseRow.entity)
    ).all()
    consented = session.scalars(
        sa.select(Consent.country)
        .where(
            Consent.request_id == request.id,
            Consent.subject == "match",
            Consent.proposal == number,
            Consent.given,
        )
        .order_by(Consent.country)
    ).all()
    if accepted or consented:
        told = {"proposal": number, "entities": list(accepted), "countries": list(consented)}
        timeline.record(session, actor, request, "match_acceptance_lapsed", told)


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
    _put_aside(session, request_id, OPEN)
    session.execute(
        sa.update(Involvement)
        .where(
            Involvement.request_id == request_id, Involvement.standing.in_(("asked", "accepted"))
        )
        .values(standing="released", left_number=_leaving(request_id))
    )


def _leaving(request_id: int) -> sa.ScalarSelect[int]:
    """Return the number of the event that lets entities go: the move that is being written."""
    revision = sa.select(AssistanceRequest.revision + 1)
    return revision.where(AssistanceRequest.id == request_id).scalar_subquery()


def _put_aside(session: Session, request_id: int, statuses: tuple[str, ...]) -> None:
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
    kept = {e for e in content.entities if _all_kept(content, e)}
    _keep(session, row, kept, at)
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


def _all_kept(content: Proposal, entity: str) -> bool:
    answers_for = [a for a in content.assignments if a.entity == entity and a.part == "lead"]
    return bool(answers_for) and all(one.kept for one in answers_for)


def _keep(session: Session, row: ProposalRow, kept: Collection[str], at: datetime) -> None:
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
    _stand(session, request_id, content_of(row).entities, "accepted")


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
    _stand(session, request_id, content_of(row).entities, "released")
    _stand(session, request_id, tuple(declined), "declined")


def _stand(session: Session, request_id: int, entities: tuple[str, ...], standing: str) -> None:
    left = None if standing == "accepted" else _leaving(request_id)
    session.execute(
        sa.update(Involvement)
        .where(Involvement.request_id == request_id, Involvement.entity.in_(entities))
        .values(standing=standing, left_number=left)
    )


def assign(session: Session, request_id: int) -> str:
    """Give each need to its entities as the accepted proposal says, and return the lead of all."""
    row = latest(session, request_id, "accepted")
    numbered = sa.select(Need.number, Need.id).where(Need.request_id == request_id)
    need_ids = dict(session.execute(numbered).all())
    session.execute(sa.delete(Assignment).where(Assignment.request_id == request_id))
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
    )
    session.flush()
    return row.lead or ""
