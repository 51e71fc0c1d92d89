"""Bearer tokens: how they are made, hashed and recognised."""

import hashlib
import hmac
import secrets
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

import sqlalchemy as sa
from sqlalchemy.orm import Session

from app.directory import grants
from app.directory.actor import Actor
from app.directory.named import named
from app.directory.same import numbers_in, others_of
from app.directory.tables import AccessEpoch, ApiToken, Person
from app.kit.errors import Invalid, Unauthenticated
from app.policy.rule import SCOPES

PREFIX = "ent_"
LONGEST = timedelta(days=90)
KIND = "token:"
"""How the name of a credential begins that is a token; its number follows."""


def digest(key: str, token: str) -> str:
    """Return the keyed hash under which a token is stored."""
    return hmac.new(key.encode(), token.encode(), hashlib.sha256).hexdigest()


@dataclass(frozen=True, slots=True)
class Credential:
    """A recognised actor, until when it may be remembered, and the epoch in which it was read.

    It is read anew when the token expires, and when a grant begins or ends by its date.
    """

    actor: Actor
    expires_at: datetime
    epoch: int


@dataclass(frozen=True, slots=True)
class Wanted:
    """A token that shall be made: whose, what for, from when to when, and what it may do."""

    person_id: int
    name: str
    now: datetime
    until: datetime
    scopes: frozenset[str]


def issue(session: Session, key: str, wanted: Wanted) -> tuple[str, ApiToken]:
    """Make a token for a person and return it with its row; the secret is not kept anywhere.

    Raises Invalid when it should last longer than 90 days.
    """
    if not timedelta(0) < wanted.until - wanted.now <= LONGEST:
        raise Invalid("token.lasting", "A token lasts from one moment up to 90 days.")
    secret = PREFIX + secrets.token_urlsafe(32)
    row = ApiToken(
        person_id=wanted.person_id,
        name=wanted.name,
        prefix=secret[:10],
        digest=digest(key, secret),
        created_at=wanted.now,
        expires_at=wanted.until,
        scopes=" ".join(scope for scope in SCOPES if scope in wanted.scopes),
    )
    session.add(row)
    advance_epoch(session)
    session.flush()
    return secret, row


def advance_epoch(session: Session) -> None:
    """Make every worker forget whom it remembers; call it at any change of rights."""
    session.execute(sa.update(AccessEpoch).values(number=AccessEpoch.number + 1))


HOLDER = (
    sa.select(
        Person.id,
        Person.name,
        Person.language,
        ApiToken.id,
        ApiToken.scopes,
        ApiToken.assured_at,
        ApiToken.expires_at,
        sa.select(AccessEpoch.number).scalar_subquery(),
        others_of(Person.id),
    )
    .join(ApiToken, ApiToken.person_id == Person.id)
    .where(
        ApiToken.digest == sa.bindparam("digest"),
        ApiToken.revoked_at.is_(None),
        ApiToken.expires_at > sa.bindparam("now"),
        Person.suspended_at.is_(None),
    )
)


def recognise(session: Session, key: str, token: str, now: datetime) -> Credential:
    """Return who holds a token. Raises Unauthenticated, with one answer for every failure."""
    meant = {"digest": digest(key, token), "now": now}
    row = session.execute(HOLDER, meant).one_or_none()
    if row is None:
        raise Unauthenticated("token.invalid", "Send a valid token: Authorization: Bearer ent_...")
    person_id, name, language, number, scopes, assured_at, expires_at, epoch, others = row
    actor, changes_at = standing_of(session, (person_id, name, language, others), now)
    actor = replace(
        actor,
        scopes=None if scopes is None else frozenset(scopes.split()),
        assured_at=assured_at,
        credential=f"{KIND}{number}",
    )
    return Credential(actor, min(expires_at, changes_at or expires_at), epoch)


def standing_of(
    session: Session, person: tuple[int, str, str, str | None], now: datetime
) -> tuple[Actor, datetime | None]:
    """Return a person (id, name, language, other numbers) with grants and ties.

    The moment beside it is when grants next change.

    Whatever kind of credential somebody came with, it is not remembered past that moment.
    """
    person_id, name, language, others = person
    held, changes_at = grants.held(session, person_id, now)
    held += named(session, person_id)
    ties = grants.ties_of(session, [person_id])
    also = numbers_in(others)
    return Actor(person_id, name, held, language, ties=ties, others=also), changes_at


def token_of(session: Session, actor: Actor) -> ApiToken | None:
    """Return the token that the actor came with, if it is one."""
    if not actor.credential.startswith(KIND):
        return None
    return session.get(ApiToken, int(actor.credential.removeprefix(KIND)))


def note_use(session: Session, used: Mapping[str, datetime]) -> None:
    """Write down when credentials were last used; what is not a token is passed over."""
    for credential, at in sorted(used.items()):
        if credential.startswith(KIND):
            number = int(credential.removeprefix(KIND))
            session.execute(
                sa.update(ApiToken)
                .where(
                    ApiToken.id == number,
                    sa.or_(ApiToken.last_used_at.is_(None), ApiToken.last_used_at < at),
                )
                .values(last_used_at=at)
            )


def assure(session: Session, number: int, now: datetime) -> None:
    """Note that a second factor was given with a token, on every worker."""
    session.execute(sa.update(ApiToken).where(ApiToken.id == number).values(assured_at=now))
    advance_epoch(session)
