"""The queue of messages: written from what happened, taken under a lease, settled by its holder.

A message is tried at least once and bears one number however often it is. To one webhook at most
two are on their way at a time, one while it fails, and those about one request in their order.
"""

import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

import sqlalchemy as sa
from sqlalchemy.orm import Session, aliased

from app.config import Settings
from app.directory.actor import Actor
from app.directory.named import as_actor
from app.kit.errors import NotFound
from app.outbox import service as outbox
from app.requests.service import watch
from app.requests.service.watch import Happening
from app.webhooks import rules, service, signing
from app.webhooks.deliveries import new_message
from app.webhooks.tables import Delivery, Webhook

W, D = Webhook, Delivery
RELAY = "webhooks"
LEASE = timedelta(seconds=60)
"""How long a sender that says nothing keeps a message; a call takes ten seconds at most."""
IN_FLIGHT, WHILE_FAILING = 2, 1


@dataclass(frozen=True, slots=True)
class Errand:
    """One message that somebody has the turn to send: where to, and under which lease."""

    webhook: int
    delivery: int
    lease: str
    url: str
    headers: dict[str, str]
    body: bytes


def relay(session: Session, batch: int) -> int | None:
    """Write messages about what has happened since the mark; return how many, None at the end.

    Each webhook gets what its owner may know of, of the kinds that it asks for. Messages and mark
    are of one transaction, and the rows are unique: a relay that is killed has told nothing.
    """
    mark = outbox.take_mark(session, RELAY)
    events = watch.happenings(session, (mark.tx, mark.event_id), batch)
    if not events:
        return None
    written = sum(_write(session, row, events) for row in _listening(session))
    outbox.move_mark(session, mark, *events[-1].place)
    return written


def _listening(session: Session) -> Sequence[Webhook]:
    return session.scalars(sa.select(W).where(W.status.in_(("active", "paused")))).all()


def _write(session: Session, row: Webhook, events: Sequence[Happening]) -> int:
    wanted = [
        event
        for event in events
        if event.at >= row.created_at and (not row.kinds or event.kind in row.kinds)
    ]
    owner = _owner(session, row) if wanted else None
    if owner is None:
        return 0
    seen = watch.seen(session, owner, [event.place[1] for event in wanted])
    rows = [
        {
            "webhook_id": row.id,
            "event_id": event.place[1],
            "request_id": event.request_id,
            "message": new_message(),
            "kind": event.kind,
            "status": "waiting",
            "at": event.at,
            "due_at": event.at,
            "tries": 0,
        }
        for event in wanted
        if event.place[1] in seen
    ]
    return outbox.add_once(session, D, rows)


def _owner(session: Session, row: Webhook) -> Actor | None:
    try:
        return as_actor(session, row.person_id)
    except NotFound:
        return None


def due(session: Session, now: datetime) -> int:
    """Return how many webhooks have something to be sent now."""
    return len(session.scalars(_ready(session, now)).all())


def _ready(session: Session, now: datetime) -> sa.Select[int]:
    """Return the webhooks that may be called now, those that waited longest first."""
    moment, taken = outbox.moment(session), aliased(D)
    flying = sa.select(sa.func.count(taken.id)).where(
        taken.webhook_id == W.id, taken.status == "waiting", taken.leased_until > moment
    )
    bound = sa.case((W.failures > 0, WHILE_FAILING), else_=IN_FLIGHT)
    return (
        sa.select(W.id)
        .join(D, D.webhook_id == W.id)
        .where(
            W.status == "active",
            sa.or_(W.rest_until.is_(None), W.rest_until <= now),
            *_free(now, moment),
            flying.correlate(W).scalar_subquery() < bound,
        )
        .group_by(W.id)
        .order_by(sa.func.min(D.due_at))
    )


def _free(now: datetime, moment: datetime) -> list[sa.ColumnElement[bool]]:
    """Return the conditions on a message that somebody may send now."""
    earlier = aliased(D)
    before = sa.select(earlier.id).where(
        earlier.webhook_id == D.webhook_id,
        earlier.request_id == D.request_id,
        earlier.status == "waiting",
        earlier.id < D.id,
    )
    unleased = sa.or_(D.leased_until.is_(None), D.leased_until <= moment)
    return [D.status == "waiting", D.due_at <= now, unleased, ~before.correlate(D).exists()]


