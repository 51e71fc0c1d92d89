"""One-time links by mail: an invitation to choose a password, or a reset of it."""

from datetime import timedelta

import sqlalchemy as sa
from sqlalchemy.orm import Session

from app.accounts.sessions import keyed, new_secret
from app.accounts.tables import OneTimeLink
from app.kit import clock
from app.kit.db import keyring_of
from app.kit.errors import Invalid

INVITATION, RESET = "invitation", "reset"
LASTING = {INVITATION: timedelta(days=7), RESET: timedelta(hours=1)}
PREFIX = "link_"


def make(session: Session, person_id: int, purpose: str, account_id: int | None = None) -> str:
    """Make a link for a person and return its secret; an earlier one of the purpose is void.

    A reset names the account whose password it is for.
    """
    now = clock.now()
    drop(session, person_id, purpose)
    secret = new_secret(PREFIX)
    row = OneTimeLink(
        person_id=person_id,
        account_id=account_id,
        purpose=purpose,
        digest=keyed(keyring_of(session), purpose, secret).hex(),
        created_at=now,
        expires_at=now + LASTING[purpose],
    )
    session.add(row)
    session.flush()
    return secret


def drop(session: Session, person_id: int, *purposes: str) -> None:
    """Make the links of a person void that are for one of these purposes (none named: all)."""
    mine = [OneTimeLink.person_id == person_id, OneTimeLink.used_at.is_(None)]
    if purposes:
        mine.append(OneTimeLink.purpose.in_(purposes))
    session.execute(sa.update(OneTimeLink).where(*mine).values(used_at=clock.now()))


def person_of(session: Session, secret: str, purpose: str) -> int:
    """Return whose link it is, while it can be used. Raises Invalid, with one answer for all."""
    query = sa.select(OneTimeLink.person_id).where(*_usable(session, secret, purpose))
    person_id = session.scalar(query)
    if person_id is None:
        raise void()
    return person_id


def use(session: Session, secret: str, purpose: str) -> tuple[int, int | None]:
    """Use a link; of two calls at once one is refused. Raises Invalid.

    Returns whose it is, and the account that a reset is for.
    """
    query = sa.update(OneTimeLink).where(*_usable(session, secret, purpose))
    used = query.values(used_at=clock.now())
    found = session.execute(used.returning(OneTimeLink.person_id, OneTimeLink.account_id))
    row = found.one_or_none()
    if row is None:
        raise void()
    return row.person_id, row.account_id


def _usable(session: Session, secret: str, purpose: str) -> tuple[sa.ColumnElement[bool], ...]:
    return (
        OneTimeLink.digest == keyed(keyring_of(session), purpose, secret).hex(),
        OneTimeLink.purpose == purpose,
        OneTimeLink.used_at.is_(None),
        OneTimeLink.expires_at > clock.now(),
    )


def void() -> Invalid:
    """Return the one answer for every link that cannot be used."""
    return Invalid("link.void", "This link was used, is over, or is none: ask for another.")
