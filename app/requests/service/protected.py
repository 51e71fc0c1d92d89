"""Protected parts: who is at risk and where; sealed, coarse in view, opened by name (C79)."""

import sqlalchemy as sa
from sqlalchemy.orm import Session

from app.directory.actor import Actor
from app.files.vault import Kept
from app.kit import clock
from app.kit.errors import Conflict, Forbidden, Invalid, NotFound
from app.kit.sealing import Place
from app.ledger import service as ledger
from app.requests import access, timeline, vault
from app.requests.schemas.confidence import (
    OpeningView,
    ProtectedBody,
    ProtectedOpened,
    ProtectedView,
)
from app.requests.service import documents, named, sealed
from app.requests.service.drafts import next_number
from app.requests.tables import AssistanceRequest, Attachment, NamedGrant, Opening, ProtectedPart

WRITES = frozenset({"resident_coordinator", "government", "assessor", "desk_officer"})
SEALED = ("text", "location", "why_precise")


def add(
    session: Session, actor: Actor, request: AssistanceRequest, body: ProtectedBody
) -> ProtectedPart:
    """Add a protected part. Raises Forbidden, Conflict once it has ended, Invalid.

    A precise location is taken only with the reason why country and region are not enough.
    """
    standing = access.standing_of(session, request)
    if not standing.roles(actor) & WRITES:
        raise Forbidden("protected.role", "This is for the country's own people and the desk.")
    if request.stage == "ended":
        raise Conflict("protected.ended", "The request has ended.")
    if body.country not in standing.countries:
        raise Invalid("protected.country", f"{body.country} is not part of this request.")
    if bool(body.location) != bool(body.why_precise):
        raise Invalid("protected.precise", "A precise location takes a reason, and only that does.")
    number = next_number(session, ProtectedPart, request)
    row = ProtectedPart(
        request_id=request.id,
        number=number,
        groups=sorted(set(body.groups)),
        country=body.country,
        region=body.region,
        by=actor.person_id,
        at=clock.now(),
        **{name: _sealed(session, request, number, (name, getattr(body, name))) for name in SEALED},
    )
    session.add(row)
    timeline.record(session, actor, request, "protected_part_added", {"number": number})
    return row


def _sealed(
    session: Session, request: AssistanceRequest, number: int, told: tuple[str, str]
) -> str:
    name, text = told
    return vault.seal(session, request.id, text, _place(request.id, number, name))


def _opened(session: Session, row: ProtectedPart, name: str) -> str:
    place = _place(row.request_id, row.number, name)
    return vault.unseal(session, row.request_id, getattr(row, name), place)


def _place(request_id: int, number: int, name: str) -> Place:
    return Place("protected_parts", f"{request_id}/{number}", name)


def view_of(row: ProtectedPart) -> ProtectedView:
    """Return a part without opening it: groups, country and region."""
    return ProtectedView(
        number=row.number,
        groups=row.groups,
        country=row.country,
        region=row.region,
        precise=bool(row.location),
        by=row.by,
        at=row.at,
    )


def listed(session: Session, request: AssistanceRequest) -> list[ProtectedView]:
    """Return the parts, none of them opened."""
    query = sa.select(ProtectedPart).where(ProtectedPart.request_id == request.id)
    return [view_of(row) for row in session.scalars(query.order_by(ProtectedPart.number))]


def one(session: Session, request: AssistanceRequest, number: int) -> ProtectedPart:
    """Return a part by its number. Raises NotFound."""
    own = (ProtectedPart.request_id == request.id, ProtectedPart.number == number)
    row = session.scalar(sa.select(ProtectedPart).where(*own))
    if row is None:
        raise NotFound("protected.unknown", f"There is no protected part {number}.")
    return row


def open_part(
    session: Session, actor: Actor, request: AssistanceRequest, number: int, reason: str
) -> ProtectedOpened:
    """Open a protected part by a named grant; that it was opened is written before it is told.

    Raises NotFound, Forbidden without a grant that runs, Invalid when it cannot be unsealed.
    """
    row = one(session, request, number)
    grant = named.in_force(session, actor, request, "protected")
    found = ProtectedOpened(
        **dict(view_of(row)),
        text=_opened(session, row, "text"),
        location=_opened(session, row, "location"),
        why_precise=_opened(session, row, "why_precise"),
    )
    record(session, actor, request, grant, (number, reason))
    return found


def open_annex(
    session: Session, actor: Actor, request: AssistanceRequest, number: int, reason: str
) -> tuple[Attachment, Kept]:
    """Open an annex by a named grant; that it was opened is written first.

    Raises NotFound, Forbidden without a grant that runs, Conflict for one that is not released.
    """
    row, kept = documents.released(session, request, number)
    grant = named.in_force(session, actor, request, "annexes")
    record(session, actor, request, grant, (number, reason))
    return row, kept


def record(
    session: Session,
    actor: Actor,
    request: AssistanceRequest,
    grant: NamedGrant,
    opened: tuple[int, str],
) -> None:
    """Write that the actor opens something, and why; without this row no answer leaves."""
    number, reason = opened
    row = Opening(
        request_id=request.id,
        part=grant.part,
        number=number,
        grant_id=grant.id,
        by=actor.person_id,
        at=clock.now(),
    )
    sealed.put(session, row, {"reason": reason})
    session.add(row)
    session.flush()
    told = {"part": grant.part, "number": number, "grant": grant.number}
    ledger.append(session, f"readings:{request.id}", "protected_opened", actor, told)


def openings(session: Session, actor: Actor, request: AssistanceRequest) -> list[OpeningView]:
    """Return who opened what and why: for auditors, the desk and the countries.

    Raises Forbidden.
    """
    if not actor.holds("auditor"):
        named.speaks(session, actor, request)
    query = sa.select(Opening).where(Opening.request_id == request.id)
    rows = session.scalars(query.order_by(Opening.id)).all()
    return [sealed.view_of(session, row, OpeningView) for row in rows]