def take(session: Session, settings: Settings, now: datetime) -> Errand | bool:
    """Take the next message: to be sent, True when one should look again, False when none is due.

    The webhook is locked before its messages are counted, so that two who take at once do not
    pass the bound together; who came second looks again. The owner's sight is asked now: what is
    out of it is withheld.
    """
    number = session.scalars(_ready(session, now).limit(1)).one_or_none()
    if number is None:
        return False
    query = sa.select(W).where(W.id == number, W.status == "active").with_for_update()
    row = session.scalars(query.execution_options(populate_existing=True)).one_or_none()
    found = _next(session, row, now) if row is not None else None
    if row is None or found is None:
        return True
    return _prepared(session, settings, (row, found), now) or True


def _next(session: Session, row: Webhook, now: datetime) -> Delivery | None:
    moment = outbox.moment(session)
    waiting = sa.select(sa.func.count()).where(D.webhook_id == row.id, D.status == "waiting")
    flying = waiting.where(D.leased_until > moment)
    if session.scalars(flying).one() >= (WHILE_FAILING if row.failures else IN_FLIGHT):
        return None
    query = sa.select(D).where(D.webhook_id == row.id, *_free(now, moment)).order_by(D.id).limit(1)
    return session.scalars(query.with_for_update()).one_or_none()


def _prepared(
    session: Session, settings: Settings, pair: tuple[Webhook, Delivery], now: datetime
) -> Errand | None:
    row, found = pair
    told = _told(session, settings, row, found)
    if told is None:
        found.status = "withheld"
        session.flush()
        return None
    version, link = told
    found.lease = secrets.token_urlsafe(12)
    found.leased_until = outbox.moment(session) + LEASE
    found.tries += 1
    found.first_at = found.first_at or now
    session.flush()
    body = rules.body_of(found.message, rules.type_of(found.kind), version, link)
    headers = signing.headers(signing.live(session, row, now), found.message, body, now)
    return Errand(row.id, found.id, found.lease, row.url, headers, body)


def _told(
    session: Session, settings: Settings, row: Webhook, found: Delivery
) -> tuple[int, str] | None:
    """Return revision and link of a message; None when its owner may not know of it (any more)."""
    root = settings.public_url.rstrip("/") or f"http://{settings.host}:{settings.port}"
    owner = _owner(session, row)
    if owner is None:
        return None
    if found.event_id is None:
        return 0, f"{root}/api/v1/webhooks/{row.id}"
    named = watch.events_named(session, owner, [found.event_id]).get(found.event_id)
    if named is None:
        return None
    reference, number = named
    after = f"after={number - 1}&limit=1"
    return number, f"{root}/api/v1/requests/{reference}/timeline?{after}"


def settle(session: Session, errand: Errand, answered: str, now: datetime, chance: float) -> bool:
    """Note what came of a message; False when its lease has passed to somebody else meanwhile."""
    row = session.get_one(W, errand.webhook, with_for_update=True)
    mine = sa.select(D).where(D.id == errand.delivery, D.lease == errand.lease)
    found = session.scalars(mine.with_for_update()).one_or_none()
    if found is None:
        return False
    found.lease = found.leased_until = None
    found.tried_at = row.tried_at = now
    found.answered = row.answered = answered
    if rules.succeeded(answered):
        found.status, row.failures = "delivered", 0
        row.failing_since = row.rest_until = None
    else:
        _failed(session, row, found, now, chance)
    session.flush()
    return True


def _failed(session: Session, row: Webhook, found: Delivery, now: datetime, chance: float) -> None:
    """Put off a message and its webhook; give up what has failed for days."""
    row.failures += 1
    row.failing_since = row.failing_since or now
    row.rest_until = now + rules.pause_after(row.failures, chance)
    found.due_at = now + rules.pause_after(found.tries, chance)
    if now - (found.first_at or now) >= rules.GIVEN_UP:
        found.status = "dead"
    if row.status == "active" and now - row.failing_since >= rules.GIVEN_UP:
        service.disable(session, row)
