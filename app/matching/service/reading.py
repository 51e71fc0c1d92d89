"""Reading the matching of a request: candidates as of now, proposals as they were stored."""

import sqlalchemy as sa
from sqlalchemy.orm import Session

from app.compendium import service as compendium
from app.compendium.service import Picture
from app.engine.packs import Shelf
from app.kit import clock
from app.kit.errors import NotFound
from app.matching.optimiser import propose
from app.matching.schemas import (
    BasisView,
    ConflictView,
    MatchingView,
    ProposalLine,
    ProposalView,
    ResponseView,
)
from app.matching.service import basis
from app.matching.service.gathering import gather
from app.matching.service.proposals import content_of
from app.matching.service.replacing import reopened
from app.matching.tables import ProposalRow, ResponseRow
from app.requests import duties
from app.requests.schemas import ConsentView
from app.requests.tables import AssistanceRequest, Consent, Involvement


def overview(
    session: Session, shelf: Shelf, request: AssistanceRequest, own: frozenset[str] | None = None
) -> MatchingView:
    """Return where the matching of a request stands; of its proposals the latest of `own`."""
    now = clock.now()
    found = compendium.picture(session, now, now)
    pack = shelf.get(request.workflow, request.workflow_version)
    inputs = reopened(session, request.id, gather(session, pack, request, found))
    known = proposals(session, request, own)
    said = sa.select(Consent).where(Consent.request_id == request.id, Consent.subject == "match")
    return MatchingView(
        revision=request.revision,
        candidates=list(inputs.candidates),
        outlook=propose(inputs),
        proposal=view_of(session, known[-1]) if known else None,
        consents=[
            ConsentView.model_validate(row) for row in session.scalars(said.order_by(Consent.id))
        ],
        compendium=found.version,
        basis=[BasisView.model_validate(row) for row in basis.changes(session, request.id)],
        waiting=_waiting(session, request, found),
    )


def _waiting(session: Session, request: AssistanceRequest, found: Picture) -> list[str]:
    """Return the entities that were asked and that nobody reaches now: they wait, visibly (fc)."""
    asked = sa.select(Involvement.entity).where(
        Involvement.request_id == request.id, Involvement.standing == "asked"
    )
    return [
        one
        for one in session.scalars(asked.order_by(Involvement.entity))
        if one not in found.reachable
    ]


def proposals(
    session: Session, request: AssistanceRequest, own: frozenset[str] | None = None
) -> list[ProposalRow]:
    """Return the proposals of a request, oldest first; with `own` those put to these entities."""
    query = sa.select(ProposalRow).where(ProposalRow.request_id == request.id)
    rows = session.scalars(query.order_by(ProposalRow.number))
    return [row for row in rows if own is None or _concerns(row, own)]


def _concerns(row: ProposalRow, own: frozenset[str]) -> bool:
    """Whether a proposal was put to one of these entities: what is only prepared was to nobody."""
    return row.status != "prepared" and not own.isdisjoint(content_of(row).entities)


def proposal(
    session: Session, request: AssistanceRequest, number: int, own: frozenset[str] | None = None
) -> ProposalRow:
    """Return one proposal of a request, as `proposals` would list it. Raises NotFound."""
    row = session.scalar(
        sa.select(ProposalRow).where(
            ProposalRow.request_id == request.id, ProposalRow.number == number
        )
    )
    if row is None or (own is not None and not _concerns(row, own)):
        raise NotFound("proposal.unknown", f"This request has no proposal {number}.")
    return row


def line_of(row: ProposalRow) -> ProposalLine:
    """Return a proposal as a list shows it."""
    return ProposalLine(
        number=row.number,
        status=row.status,
        lead=row.lead,
        entities=list(content_of(row).entities),
        prepared_at=row.prepared_at,
    )


def view_of(session: Session, row: ProposalRow) -> ProposalView:
    """Return a proposal whole, with what was answered to it."""
    answered = sa.select(ResponseRow).where(ResponseRow.proposal_id == row.id)
    return ProposalView(
        **line_of(row).model_dump(),
        assignments=list(content_of(row).assignments),
        content=content_of(row),
        inputs=row.inputs,
        inputs_hash=row.inputs_hash,
        responses=[
            ResponseView.model_validate(one)
            for one in session.scalars(answered.order_by(ResponseRow.at, ResponseRow.entity))
        ],
        conflicts=[
            ConflictView(person_id=person, entity=entity)
            for person, entity in duties.conflicts(
                session, row.request_id, content_of(row).entities
            )
        ],
    )
