"""Second factors: a device shows a code for every 30 seconds (RFC 6238), each taken once."""

from datetime import datetime

import pyotp
import sqlalchemy as sa
from sqlalchemy.orm import Session

from app.accounts import sessions
from app.accounts.tables import RecoveryCode, SecondFactor
from app.directory.actor import Actor
from app.directory.service import person_of
from app.directory.tables import Person
from app.kit import clock, sealing
from app.kit.db import keyring_of
from app.kit.errors import Conflict, Forbidden
from app.kit.sealing import Place
from app.ledger import service as ledger
from app.policy import rights

PERIOD = 30
DRIFT = 1
"""Periods by which a device's clock may be off, either way."""
ISSUER = "Entente"
BATCH = 500


def enrolled(session: Session, person_id: int) -> bool:
    """Whether a person has a confirmed second factor."""
    query = sa.select(SecondFactor.person_id).where(
        SecondFactor.person_id == person_id, SecondFactor.confirmed_at.is_not(None)
    )
    return session.scalar(query) is not None


def begin_own(session: Session, actor: Actor) -> str:
    """Give oneself a device to confirm; return what the device reads, shown this once.

    It takes a session that began just now: whoever finds a token or a cookie must not gain with it
    what only its owner can give. Raises Forbidden, Conflict.
    """
    if not sessions.recent(session, actor) or actor.person_id is None:
        raise Forbidden("second_factor.recent", "Sign in anew, then enrol within ten minutes.")
    return uri(session, actor.person_id, begin(session, actor.person_id))


def remove_for(session: Session, actor: Actor, person_id: int) -> Person:
    """Take a person's lost device out of force; every session ends. Raises Forbidden, NotFound."""
    if actor.person_id != person_id and not rights.reaches_beyond(actor, "remove_second_factor"):
        raise Forbidden("second_factor.owner", "That is another person's.")
    person = person_of(session, person_id)
    remove(session, person_id)
    sessions.end_all(session, person_id)
    told = {"person": person_id}
    ledger.append(session, ledger.DIRECTORY, "second_factor_removed", actor, told)
    return person


def begin(session: Session, person_id: int) -> str:
    """Give a person a new device to confirm; return its secret, which is shown this once.

    Raises Conflict while a confirmed one is there: it has to be removed first.
    """
    if enrolled(session, person_id):
        raise Conflict("second_factor.enrolled", "There is a second factor; remove it first.")
    session.execute(sa.delete(SecondFactor).where(SecondFactor.person_id == person_id))
    secret = pyotp.random_base32()
    session.add(_sealed(session, person_id, secret))
    session.flush()
    return secret


def uri(session: Session, person_id: int, secret: str) -> str:
    """Return what a device reads (as a square code, say) to show the codes of a secret."""
    person = person_of(session, person_id)
    device = pyotp.TOTP(secret, name=person.email or person.name, issuer=ISSUER)
    return str(device.provisioning_uri())


def key_in(uri: str) -> str:
    """Return the secret in what a device reads, in groups to be typed."""
    secret = pyotp.parse_uri(uri).secret
    return " ".join(secret[start : start + 4] for start in range(0, len(secret), 4))


def confirm(session: Session, person_id: int, code: str) -> None:
    """Put a device into force by its first code. Raises Conflict when none waits, Forbidden."""
    row = session.get(SecondFactor, person_id)
    if row is None or row.confirmed_at is not None:
        raise Conflict("second_factor.not_begun", "Begin with POST /api/v1/me/second-factor.")
    _take(session, row, code)
    row.confirmed_at = clock.now()
    session.flush()


def give(session: Session, person_id: int, code: str) -> None:
    """Take a code of a person's device, once. Raises Forbidden: none enrolled, or wrong."""
    row = session.get(SecondFactor, person_id)
    if row is None or row.confirmed_at is None:
        raise Forbidden("second_factor.missing", "Enrol a second factor first.")
    _take(session, row, code)


