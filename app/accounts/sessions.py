"""Sessions in a browser: how they begin, are recognised, get another identifier, and end."""

import base64
import hashlib
import hmac
import secrets
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

import sqlalchemy as sa
from sqlalchemy.orm import Session

from app.accounts.limits import digest_of
from app.accounts.schemas import SessionView
from app.accounts.tables import Account, WebSession
from app.directory import grants
from app.directory.actor import Actor, Grant
from app.directory.credentials import standing_of
from app.directory.same import others_of
from app.directory.tables import Person
from app.kit import clock, keys
from app.kit.db import keyring_of
from app.kit.errors import NotFound, Unauthenticated
from app.kit.keys import Keyring

PREFIX = "ses_"
IDLE = timedelta(minutes=30)
ABSOLUTE = timedelta(hours=12)
PENDING = timedelta(minutes=10)
"""How long a second factor may be awaited."""
RECENT = timedelta(minutes=10)
"""How long after signing in a first second factor may be enrolled."""


@dataclass(frozen=True, slots=True)
class Visitor:
    """From where somebody calls: the address, and what the browser says of itself."""

    address: str
    agent: str = ""


@dataclass(frozen=True, slots=True)
class Opened:
    """A session with the identifier that its browser is to keep; it is not kept here."""

    secret: str
    row: WebSession


def keyed(ring: Keyring, purpose: str, text: str) -> bytes:
    """Return a digest under the key of sessions and links; another key makes all of them void."""
    _, key = ring.current(keys.SESSION)
    return hmac.new(key, f"{purpose}\n{text}".encode(), hashlib.sha256).digest()


def new_secret(prefix: str) -> str:
    """Return 256 bits of chance as text."""
    return prefix + secrets.token_urlsafe(32)


def csrf_of(ring: Keyring, secret: str) -> str:
    """Return what the pages of a session send along to show that they are its own."""
    return base64.urlsafe_b64encode(keyed(ring, "csrf", secret)).decode().rstrip("=")


def begin(session: Session, account: Account, visitor: Visitor, *, pending: bool) -> Opened:
    """Begin a session of an account; while `pending`, its second factor is still due."""
    now = clock.now()
    secret = new_secret(PREFIX)
    row = WebSession(
        person_id=account.person_id,
        account_id=account.id,
        digest=_digest(session, secret),
        rights=_rights(grants.held(session, account.person_id, now)[0]),
        pending=pending,
        created_at=now,
        seen_at=now,
        expires_at=now + (PENDING if pending else ABSOLUTE),
        agent="".join(sign for sign in visitor.agent if sign.isprintable())[:120],
        place=digest_of(session, "place", visitor.address),
    )
    account.used_at = now
    session.add(row)
    session.flush()
    return Opened(secret, row)


def recognise(session: Session, secret: str) -> Actor:
    """Return who holds a session at this moment. Raises Unauthenticated, with one answer for all.

    A session is over when it ended, when its time is over, when its account or person may not sign
    in any more, and when the person's roles are no longer those that it began with.
    """
    row, person, others = _held(session, secret, pending=False)
    known = (person.id, person.name, person.language, others)
    now = clock.now()
    actor, _ = standing_of(session, known, now)
    if row.rights != _rights(actor.grants):
        raise _over()
    until = min(now + IDLE, row.expires_at)
    credential = f"session:{row.id}"
    return replace(actor, assured_at=row.assured_at, credential=credential, until=until)


def awaiting(session: Session, secret: str) -> WebSession:
    """Return a session whose second factor is due. Raises Unauthenticated."""
    return _held(session, secret, pending=True)[0]


def touch(session: Session, secret: str, now: datetime) -> None:
    """Note that a session is in use, which puts off its idle end."""
    mine = WebSession.digest == _digest(session, secret)
    session.execute(sa.update(WebSession).where(mine).values(seen_at=now))


def assure(session: Session, number: int, *, again: bool = False) -> Opened:
    """Note that a second factor was given; the session gets another identifier.

    With `again` it was in use before and keeps its end; else its hours begin now.
    """
    row = session.get_one(WebSession, number)
    now = clock.now()
    secret = new_secret(PREFIX)
    row.digest = _digest(session, secret)
    row.assured_at = row.seen_at = now
    row.pending = False
    if not again:
        row.expires_at = now + ABSOLUTE
    session.flush()
    return Opened(secret, row)


