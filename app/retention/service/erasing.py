"""Erasing what a request says: keys, words and documents go; reference, states and chain stay."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

import sqlalchemy as sa
from sqlalchemy.orm import Session

from app.assessment.tables import Assessment
from app.directory.actor import SYSTEM, Actor
from app.engine.packs import Shelf
from app.kit import clock
from app.kit.db import table_of
from app.kit.errors import Blocked, Blocker, NotFound
from app.kit.rows import as_house, hold
from app.ledger import service as ledger
from app.requests import access, timeline
from app.requests.service import words
from app.requests.tables import AssessmentRecord, AssistanceRequest
from app.retention.classes import PARTS, Part
from app.retention.service import traces
from app.retention.tables import Erasure, LegalHold

R = table_of(AssistanceRequest)
A = table_of(Assessment)
RECORDS = table_of(AssessmentRecord)
RETENTION = "retention"
"""The stream of the decision log that tells of holds and erasures; it is never emptied."""


@dataclass(frozen=True, slots=True)
class Going:
    """How many rows of a table an erasure concerns: dropped, or blanked."""

    table: str
    rows: int
    dropped: bool


def find(
    session: Session, actor: Actor | None, reference: str, *, lock: bool = False
) -> AssistanceRequest:
    """Return a request to hold or erase. Raises NotFound.

    An administrator, like the command line (None), reaches every one by its reference and is shown
    nothing of it; anybody else reaches those in sight.
    """
    if actor is not None and not actor.holds("administrator"):
        return access.find(session, actor, reference, lock=lock)
    query = sa.select(AssistanceRequest).where(AssistanceRequest.reference == reference)
    if lock:
        query = query.with_for_update().execution_options(populate_existing=True)
    with as_house(session):
        found = session.scalars(query).one_or_none()
    if found is None:
        raise NotFound("request.unknown", "There is no such request.")
    hold(session, [found.id])
    return found


def final(shelf: Shelf) -> sa.ColumnElement[bool]:
    """Return the condition that a request stands in a state that is final in its definition."""
    ways = [
        sa.and_(
            R.c.workflow == pack.name,
            R.c.workflow_version == pack.version,
            R.c.state.in_([n for n, state in pack.definition.states.items() if state.final]),
        )
        for pack in shelf
    ]
    return sa.or_(*ways) if ways else sa.false()


def against(session: Session, shelf: Shelf, request: AssistanceRequest) -> list[Blocker]:
    """Return every reason against erasing a request; none for one that has ended."""
    return list(_against(session, shelf, request))


def _against(session: Session, shelf: Shelf, request: AssistanceRequest) -> Iterator[Blocker]:
    ended = session.scalar(sa.select(final(shelf)).where(R.c.id == request.id))
    if not ended and request.filed_at is not None:
        yield Blocker("erasure.open")
    standing = sa.select(LegalHold.number).where(
        LegalHold.request_id == request.id, LegalHold.lifted_at.is_(None)
    )
    yield from (Blocker("erasure.held", "", {"hold": n}) for n in session.scalars(standing))
    for reference in _served(session, shelf, request):
        yield Blocker("erasure.serving", "", {"request": reference})


def _served(session: Session, shelf: Shelf, request: AssistanceRequest) -> Sequence[str]:
    """Return the open requests of others that rest on an assessment of this one."""
    own = sa.select(A.c.id).where(A.c.request_id == request.id)
    lent = sa.select(RECORDS.c.request_id).where(RECORDS.c.assessment_id.in_(own))
    measured = sa.select(A.c.request_id).where(A.c.baseline_id.in_(own))
    resting = sa.and_(R.c.id != request.id, R.c.id.in_(lent.union(measured)))
    query = sa.select(R.c.reference).where(resting, sa.not_(final(shelf)))
    with as_house(session):
        return session.scalars(query.order_by(R.c.reference)).all()


def going(
    session: Session, request: AssistanceRequest, parts: Sequence[Part] = PARTS
) -> list[Going]:
    """Return what an erasure would take, table by table; tables without a row are left out."""
    found = [
        Going(part.rows.__tablename__, _count(session, part, request.id), part.blanks is None)
        for part in parts
        if part.blanks != {}
    ]
    found.append(Going("request_events", len(traces.worded(session, request)), dropped=False))
    found.append(Going("ledger_entries", len(traces.mentions(session, request)), dropped=False))
    found.append(Going("stored_answers", len(traces.answers(session, request)), dropped=True))
    return [one for one in found if one.rows]


def _count(session: Session, part: Part, request_id: int) -> int:
    query = sa.select(sa.func.count()).select_from(table_of(part.rows))
    return session.scalar(query.where(owned(part, request_id))) or 0


def owned(part: Part, request_id: int) -> sa.ColumnElement[bool]:
    """Return the condition that rows of a part belong to a request."""
    column = table_of(part.rows).c[part.by]
    if part.of is AssistanceRequest:
        if part.key == "id":
            return column == request_id
        return column == sa.select(R.c[part.key]).where(R.c.id == request_id).scalar_subquery()
    above = next((one for one in PARTS if one.rows is part.of), Part(part.of))
    owner = table_of(part.of).c[part.key]
    return column.in_(sa.select(owner).where(owned(above, request_id)))


def require(session: Session, shelf: Shelf, request: AssistanceRequest) -> None:
    """Raise Blocked, with every reason of `against`, unless a request can be erased now."""
    reasons = against(session, shelf, request)
    if reasons:
        raise Blocked("erasure.refused", "This request cannot be erased now.", reasons)


def erase(
    session: Session,
    shelf: Shelf,
    actor: Actor | None,
    request: AssistanceRequest,
    reason: str,
) -> Erasure:
    """Erase a request without a wish: its time is over, or the installation's own command asks.

    Raises Blocked.
    """
    require(session, shelf, request)
    now = clock.now()
    row = Erasure(request_id=request.id, reason=reason, asked_at=now, erased_at=now)
    session.add(row)
    session.flush()
    carry_out(session, actor, request, row)
    return row


def carry_out(
    session: Session,
    actor: Actor | None,
    request: AssistanceRequest,
    erasure: Erasure,
    parts: Sequence[Part] = PARTS,
) -> None:
    """Erase for good what a request, locked, says; the tombstone is its last event."""
    session.flush()
    if session.get_bind().dialect.name == "sqlite":
        # What is dropped is overwritten, not only let go.
        session.connection().exec_driver_sql("PRAGMA secure_delete = ON")
    traces.forget_answers(session, request)
    words.forget(session, request.id)
    _empty(session, request.id, parts)
    traces.empty_log(session, actor, request, f"erasure {erasure.id}")
    session.expire_all()
    session.refresh(request)
    tombstone = {"erasure": erasure.id}
    who = actor or SYSTEM
    timeline.record(session, who, request, "request_erased", tombstone, erasure.erased_at)
    told = {"request": request.reference, "reason": erasure.reason, **tombstone}
    ledger.append(session, RETENTION, "request_erased", actor, told)


def _empty(session: Session, request_id: int, parts: Iterable[Part]) -> None:
    own = sa.select(A.c.id).where(A.c.request_id == request_id)
    lent = sa.update(RECORDS).where(RECORDS.c.assessment_id.in_(own))
    session.execute(lent.values(summary={}))
    for part in parts:
        table, mine = table_of(part.rows), owned(part, request_id)
        if part.blanks is None:
            session.execute(sa.delete(table).where(mine))
        elif part.blanks:
            session.execute(sa.update(table).where(mine).values(dict(part.blanks)))
