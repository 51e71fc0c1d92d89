"""Which open requests a change of the compendium would change or has changed, and how."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta

import sqlalchemy as sa
from sqlalchemy.orm import Session

from app.compendium import service as compendium
from app.compendium.rules import meets
from app.compendium.service import Due, Picture
from app.compendium.tables import CompendiumProposal
from app.directory.actor import SYSTEM, Actor
from app.engine.packs import Pack, Shelf
from app.kit import clock
from app.kit.rows import as_house
from app.matching.optimiser import Proposal, propose
from app.matching.rules import cited
from app.matching.schemas import ImpactLine, ImpactView, OutcomeView
from app.matching.service.gathering import gather
from app.matching.tables import BasisChange, ProposalRow
from app.requests import access, timeline
from app.requests.tables import AssistanceRequest, Need

R, P = AssistanceRequest, ProposalRow
STANDING = ("prepared", "offered", "accepted")
ENDED = "ended"
TICK = timedelta(microseconds=1)
MOST_AT_ONCE = 50
KINDS = {
    "noted": "mandate_basis_noted",
    "flagged": "mandate_basis_changed",
    "renewed": "compendium_renewed",
}
"""What is recorded of each treatment."""


@dataclass(frozen=True, slots=True)
class Shift:
    """From which picture to which the compendium goes, and with what."""

    due: Due
    before: Picture
    after: Picture


@dataclass(frozen=True, slots=True)
class Touched:
    """What a shift means for one request."""

    treatment: str
    proposal: int | None
    before: Proposal
    after: Proposal


def gist(found: Proposal) -> tuple[object, ...]:
    """Return what counts of a proposal: who leads, who answers for what, who is heard, the gaps."""
    return (
        found.lead,
        tuple(sorted((one.need, one.entity, one.part) for one in found.assignments)),
        tuple(sorted(one.entity for one in found.consult)),
        tuple(sorted(one.need for one in found.uncovered)),
    )


def touched(
    session: Session, pack: Pack, request: AssistanceRequest, shift: Shift
) -> Touched | None:
    """Return what a shift means for a request; None when nothing of it changes.

    A match that was accepted stays and carries a note; a proposal that was not waits for the desk;
    what has no proposal yet will use the new version.
    """
    query = sa.select(P).where(P.request_id == request.id, P.status.in_(STANDING))
    row = session.scalars(query.order_by(P.number.desc()).limit(1)).one_or_none()
    before = propose(gather(session, pack, request, shift.before))
    after = propose(gather(session, pack, request, shift.after))
    rests = row is not None and bool(cited(row.content) & shift.due.places)
    if not rests and gist(before) == gist(after):
        return None
    if row is None:
        return Touched("renewed", None, before, after)
    return Touched("noted" if row.status == "accepted" else "flagged", row.number, before, after)


def impact(session: Session, shelf: Shelf, actor: Actor, row: CompendiumProposal) -> ImpactView:
    """Return what a proposed change would mean for the open requests that the actor sees."""
    now = clock.now()
    moment = max(row.effective_at or now, now)
    changes = compendium.changes_of(row)
    shift = Shift(
        compendium.wished(session, changes, moment),
        compendium.picture(session, moment, now),
        compendium.picture(session, moment, now, changes),
    )
    lines, considered = [], 0
    for request in _open(session, access.visible(actor), shift.due):
        considered += 1
        pack = shelf.get(request.workflow, request.workflow_version)
        found = touched(session, pack, request, shift)
        if found is not None:
            lines.append(_line(request, found))
    return ImpactView(
        moment=row.effective_at, entries=shift.due.entries, considered=considered, requests=lines
    )


def _line(request: AssistanceRequest, found: Touched) -> ImpactLine:
    return ImpactLine(
        reference=request.reference,
        stage=request.stage,
        state=request.state,
        treatment=found.treatment,
        proposal=found.proposal,
        before=_outcome(found.before),
        after=_outcome(found.after),
    )


def _outcome(found: Proposal) -> OutcomeView:
    return OutcomeView(
        lead=found.lead,
        entities=list(found.entities),
        consult=sorted({one.entity for one in found.consult}),
        uncovered=[one.need for one in found.uncovered],
    )


def _open(session: Session, seen: sa.ColumnElement[bool], due: Due) -> Iterator[AssistanceRequest]:
    """Yield the filed requests that have not ended and have a need that the change may touch."""
    query = sa.select(R).where(seen, R.filed_at.is_not(None), R.stage != ENDED)
    topics = due.topics
    for request in session.scalars(query.order_by(R.id)).all():
        if topics is None or _meets(session, request.id, topics):
            yield request


def _meets(session: Session, request_id: int, topics: frozenset[str]) -> bool:
    needs = sa.select(Need.area, Need.topic).where(
        Need.request_id == request_id, Need.dropped.is_(False)
    )
    return any(meets(area, topic, topics) for area, topic in session.execute(needs))


def shift_of(session: Session, due: Due) -> Shift:
    """Return the pictures just before and at the moment of a version that has taken effect."""
    now = clock.now()
    return Shift(
        due,
        compendium.picture(session, due.effective_at - TICK, now),
        compendium.picture(session, due.effective_at, now),
    )


def waiting(session: Session, due: Due) -> list[int]:
    """Return the ids of the requests on which a version that took effect may have an effect."""
    return [request.id for request in _open(session, sa.true(), due)] if due.said else []


def carry_out(session: Session, shelf: Shelf, shift: Shift, request_id: int) -> str:
    """Carry out the effect of a version on one request and return its treatment, "" for none.

    May be done again without harm: what was written once is not written twice.
    """
    request = session.get(R, request_id, with_for_update=True)
    number = shift.due.number
    done = sa.select(BasisChange.id).where(
        BasisChange.request_id == request_id, BasisChange.version == number
    )
    if request is None or request.stage == ENDED or session.scalar(done) is not None:
        return ""
    pack = shelf.get(request.workflow, request.workflow_version)
    found = touched(session, pack, request, shift)
    if found is None or _newer(session, request, found, shift.due):
        return ""
    now = clock.now()
    row = BasisChange(
        request_id=request.id,
        version=number,
        treatment=found.treatment,
        proposal=found.proposal,
        entries=shift.due.entries,
        at=now,
    )
    session.add(row)
    told = {"version": number, "entries": shift.due.entries, "proposal": found.proposal}
    timeline.record(session, SYSTEM, request, KINDS[found.treatment], told, now)
    return found.treatment


def _newer(session: Session, request: AssistanceRequest, found: Touched, due: Due) -> bool:
    """Whether the proposal was prepared when the version spoke already: it rests on it."""
    if found.proposal is None:
        return False
    prepared = sa.select(P.prepared_at).where(
        P.request_id == request.id, P.number == found.proposal
    )
    return session.scalars(prepared).one() >= due.effective_at


def take_effect(session: Session, shelf: Shelf) -> int:
    """Carry out at once what has just taken effect, where it concerns no more than MOST_AT_ONCE.

    What concerns more is left to the worker. Returns how many requests were touched.
    """
    count = 0
    with as_house(session):  # every request is concerned, whoever approved the change
        for due in compendium.due(session, clock.now()):
            ids = waiting(session, due)
            if len(ids) > MOST_AT_ONCE:
                break
            shift = shift_of(session, due)
            count += sum(bool(carry_out(session, shelf, shift, one)) for one in ids)
            compendium.effected(session, due.number, clock.now())
    return count
