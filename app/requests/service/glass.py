"""Broken glass: an administrator reads one request in an emergency, and everyone concerned knows.

Administrators see no case content. Whoever must, states why, reads one request for an hour, changes
nothing; country and auditors are told at once, every reading is recorded, an auditor reviews it.
"""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta

import sqlalchemy as sa
from sqlalchemy.orm import Session

from app.directory.actor import SYSTEM, Actor
from app.directory.holders import holders
from app.kit import clock
from app.kit.errors import Conflict, Forbidden, NotFound
from app.kit.rows import as_house, hold
from app.ledger import service as ledger
from app.outbox import service as outbox
from app.outbox.service import Telling
from app.policy import rights
from app.requests import timeline
from app.requests.schemas import GlassBody, GlassReview
from app.requests.tables import (
    AssistanceRequest,
    GlassBreak,
    GlassReading,
    RequestCountry,
    RequestEvent,
)

STREAM = "break_glass"
OPEN_FOR = timedelta(minutes=60)
REVIEW_WITHIN = timedelta(days=5)
SAFE = frozenset({"GET", "HEAD"})
G = GlassBreak


def break_glass(session: Session, actor: Actor, body: GlassBody) -> GlassBreak:
    """Open one request to an administrator, for reading, for an hour; tell country and auditors.

    Raises NotFound, Conflict while it is open already or for a reason that was used before,
    Forbidden in somebody else's name.
    """
    if actor.person_id is None or actor.on_behalf is not None:
        raise Forbidden("glass.oneself", "Glass is broken in one's own name.")
    query = sa.select(AssistanceRequest).where(AssistanceRequest.reference == body.reference)
    with as_house(session):  # an administrator sees none
        request = session.scalar(query.with_for_update())
    if request is None:
        raise NotFound("request.unknown", "There is no such request.")
    hold(session, [request.id])
    now = clock.now()
    _not_again(session, actor.person_id, request, (body.reason, now))
    row = GlassBreak(
        person_id=actor.person_id,
        request_id=request.id,
        reason=body.reason,
        ticket=body.ticket,
        opened_at=now,
        until=now + OPEN_FOR,
        note="",
    )
    session.add(row)
    session.flush()
    told = {"glass": row.id, "reason": row.reason, "until": clock.stamp(row.until)}
    _tell(session, actor, request, ("glass_broken", told), now)
    kept = {"glass": row.id, "reference": request.reference, "ticket": row.ticket}
    ledger.append(session, STREAM, "glass_broken", actor, kept | {"reason": row.reason}, now)
    return row


def _not_again(
    session: Session, person_id: int, request: AssistanceRequest, wish: tuple[str, datetime]
) -> None:
    reason, now = wish
    query = sa.select(G).where(G.person_id == person_id, G.request_id == request.id)
    for before in session.scalars(query):
        if before.until > now:
            raise Conflict("glass.open", f"It is open until {clock.stamp(before.until)}.")
        if before.reason.casefold() == reason.casefold():
            raise Conflict("glass.same_reason", "Opening it again takes a reason of its own.")


def _tell(
    session: Session,
    actor: Actor,
    request: AssistanceRequest,
    what: tuple[str, dict[str, object]],
    now: datetime,
) -> None:
    """Record an event and tell the country's coordinators and the auditors of it at once."""
    kind, told = what
    number = timeline.record(session, actor, request, kind, told, now)
    event = RequestEvent.request_id == request.id, RequestEvent.number == number
    event_id = session.scalars(sa.select(RequestEvent.id).where(*event)).one()
    own = sa.select(RequestCountry.country).where(RequestCountry.request_id == request.id)
    countries = frozenset(session.scalars(own))
    outbox.tell(
        session,
        [
            Telling(who.person_id, event_id, f"request.{kind}", now)
            for who in holders(session, {"resident_coordinator", "auditor"})
            if who.person_id is not None
            and who.person_id != actor.person_id
            and who.roles_in(countries, frozenset())
        ],
    )


