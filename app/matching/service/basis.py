"""What a new version of the compendium means for proposals, and the desk's word on it."""

from collections.abc import Mapping

import sqlalchemy as sa
from sqlalchemy.orm import Session

from app.compendium import service as compendium
from app.directory.actor import Actor
from app.kit import clock
from app.kit.errors import Conflict
from app.matching.schemas import ReasonBody
from app.matching.tables import BasisChange, ProposalRow
from app.requests import duties, timeline
from app.requests.tables import AssistanceRequest

B = BasisChange
WAITING = ("prepared", "offered")
"""Statuses in which a proposal can still wait for the desk's word."""


def unsettled(session: Session, latest: Mapping[int, ProposalRow]) -> dict[int, tuple[int, ...]]:
    """Return, by request, the versions on which the desk has not said its word yet.

    0 stands for versions that have just taken effect, and whose effect is being carried out: what
    was prepared before waits for that.
    """
    found: dict[int, tuple[int, ...]] = dict.fromkeys(latest, ())
    waiting = {owner: row for owner, row in latest.items() if row.status in WAITING}
    if not waiting:
        return found
    query = sa.select(B).where(
        B.request_id.in_(waiting), B.treatment == "flagged", B.confirmed_at.is_(None)
    )
    for change in session.scalars(query.order_by(B.version)):
        if change.proposal == waiting[change.request_id].number:
            found[change.request_id] += (change.version,)
    first = min(row.prepared_at for row in waiting.values())
    if compendium.pending(session, first, clock.now()):
        for owner, row in waiting.items():
            if compendium.pending(session, row.prepared_at, clock.now()):
                found[owner] += (0,)
    return found


def confirm_basis(
    session: Session, actor: Actor, request: AssistanceRequest, body: ReasonBody
) -> list[BasisChange]:
    """Confirm the present proposal though its basis has changed, with a reason.

    Raises Conflict when nothing waits for a word, Forbidden for who is recused or tied to it.
    """
    duties.stand_back(actor, request.reference)
    duties.not_bound(session, actor, request, frozenset())
    query = sa.select(ProposalRow).where(
        ProposalRow.request_id == request.id, ProposalRow.status.in_(WAITING)
    )
    latest = session.scalars(query.order_by(ProposalRow.number.desc()).limit(1)).one_or_none()
    if latest is None:
        raise Conflict("basis.settled", "No proposal waits for a word on its basis.")
    flagged = sa.select(B).where(
        B.request_id == request.id,
        B.treatment == "flagged",
        B.proposal == latest.number,
        B.confirmed_at.is_(None),
    )
    rows = session.scalars(flagged.order_by(B.version).with_for_update()).all()
    if not rows:
        raise Conflict("basis.settled", "No proposal waits for a word on its basis.")
    now = clock.now()
    for row in rows:
        row.confirmed_by, row.confirmed_at, row.reason = actor.person_id, now, body.reason
    told = {
        "proposal": latest.number,
        "versions": [row.version for row in rows],
        "reason": body.reason,
    }
    timeline.record(session, actor, request, "mandate_basis_confirmed", told, now)
    return changes(session, request.id)


def changes(session: Session, request_id: int) -> list[BasisChange]:
    """Return what versions of the compendium have meant for a request, oldest first."""
    query = sa.select(B).where(B.request_id == request_id)
    return list(session.scalars(query.order_by(B.id)))
