"""Keys of files: each is wrapped by the data key of its request, and goes with it.

They were wrapped by the master key itself; what lies in the store stays as it is. A file that no
document names can be fetched by nobody: it is forgotten, and the sweep removes its bytes.
"""

from collections.abc import Callable, Sequence
from typing import Any

import sqlalchemy as sa
from alembic import op

from app.config import Settings
from app.kit import clock, keys, sealing
from app.kit.db import UtcDateTime
from app.kit.keys import Keyring
from app.kit.sealing import Place

revision: str = "0013"
down_revision: str | Sequence[str] | None = "0012"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None

BATCH = 500
FILES = sa.table("stored_files", *map(sa.column, ("id", "place", "wrapped")))
DOCUMENTS = sa.table("attachments", *map(sa.column, ("file_id", "request_id")))
KEYS = sa.table(
    "request_keys",
    sa.column("request_id"),
    sa.column("wrapped"),
    sa.column("made_at", UtcDateTime()),
)


def upgrade() -> None:
    """Go to this revision."""
    named = sa.select(DOCUMENTS.c.file_id).where(DOCUMENTS.c.file_id.is_not(None))
    nobodys = sa.update(FILES).where(FILES.c.id.not_in(named))
    op.get_bind().execute(nobodys.values(place=None, wrapped=None))
    _rewrap(_to_request, _made)


def downgrade() -> None:
    """Go back to the revision before."""
    _rewrap(_to_master, _held)


def _rewrap(
    turn: Callable[[Keyring, bytes, Any], str], key_of: Callable[[Keyring, int], bytes | None]
) -> None:
    line, last, ring = op.get_bind(), "", None
    query = sa.select(FILES, DOCUMENTS.c.request_id).join(
        DOCUMENTS, DOCUMENTS.c.file_id == FILES.c.id
    )
    query = query.where(FILES.c.place.is_not(None), FILES.c.wrapped.is_not(None))
    while rows := line.execute(
        query.where(FILES.c.id > last).order_by(FILES.c.id).limit(BATCH)
    ).all():
        ring = ring or keys.load(Settings().keys_place)
        for row in rows:
            lock = key_of(ring, row.request_id)
            if lock is None:
                continue  # its request's key was destroyed: nothing opens it any more
            own = sa.update(FILES).where(FILES.c.id == row.id)
            line.execute(own.values(wrapped=turn(ring, lock, row)))
        last = rows[-1].id


def _to_request(ring: Keyring, lock: bytes, row: Any) -> str:
    key = sealing.unwrap(ring, row.wrapped, _part(row))
    return sealing.wrap_part(lock, key, _part(row))


def _to_master(ring: Keyring, lock: bytes, row: Any) -> str:
    return sealing.wrap(ring, sealing.unwrap_part(lock, row.wrapped, _part(row)), _part(row))


def _part(row: Any) -> Place:
    return Place("stored_files", row.place, "content")


def _held(ring: Keyring, request_id: int) -> bytes | None:
    query = sa.select(KEYS.c.wrapped).where(KEYS.c.request_id == request_id)
    wrapped = op.get_bind().scalar(query)
    return sealing.unwrap(ring, wrapped, _owner(request_id)) if wrapped else None


def _made(ring: Keyring, request_id: int) -> bytes:
    """Return the data key of a request, made when it has none yet."""
    if (held := _held(ring, request_id)) is not None:
        return held
    key, wrapped = sealing.new_key(ring, _owner(request_id))
    made = {"request_id": request_id, "wrapped": wrapped, "made_at": clock.now()}
    op.get_bind().execute(sa.insert(KEYS).values(made))
    return key


def _owner(request_id: int) -> Place:
    return Place("request_keys", request_id, "wrapped")