def look(session: Session, actor: Actor, number: int, call: tuple[str, str]) -> Actor:
    """Return the actor as one who reads through broken glass, and record what is read.

    `call` is the method and the path. Without any grant of their own meanwhile, they see the one
    request and can change nothing. Raises Forbidden for a change, and when nothing is open.
    """
    method, path = call
    if method not in SAFE:
        raise Forbidden("glass.read_only", "Through broken glass one reads and changes nothing.")
    now = clock.now()
    with as_house(session):
        found = session.execute(
            sa.select(G.id, AssistanceRequest.reference)
            .join(AssistanceRequest, AssistanceRequest.id == G.request_id)
            .where(G.id == number, G.person_id == actor.person_id, G.until > now)
        ).one_or_none()
        if found is None or not actor.holds("administrator") or actor.on_behalf is not None:
            raise Forbidden("glass.closed", "Nothing is open to you under that number now.")
        session.add(GlassReading(glass_id=found.id, at=now, path=path))
        kept = {"glass": found.id, "path": path}
        ledger.append(session, STREAM, "glass_read", actor, kept, now)
        session.flush()
    return replace(actor, grants=(), ties=(), glass=found.reference)


def breaks(session: Session, actor: Actor) -> list[tuple[GlassBreak, str]]:
    """Return every opening with its request's reference, unreviewed ones first: auditors all."""
    query = sa.select(G, AssistanceRequest.reference).join(
        AssistanceRequest, AssistanceRequest.id == G.request_id
    )
    if not rights.reaches_beyond(actor, "list_glass"):
        query = query.where(G.person_id == actor.person_id)
    with as_house(session):  # one's own, though it be over: the query itself says whose
        rows = session.execute(query.order_by(G.reviewed_at.is_not(None), G.id).limit(200)).all()
    return [(row, reference) for row, reference in rows]


def opening(session: Session, actor: Actor, number: int) -> tuple[GlassBreak, str]:
    """Return one opening with its request's reference. Raises NotFound."""
    for row, reference in breaks(session, actor):
        if row.id == number:
            return row, reference
    raise NotFound("glass.unknown", "There is no such opening.")


def readings(session: Session, number: int) -> Sequence[GlassReading]:
    """Return what was read through one opening, oldest first."""
    query = sa.select(GlassReading).where(GlassReading.glass_id == number)
    with as_house(session):
        return session.scalars(query.order_by(GlassReading.id)).all()


def review(
    session: Session, actor: Actor, number: int, body: GlassReview
) -> tuple[GlassBreak, str]:
    """Say as an auditor whether there was ground for it; the country sees that too.

    Raises NotFound, Conflict when it is reviewed already, Forbidden for one's own.
    """
    row, reference = opening(session, actor, number)
    if row.person_id in actor.persons:
        raise Forbidden("glass.own", "Another person reviews it.")
    if row.reviewed_at is not None:
        raise Conflict("glass.reviewed", "It has been reviewed already.")
    now = clock.now()
    row.reviewed_by, row.reviewed_at = actor.person_id, now
    row.justified, row.note = body.justified, body.note
    request = session.get_one(AssistanceRequest, row.request_id, with_for_update=True)
    told: dict[str, object] = {"glass": row.id, "justified": body.justified}
    timeline.record(session, actor, request, "glass_reviewed", told, now)
    ledger.append(session, STREAM, "glass_reviewed", actor, told | {"note": body.note}, now)
    return row, reference


def unreviewed(session: Session, now: datetime) -> tuple[int, int]:
    """Return how many openings wait for review, and how many of them for longer than five days."""
    waiting = sa.select(sa.func.count()).select_from(G).where(G.reviewed_at.is_(None))
    late = waiting.where(G.opened_at < now - REVIEW_WITHIN)
    with as_house(session):
        return session.scalar(waiting) or 0, session.scalar(late) or 0


def alarm(session: Session, now: datetime) -> int:
    """Tell once of every opening that nobody has reviewed in five days; return how many."""
    late = sa.select(G).where(
        G.reviewed_at.is_(None), G.alarmed_at.is_(None), G.opened_at < now - REVIEW_WITHIN
    )
    rows = session.scalars(late.order_by(G.id).limit(100).with_for_update()).all()
    for row in rows:
        row.alarmed_at = now
        request = session.get_one(AssistanceRequest, row.request_id, with_for_update=True)
        _tell(session, SYSTEM, request, ("glass_review_overdue", {"glass": row.id}), now)
        ledger.append(session, STREAM, "glass_review_overdue", SYSTEM, {"glass": row.id}, now)
    return len(rows)
