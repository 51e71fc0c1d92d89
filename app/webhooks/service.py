"""Webhooks: made, listed, renewed, paused and ended by their owners, or by administrators."""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta

import sqlalchemy as sa
from sqlalchemy.orm import Session

from app.config import Settings
from app.directory import service as directory
from app.directory.actor import SYSTEM, Actor
from app.kit import clock
from app.kit.db import keyring_of
from app.kit.errors import Conflict, Forbidden, Invalid, NotFound
from app.kit.pages import Page, cut, decode
from app.kit.rows import as_house
from app.ledger import service as ledger
from app.outbox import letters
from app.policy import rights
from app.webhooks import rules, signing
from app.webhooks.schemas import WebhookBody, WebhookView
from app.webhooks.tables import Delivery, Webhook

W = Webhook
MOST = 10
"""Webhooks that one owner may have at a time."""
BATCH = 500


def make(
    session: Session, settings: Settings, actor: Actor, body: WebhookBody
) -> tuple[str, Webhook]:
    """Make a webhook for oneself, or for a program by an administrator; return its secret too.

    Raises Forbidden, NotFound (no such owner), Invalid (an address not to be called), Conflict.
    """
    owner = _owner(session, actor, body.person_id)
    _hold_address(settings, body.url)
    held = sa.select(sa.func.count()).where(W.person_id == owner, W.status != "ended")
    if session.scalars(held).one() >= MOST:
        raise Conflict("webhook.many", f"That would be more than {MOST} webhooks: end one first.")
    row = Webhook(
        person_id=owner,
        made_by=actor.person_id,
        name=body.name,
        url=body.url,
        kinds=sorted(set(body.kinds)),
        status="active",
        key="",
        secret="",  # both follow: they are sealed for the number
        created_at=clock.now(),
        failures=0,
    )
    session.add(row)
    session.flush()
    secret = signing.put_first(session, row)
    session.flush()
    log(session, actor, row, "webhook_made")
    return secret, row


def _hold_address(settings: Settings, url: str) -> None:
    """Refuse an address that is not to be called. Raises Invalid."""
    wrong = rules.unfit(url, settings.webhook_ports)
    if wrong == "port":
        ports = ", ".join(map(str, settings.webhook_ports))
        raise Invalid("webhook.port", f"Only these ports are called from here: {ports}.")
    if wrong:
        raise Invalid("webhook.url", "The address begins with https:// and holds no user and no #.")


def _owner(session: Session, actor: Actor, wanted: int | None) -> int:
    """Return whose webhook it becomes. Raises Forbidden, NotFound."""
    if wanted is None or wanted == actor.person_id:
        return actor.person_id or 0
    if not rights.reaches_beyond(actor, "make_webhook"):
        raise Forbidden("webhook.owner", "Administrators alone make webhooks for others.")
    person = directory.person_of(session, wanted)
    if not person.program or not person.active:
        raise Forbidden("webhook.owner", "Webhooks are made for oneself; for programs by a keeper.")
    return person.id


def own(session: Session, actor: Actor) -> Sequence[Webhook]:
    """Return one's own webhooks, oldest first, without those that ended."""
    query = sa.select(W).where(W.person_id == actor.person_id, W.status != "ended")
    return session.scalars(query.order_by(W.id)).all()


def any_disabled(session: Session, actor: Actor) -> bool:
    """Whether one of somebody's own webhooks was disabled."""
    query = sa.select(W.id).where(W.person_id == actor.person_id, W.status == "disabled")
    return session.scalars(query.limit(1)).one_or_none() is not None


def webhooks(session: Session, actor: Actor, cursor: str | None, limit: int) -> Page[Webhook]:
    """Return one page of webhooks by number: one's own, or for administrators everybody's."""
    query = sa.select(W).order_by(W.id).limit(limit + 1)
    if not rights.reaches_beyond(actor, "list_webhooks"):
        query = query.where(W.person_id == actor.person_id)
    if cursor:
        query = query.where(W.id > decode(cursor, (int,))[0])
    return cut(session.scalars(query).all(), limit, lambda row: [row.id])


def every(session: Session) -> Sequence[Webhook]:
    """Return all webhooks but those that ended, for the installation's own command line."""
    return session.scalars(sa.select(W).where(W.status != "ended").order_by(W.id)).all()


def find(session: Session, actor: Actor | None, number: int, *, lock: bool = False) -> Webhook:
    """Return a webhook of one's own, or anyone's to an administrator (None: the command line).

    Raises NotFound.
    """
    query = sa.select(W).where(W.id == number)
    row = session.scalars(query.with_for_update() if lock else query).one_or_none()
    mine = actor is not None and row is not None and row.person_id == actor.person_id
    if row is None or not (mine or rights.reaches_beyond(actor, "read_webhook")):
        raise NotFound("webhook.unknown", "There is no such webhook.")
    return row