def remove(session: Session, person_id: int) -> None:
    """Take a person's device out of force, and what could stand in for it."""
    for rows in (SecondFactor, RecoveryCode):
        session.execute(sa.delete(rows).where(rows.person_id == person_id))


def hand_over(session: Session, kept_id: int, joined_id: int) -> None:
    """Let a confirmed device of one record be the other's, if that has none."""
    row = session.get(SecondFactor, joined_id)
    if row is None or row.confirmed_at is None or enrolled(session, kept_id):
        return
    remove(session, kept_id)
    passed = _sealed(session, kept_id, _secret(session, row))
    passed.confirmed_at, passed.last_step = row.confirmed_at, row.last_step
    session.add(passed)
    session.flush()


def enrol_at_once(session: Session, person_id: int) -> str:
    """Give a person a device in force, and return its secret.

    For the installation's own command line, whoever works there holds the database anyway.
    """
    remove(session, person_id)
    secret = begin(session, person_id)
    session.get_one(SecondFactor, person_id).confirmed_at = clock.now()
    session.flush()
    return secret


def code_of(secret: str, now: datetime) -> str:
    """Return what a device with this secret shows."""
    return str(pyotp.TOTP(secret).at(now))


def rewrap_all(session: Session, after: int) -> tuple[int, int | None]:
    """Wrap the next devices' keys after a person's id anew with the current master key.

    Returns how many were changed, and the id to go on from; None at the end.
    """
    query = sa.select(SecondFactor).where(SecondFactor.person_id > after)
    query = query.order_by(SecondFactor.person_id).limit(BATCH).with_for_update()
    rows, ring, changed = session.scalars(query).all(), keyring_of(session), 0
    for row in rows:
        wrapped = sealing.rewrap(ring, row.key, Place("second_factors", row.person_id, "key"))
        if wrapped is not None:
            row.key, changed = wrapped, changed + 1
    session.flush()
    return changed, rows[-1].person_id if len(rows) == BATCH else None


def _take(session: Session, row: SecondFactor, code: str) -> None:
    """Take a code whose period was not taken before. Raises Forbidden.

    The row moves on in one statement: of two calls with one code, one is refused.
    """
    step = _step_of(_secret(session, row), code, clock.now())
    if step is None or not _advance(session, row.person_id, step):
        raise Forbidden("second_factor.wrong", "That code is wrong, or was used before.")
    session.refresh(row)


def _sealed(session: Session, person_id: int, secret: str) -> SecondFactor:
    """Return the row of a device that waits to be confirmed, its secret sealed by its own key."""
    key, wrapped = sealing.new_key(keyring_of(session), Place("second_factors", person_id, "key"))
    place = Place("second_factors", person_id, "secret")
    sealed = sealing.seal_text(key, secret, place)
    return SecondFactor(person_id=person_id, key=wrapped, secret=sealed, created_at=clock.now())


def _secret(session: Session, row: SecondFactor) -> str:
    """Return what a device and the house know together."""
    place = Place("second_factors", row.person_id, "key")
    key = sealing.unwrap(keyring_of(session), row.key, place)
    return sealing.unseal_text(key, row.secret, Place("second_factors", row.person_id, "secret"))


def _step_of(secret: str, code: str, now: datetime) -> int | None:
    """Return the period that a code belongs to; every one is compared, whichever fits."""
    device, present = pyotp.TOTP(secret), int(now.timestamp()) // PERIOD
    fitting = None
    for step in range(present - DRIFT, present + DRIFT + 1):
        if pyotp.utils.strings_equal(device.generate_otp(step), code):
            fitting = step
    return fitting


def _advance(session: Session, person_id: int, step: int) -> bool:
    later = sa.or_(SecondFactor.last_step.is_(None), SecondFactor.last_step < step)
    query = sa.update(SecondFactor).where(SecondFactor.person_id == person_id, later)
    taken = session.execute(query.values(last_step=step).returning(SecondFactor.person_id))
    return taken.one_or_none() is not None
