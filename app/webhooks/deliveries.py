"""Messages to webhooks as their owners see them: listed, sent once more, tried out."""

import secrets
from collections.abc import Sequence
from datetime import timedelta

import sqlalchemy as sa
from sqlalchemy.orm import Session

from app.accounts import limits
from app.accounts.limits import Limit
from app.config import Settings
from app.directory.actor import Actor
from app.kit import clock
from app.kit.errors import Conflict, NotFound, TooMany
from app.kit.pages import Page, cut, decode
from app.requests import access
from app.requests.service import watch
from app.requests.tables import AssistanceRequest
from app.webhooks import rules, service
from app.webhooks.schemas import DeliveryView
from app.webhooks.tables import Delivery, Webhook

D = Delivery
R = AssistanceRequest
HOUR = timedelta(hours=1)


def new_message() -> str:
    """Return a number for a message that nobody guesses."""
    return f"msg_{secrets.token_urlsafe(18)}"


def deliveries(
    session: Session, actor: Actor, row: Webhook, cursor: str | None, limit: int
) -> Page[Delivery]:
    """Return one page of the messages to a webhook, newest first, as far as the actor sees.

    What is about a request that the actor may not (or no longer) see is left out.
    """
    query = sa.select(D).where(D.webhook_id == row.id, _open_to(actor))
    if cursor:
        query = query.where(D.id < decode(cursor, (int,))[0])
    rows = session.scalars(query.order_by(D.id.desc()).limit(limit + 1)).all()
    return cut(rows, limit, lambda one: [one.id])


def _open_to(actor: Actor) -> sa.ColumnElement[bool]:
    seen = sa.select(R.id).where(access.visible(actor))
    return sa.or_(D.request_id.is_(None), D.request_id.in_(seen))


def views(session: Session, actor: Actor, rows: Sequence[Delivery]) -> list[DeliveryView]:
    """Return messages as they are shown: what they are about as far as the actor may know."""
    about = watch.events_named(session, actor, [row.event_id for row in rows if row.event_id])
    told = DeliveryView.model_fields.keys() - {"reference", "number"}
    return [
        DeliveryView(
            reference=reference,
            number=number,
            **{name: getattr(row, name) for name in told},
        )
        for row in rows
        for reference, number in [about.get(row.event_id or 0, (None, None))]
    ]


def replay(session: Session, actor: Actor, number: int, delivery: int) -> Delivery:
    """Send a message once more, under the same number: whoever has it already passes it over.

    Raises NotFound, Conflict: it still waits, or its webhook does not send.
    """
    row = _sending(session, actor, number)
    mine = sa.select(D).where(D.id == delivery, D.webhook_id == number, _open_to(actor))
    found = session.scalars(mine.with_for_update()).one_or_none()
    if found is None:
        raise NotFound("delivery.unknown", "There is no such delivery.")
    if found.status == "waiting":
        raise Conflict("delivery.waiting", "It waits to be sent already.")
    found.status, found.due_at, found.tries = "waiting", clock.now(), 0
    found.first_at = found.answered = None
    row.rest_until = None
    service.log(session, actor, row, "webhook_replayed", {"message": found.message})
    return found


def test(session: Session, settings: Settings, actor: Actor, number: int) -> Delivery:
    """Send a message about nothing, to try a receiver out. Raises NotFound, Conflict, TooMany."""
    row = _sending(session, actor, number)
    if settings.webhook_test_limit:
        limit = Limit("webhook_tests", settings.webhook_test_limit, HOUR)
        try:
            limits.take(session, [limit], str(actor.person_id), clock.now())
        except TooMany as fault:
            said = f"At most {settings.webhook_test_limit} tests an hour."
            raise TooMany("limit.reached", said, fault.wait) from None
    now = clock.now()
    made = Delivery(
        webhook_id=row.id,
        message=new_message(),
        kind=rules.TEST,
        status="waiting",
        at=now,
        due_at=now,
        tries=0,
    )
    session.add(made)
    row.rest_until = None
    service.log(session, actor, row, "webhook_tested", {"message": made.message})
    return made


def _sending(session: Session, actor: Actor, number: int) -> Webhook:
    row = service.find(session, actor, number, lock=True)
    if row.status != "active":
        raise Conflict("webhook.not_active", "This webhook does not send: resume it first.")
    return row
