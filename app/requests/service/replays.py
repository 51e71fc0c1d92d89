"""Bodies of stored answers at rest: sealed by the master key, for they quote what is sealed too."""

import sqlalchemy as sa
from sqlalchemy.orm import Session

from app.kit import keys, sealing
from app.kit.db import keyring_of
from app.kit.keys import Keyring
from app.requests.tables import StoredAnswer

S = StoredAnswer
MARK = "sealed:"
BATCH = 500
Identity = tuple[int, str]
"""The person who called, and the Idempotency-Key of the call."""


def seal(ring: Keyring, identity: Identity, body: str) -> str:
    """Return the body of an answer as it is kept; nothing stays nothing."""
    if not body:
        return ""
    identifier, master = ring.current(keys.MASTER)
    return f"{MARK}{identifier}.{sealing.seal_text(master, body, _place(identity))}"


def unseal(ring: Keyring, identity: Identity, body: str) -> str:
    """Return the body of a kept answer. Raises Invalid when it cannot be opened."""
    if not body.startswith(MARK):
        return body
    identifier, _, sealed = body.removeprefix(MARK).partition(".")
    return sealing.unseal_text(ring.get(keys.MASTER, identifier), sealed, _place(identity))


def rewrap_all(session: Session, after: Identity) -> tuple[int, Identity | None]:
    """Seal the next answers after one anew with the current master key.

    Returns how many were changed, and the one to go on from; None at the end.
    """
    ring, changed = keyring_of(session), 0
    present = f"{MARK}{ring.current(keys.MASTER)[0]}."
    query = sa.select(S).where(sa.tuple_(S.person_id, S.key) > sa.tuple_(*after))
    query = query.order_by(S.person_id, S.key).limit(BATCH).with_for_update()
    rows = session.scalars(query).all()
    for row in rows:
        identity = (row.person_id, row.key)
        if row.body and not row.body.startswith(present):
            row.body, changed = seal(ring, identity, unseal(ring, identity, row.body)), changed + 1
    session.flush()
    return changed, (rows[-1].person_id, rows[-1].key) if len(rows) == BATCH else None


def _place(identity: Identity) -> sealing.Place:
    person_id, key = identity
    return sealing.Place("stored_answers", f"{person_id}/{key}", "body")
