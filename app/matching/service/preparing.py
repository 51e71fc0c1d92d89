"""Preparing a proposal: computed, stored with its inputs, and told."""

from collections.abc import Collection
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from app.directory.actor import Actor
from app.engine.packs import Shelf
from app.kit import clock
from app.kit.errors import Invalid
from app.matching.optimiser import Inputs, Proposal, explain
from app.matching.schemas import ProposalBody
from app.matching.service.answered import answered
from app.matching.service.gathering import gather
from app.matching.service.proposals import put_aside
from app.matching.service.replacing import nothing_pending, reopened, running
from app.matching.service.stored import digest, inputs_to_json, proposal_to_json
from app.matching.tables import ProposalRow, ResponseRow
from app.requests import access, timeline
from app.requests.tables import AssistanceRequest, Consent


def prepare(
    session: Session,
    shelf: Shelf,
    actor: Actor,
    request: AssistanceRequest,
    wish: ProposalBody,
) -> ProposalRow:
    """Compute a proposal from the needs and the compendium of today, and store it with its inputs.

    An earlier one that was only prepared is superseded. Who accepted an earlier one that fell by
    another's decline keeps its needs; where a programme runs, only open needs are proposed for.
    Raises Conflict, Forbidden, Invalid for an entity that is to be asked again and never declined.
    """
    access.permit(session, shelf, actor, request, "matching.write")
    number = _next(session, request)
    inputs = _inputs(session, shelf, actor, request, (number, _again(session, request, wish)))
    found = explain(inputs)
    put_aside(session, request.id, ("prepared",))
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


def _inputs(
    session: Session,
    shelf: Shelf,
    actor: Actor,
    request: AssistanceRequest,
    wanted: tuple[int, Collection[str]],
) -> Inputs:
    """Return what proposal `number` rests on, with `again` asked once more.

    What was said to the one before lapses, but for what is kept; in a programme nothing lapses.
    """
    number, again = wanted
    pack = shelf.get(request.workflow, request.workflow_version)
    inputs = gather(session, pack, request, again=again)
    if running(session, request.id):
        nothing_pending(session, request.id, inputs)
        return reopened(session, request.id, inputs)
    _lapse(session, actor, request, (number - 1, {one.entity for one in inputs.kept}))
    return inputs


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