def views(session: Session, rows: Sequence[Webhook]) -> list[WebhookView]:
    """Return webhooks as they are shown, with the names of their owners."""
    names = directory.names(session, [row.person_id for row in rows])
    return [
        WebhookView(
            owner=row.person_id,
            owner_name=names[row.person_id],
            **{name: getattr(row, name) for name in WebhookView.model_fields if hasattr(row, name)},
        )
        for row in rows
    ]


def rotate(session: Session, actor: Actor, number: int, hours: int) -> tuple[str, Webhook]:
    """Give a webhook another secret; the former counts beside it for some hours.

    Raises NotFound, Conflict (ended), Forbidden: a person's secret is that person's to see.
    """
    row = _running(session, actor, number)
    if row.person_id != actor.person_id and not directory.person_of(session, row.person_id).program:
        raise Forbidden("webhook.owner", "A person's secret is renewed by that person.")
    secret = signing.renew(session, row, clock.now(), timedelta(hours=hours))
    log(session, actor, row, "webhook_secret_renewed")
    return secret, row


def pause(session: Session, actor: Actor | None, number: int) -> Webhook:
    """Send nothing until it is resumed; what happens meanwhile waits. Raises NotFound, Conflict."""
    row = _running(session, actor, number)
    row.status = "paused"
    log(session, actor, row, "webhook_paused")
    return row


def resume(session: Session, actor: Actor | None, number: int) -> Webhook:
    """Send again, at once, what waits and what happens from now on. Raises NotFound, Conflict."""
    row = _running(session, actor, number)
    row.status, row.failures = "active", 0
    row.failing_since = row.rest_until = None
    log(session, actor, row, "webhook_resumed")
    return row


def end(session: Session, actor: Actor | None, number: int) -> Webhook:
    """End a webhook for good: its secrets are destroyed, what waits is not sent any more.

    Raises NotFound, Conflict.
    """
    row = _running(session, actor, number)
    row.status, row.ended_at = "ended", clock.now()
    signing.forget(row)
    waiting = sa.update(Delivery).where(Delivery.webhook_id == row.id, Delivery.status == "waiting")
    with as_house(session):  # also what the owner does not see any more
        session.execute(waiting.values(status="withheld"))
    log(session, actor, row, "webhook_ended")
    return row


def _running(session: Session, actor: Actor | None, number: int) -> Webhook:
    row = find(session, actor, number, lock=True)
    if row.status == "ended":
        raise Conflict("webhook.ended", "This webhook has ended: make another one.")
    return row


def disable(session: Session, row: Webhook) -> None:
    """Stop calling a receiver that has failed for days, and write to its owner.

    A program has no address: the letter goes to whoever made the webhook.
    """
    row.status = "disabled"
    for person_id in (row.person_id, row.made_by):
        address = directory.person_of(session, person_id).email if person_id else None
        if address:
            letters.write(session, letters.WEBHOOK_DISABLED, address)
            break
    log(session, SYSTEM, row, "webhook_disabled")


def rewrap_all(session: Session, after: int) -> tuple[int, int | None]:
    """Wrap the keys of the next webhooks after a number anew with the current master key.

    Returns how many were changed, and the number to go on from; None at the end.
    """
    query = sa.select(W).where(W.id > after).order_by(W.id).limit(BATCH).with_for_update()
    rows, ring = session.scalars(query).all(), keyring_of(session)
    changed = sum(signing.rewrap(ring, row) for row in rows)
    session.flush()
    return changed, rows[-1].id if len(rows) == BATCH else None


def troubled(session: Session, now: datetime) -> tuple[int, int]:
    """Return how many webhooks are disabled, and how many have failed for an hour, for doctor."""
    disabled = sa.select(sa.func.count()).where(W.status == "disabled")
    since = W.failing_since < now - timedelta(hours=1)
    failing = sa.select(sa.func.count()).where(W.status == "active", since)
    return session.scalars(disabled).one(), session.scalars(failing).one()


def log(
    session: Session,
    actor: Actor | None,
    row: Webhook,
    action: str,
    more: Mapping[str, str] | None = None,
) -> None:
    """Note in the decision log what became of a webhook: where it leads goes by its host alone."""
    host = row.url.removeprefix("https://").partition("/")[0]
    told = {"webhook": row.id, "owner": row.person_id, "host": host, **(more or {})}
    ledger.append(session, ledger.DIRECTORY, action, actor, told)
    session.flush()