def renew(session: Session, number: int) -> Opened:
    """Give a session another identifier and leave its times as they are."""
    row = session.get_one(WebSession, number)
    secret = new_secret(PREFIX)
    row.digest = _digest(session, secret)
    session.flush()
    return Opened(secret, row)


def number_of(actor: Actor) -> int | None:
    """Return the number of the session that an actor calls with; None for a token."""
    kind, _, number = actor.credential.partition(":")
    return int(number) if kind == "session" else None


def recent(session: Session, actor: Actor) -> bool:
    """Whether an actor's session began ten minutes ago at most: a cookie found later is not."""
    number = number_of(actor)
    row = session.get(WebSession, number) if number else None
    return row is not None and clock.now() - row.created_at <= RECENT


def own(session: Session, person_id: int) -> Sequence[WebSession]:
    """Return the sessions of a person that are open, newest first."""
    now = clock.now()
    query = sa.select(WebSession).where(WebSession.person_id == person_id, *_open(now))
    return session.scalars(query.order_by(WebSession.id.desc())).all()


def views(session: Session, actor: Actor) -> list[SessionView]:
    """Return one's own open sessions."""
    return [view(row, actor) for row in own(session, actor.person_id or 0)]


def view(row: WebSession, actor: Actor) -> SessionView:
    """Return a session as its owner sees it."""
    return SessionView(
        id=row.id,
        agent=row.agent,
        created_at=row.created_at,
        seen_at=row.seen_at,
        expires_at=row.expires_at,
        assured_at=row.assured_at,
        present=row.id == number_of(actor),
    )


def end(session: Session, person_id: int, number: int) -> WebSession:
    """End one of a person's sessions. Raises NotFound."""
    row = session.get(WebSession, number)
    if row is None or row.person_id != person_id:
        raise NotFound("session.unknown", "There is no such session.")
    row.ended_at = row.ended_at or clock.now()
    session.flush()
    return row


def end_by_secret(session: Session, secret: str) -> WebSession | None:
    """End the session of an identifier, if it is one, also while its second factor is due."""
    mine = WebSession.digest == _digest(session, secret)
    row = session.scalars(sa.select(WebSession).where(mine)).one_or_none()
    return end(session, row.person_id, row.id) if row is not None else None


def end_all(session: Session, person_id: int, but: int = 0) -> None:
    """End every session of a person, but perhaps the one that he or she is at."""
    mine = WebSession.person_id == person_id, WebSession.id != but
    held = sa.and_(*mine, WebSession.ended_at.is_(None))
    session.execute(sa.update(WebSession).where(held).values(ended_at=clock.now()))


def _digest(session: Session, secret: str) -> str:
    return keyed(keyring_of(session), "session", secret).hex()


def _open(now: datetime) -> tuple[sa.ColumnElement[bool], ...]:
    return (
        WebSession.ended_at.is_(None),
        WebSession.expires_at > now,
        WebSession.seen_at > now - IDLE,
    )


def _held(session: Session, secret: str, *, pending: bool) -> tuple[WebSession, Person, str | None]:
    query = (
        sa.select(WebSession, Person, others_of(Person.id))
        .join(Person, Person.id == WebSession.person_id)
        .join(Account, Account.id == WebSession.account_id)
        .where(
            WebSession.digest == _digest(session, secret),
            WebSession.pending.is_(pending),
            Person.suspended_at.is_(None),
            Account.disabled_at.is_(None),
            *_open(clock.now()),
        )
    )
    found = session.execute(query).one_or_none()
    if found is None:
        raise _over()
    return found[0], found[1], found[2]


def _over() -> Unauthenticated:
    return Unauthenticated("session.invalid", "There is no such session any more: sign in.")


def _rights(held: Sequence[Grant]) -> str:
    roles = [grant for grant in held if grant.named is None]
    told = sorted(f"{g.role}/{g.country or ''}/{g.entity or ''}" for g in roles)
    return hashlib.sha256("\n".join(told).encode()).hexdigest()
