"""Recovery codes: what stands in for a lost device, each once; shown when made, kept as digests.

A code has 120 bits of chance, so that a plain digest cannot be searched, and no key that is
exchanged makes codes void that lie in somebody's drawer.
"""

import base64
import hashlib
import secrets
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session

from app.accounts import factors
from app.accounts.schemas import RecoveryView
from app.accounts.tables import RecoveryCode
from app.directory.actor import Actor
from app.kit import clock
from app.kit.errors import Conflict, Forbidden
from app.ledger import service as ledger

MADE = 10
BYTES = 15
GROUP = 4


def make(session: Session, actor: Actor) -> list[str]:
    """Make a person's codes anew and return them, this once; the earlier ones are void.

    Raises Conflict without a device that they could stand in for.
    """
    person_id = actor.person_id or 0
    if not factors.enrolled(session, person_id):
        raise Conflict("recovery.no_device", "Enrol a second factor first.")
    now = clock.now()
    drop(session, person_id)
    codes = [_new() for _ in range(MADE)]
    session.add_all(
        RecoveryCode(person_id=person_id, digest=_digest(person_id, code), made_at=now)
        for code in codes
    )
    session.flush()
    ledger.append(session, ledger.DIRECTORY, "recovery_codes_made", actor, {"codes": MADE})
    return codes


def use(session: Session, person_id: int, code: str) -> int:
    """Use a code and return how many are left; of two calls at once one is refused.

    Raises Forbidden when it is none of the person's, or was used.
    """
    mine = (
        RecoveryCode.person_id == person_id,
        RecoveryCode.digest == _digest(person_id, code),
        RecoveryCode.used_at.is_(None),
    )
    query = sa.update(RecoveryCode).where(*mine).values(used_at=clock.now())
    if session.execute(query.returning(RecoveryCode.id)).one_or_none() is None:
        raise Forbidden("recovery.wrong", "That code is none of yours, or was used before.")
    return view(session, person_id).left


def view(session: Session, person_id: int) -> RecoveryView:
    """Return how many codes a person has left, and when they were made."""
    unused = sa.func.count().filter(RecoveryCode.used_at.is_(None))
    query = sa.select(unused, sa.func.max(RecoveryCode.made_at))
    left, made_at = session.execute(query.where(RecoveryCode.person_id == person_id)).one()
    moment: datetime | None = made_at
    return RecoveryView(left=left, made_at=moment)


def drop(session: Session, person_id: int) -> None:
    """Make all codes of a person void."""
    session.execute(sa.delete(RecoveryCode).where(RecoveryCode.person_id == person_id))


def _new() -> str:
    """Return 24 letters and digits, none of which is easily taken for another, in groups."""
    text = base64.b32encode(secrets.token_bytes(BYTES)).decode()
    return "-".join(text[start : start + GROUP] for start in range(0, len(text), GROUP))


def _digest(person_id: int, code: str) -> str:
    """Return what is kept of a code; small letters, blanks and dashes make no difference."""
    bare = "".join(sign for sign in code.upper() if sign.isalnum())
    return hashlib.sha256(f"recovery\n{person_id}\n{bare}".encode()).hexdigest()
