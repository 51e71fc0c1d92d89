"""The data key of each request, and sealing with it: what is sealed here opens nowhere else."""

import json
from collections.abc import Collection, Mapping
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from app.kit import clock, sealing
from app.kit.db import keyring_of
from app.kit.errors import Invalid
from app.kit.sealing import Place
from app.requests.tables import RequestKey

CACHE = "request_keys"
WHOLE = "sealed"
"""The one field of a JSON document that is sealed as a whole."""
BATCH = 500
KEYS = sa.select(RequestKey).where(RequestKey.request_id.in_(sa.bindparam("ids", expanding=True)))


def key_of(session: Session, request_id: int) -> bytes:
    """Return the data key of a request, made when it is first needed.

    Raises Invalid when the master key that wraps it is not here.
    """
    known: dict[int, bytes] = session.info.setdefault(CACHE, {})
    if request_id not in known:
        row = session.get(RequestKey, request_id)
        known[request_id] = _unwrapped(session, row) if row else _made(session, request_id)
    return known[request_id]


def fetch(session: Session, ids: Collection[int]) -> None:
    """Read the keys of many requests at once, before they are used one by one."""
    known: dict[int, bytes] = session.info.setdefault(CACHE, {})
    if not (wanted := set(ids) - set(known)):
        return
    for row in session.scalars(KEYS, {"ids": sorted(wanted)}):
        known[row.request_id] = _unwrapped(session, row)


def held(session: Session, request_id: int) -> bytes | None:
    """Return the data key of a request; None when it was destroyed, or never made."""
    fetch(session, [request_id])
    found: bytes | None = session.info[CACHE].get(request_id)
    return found


def seal(session: Session, request_id: int, text: str, place: Place) -> str:
    """Return a text of a request sealed for its place; nothing stays nothing."""
    return sealing.seal_text(key_of(session, request_id), text, place) if text else ""


def unseal(session: Session, request_id: int, sealed: str, place: Place) -> str:
    """Return what was sealed. Raises Invalid when it was changed, moved, or its key destroyed."""
    if not sealed:
        return ""
    key = held(session, request_id)
    if key is None:
        raise Invalid("sealed.destroyed", "The key of this request was destroyed.")
    return sealing.unseal_text(key, sealed, place)


def seal_document(session: Session, request_id: int, content: Any, place: Place) -> dict[str, str]:
    """Return a JSON document of a request sealed for its place; an empty one stays empty."""
    if not content:
        return {}
    text = json.dumps(content, ensure_ascii=False, sort_keys=True)
    return {WHOLE: seal(session, request_id, text, place)}


def is_sealed(value: object) -> bool:
    """Whether a value is something sealed, as `seal_document` leaves it."""
    return isinstance(value, dict) and set(value) == {WHOLE}


def unseal_document(
    session: Session, request_id: int, sealed: Mapping[str, str], place: Place
) -> Any:
    """Return the JSON document that was sealed; None for an empty one. Raises as `unseal`."""
    text = unseal(session, request_id, sealed.get(WHOLE, ""), place)
    return json.loads(text) if text else None


def rewrap_all(session: Session, after: int) -> tuple[int, int | None]:
    """Wrap the next keys after a request's id anew with the current master key.

    Returns how many were changed, and the id to go on from; None at the end.
    """
    query = sa.select(RequestKey).where(RequestKey.request_id > after)
    rows = session.scalars(
        query.order_by(RequestKey.request_id).limit(BATCH).with_for_update()
    ).all()
    ring, changed = keyring_of(session), 0
    for row in rows:
        wrapped = sealing.rewrap(ring, row.wrapped, _owner(row.request_id))
        if wrapped is not None:
            row.wrapped, changed = wrapped, changed + 1
    session.flush()
    return changed, rows[-1].request_id if len(rows) == BATCH else None


def _made(session: Session, request_id: int) -> bytes:
    key, wrapped = sealing.new_key(keyring_of(session), _owner(request_id))
    session.add(RequestKey(request_id=request_id, wrapped=wrapped, made_at=clock.now()))
    session.flush()
    return key


def _unwrapped(session: Session, row: RequestKey) -> bytes:
    return sealing.unwrap(keyring_of(session), row.wrapped, _owner(row.request_id))


def _owner(request_id: int) -> Place:
    return Place("request_keys", request_id, "wrapped")
