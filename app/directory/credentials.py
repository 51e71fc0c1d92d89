"""Bearer tokens: how they are made, hashed and recognised."""

import hashlib
import hmac
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta

import sqlalchemy as sa
from sqlalchemy.orm import Session

from app.directory.actor import Actor, Grant
from app.directory.named import named
from app.directory.tables import AccessEpoch, ApiToken, Person, RoleGrant
from app.kit.errors import Invalid, Unauthenticated

PREFIX = "ent_"
LONGEST = timedelta(days=90)


def digest(key: str, token: str) -> str:
    """Return the keyed hash under which a token is stored."""
    return hmac.new(key.encode(), token.encode(), hashlib.sha256).hexdigest()


@dataclass(frozen=True, slots=True)
class Credential:
    """A recognised actor, until when its token holds, and the epoch in which it was read."""

    actor: Actor
    expires_at: datetime
    epoch: int


def issue(
    session: Session, key: str, person_id: int, name: str, now: datetime, lasting: timedelta
) -> tuple[str, ApiToken]:
    """Make a token for a person and return it with its row; the secret is not kept anywhere.

    Raises Invalid when it should last longer than 90 days.
    """
    if not timedelta(0) < lasting <= LONGEST:
        raise Invalid("token.lasting", "A token lasts from one moment up to 90 days.")
    secret = PREFIX + secrets.token_urlsafe(32)
    row = ApiToken(
        person_id=person_id,
        name=name,
        prefix=secret[:10],
        digest=digest(key, secret),
        created_at=now,
        expires_at=now + lasting,
    )
    session.add(row)
    advance_epoch(session)
    session.flush()
    return secret, row


def advance_epoch(session: Session) -> None:
    """Make every worker forget whom it remembers; call it at any change of rights."""
    session.execute(sa.update(AccessEpoch).values(number=AccessEpoch.number + 1))


def recognise(session: Session, key: str, token: str, now: datetime) -> Credential:
    """Return who holds a token. Raises Unauthenticated, with one answer for every failure."""
    row = session.execute(
        sa.select(
            Person.id,
            Person.name,
            Person.language,
            ApiToken.expires_at,
            sa.select(AccessEpoch.number).scalar_subquery(),
        )
        .join(ApiToken, ApiToken.person_id == Person.id)
        .where(
            ApiToken.digest == digest(key, token),
            ApiToken.revoked_at.is_(None),
            ApiToken.expires_at > now,
            Person.suspended_at.is_(None),
        )
    ).one_or_none()
    if row is None:
        raise Unauthenticated("token.invalid", "Send a valid token: Authorization: Bearer ent_...")
    person_id, name, language, expires_at, epoch = row
    grants = session.execute(
        sa.select(RoleGrant.role, RoleGrant.country, RoleGrant.entity)
        .where(RoleGrant.person_id == person_id)
        .order_by(RoleGrant.id)
    )
    held = tuple(Grant(role, country, entity) for role, country, entity in grants)
    held += named(session, person_id)
    return Credential(Actor(person_id, name, held, language), expires_at, epoch)
