"""Rows of files: taken into quarantine, released or refused, forgotten."""

import secrets
from collections.abc import Collection, Sequence
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session

from app.files.tables import QUARANTINED, REFUSED, RELEASED, StoredFile
from app.files.vault import UNSCANNED, Kept, Verdict
from app.kit import clock

F = StoredFile


def lodge(session: Session, kept: Kept, kind: str, upload_key: str | None = None) -> StoredFile:
    """Write the row of a file that lies in the store: from now on it is no orphan."""
    row = StoredFile(
        id=secrets.token_hex(20),
        status=QUARANTINED,
        reason="",
        kind=kind,
        size=kept.size,
        sha256=kept.sha256,
        sent_sha256=kept.sha256,
        place=kept.place,
        wrapped=kept.wrapped,
        scan=UNSCANNED,
        upload_key=upload_key,
        at=clock.now(),
    )
    session.add(row)
    session.flush()
    return row


def known(session: Session, upload_key: str | None) -> StoredFile | None:
    """Return the file that was handed in with a key, if that call came before."""
    if upload_key is None:
        return None
    return session.scalars(sa.select(F).where(F.upload_key == upload_key)).one_or_none()


def decide(session: Session, row: StoredFile, verdict: Verdict) -> bool:
    """Write what becomes of a file in quarantine; False when that was decided before.

    A refused file is forgotten at once: its key is gone, and the sweep removes what lies there.
    """
    session.refresh(row, with_for_update=True)
    if row.status != QUARANTINED:
        return False
    row.reason, row.scan = verdict.reason, verdict.scan
    row.status = verdict.status
    if verdict.status == REFUSED:
        forget(row)
    elif verdict.renewed is not None:
        clean = verdict.renewed
        row.place, row.wrapped = clean.place, clean.wrapped
        row.size, row.sha256 = clean.size, clean.sha256
    session.flush()
    return verdict.status != QUARANTINED


def kept_of(row: StoredFile, lock: bytes | None) -> Kept | None:
    """Return where the bytes of a file lie; None when they, or its owner's key, are gone."""
    if row.place is None or row.wrapped is None or lock is None:
        return None
    return Kept(row.place, row.wrapped, row.size, row.sha256, lock)


def forget(row: StoredFile) -> None:
    """Give up a file for good: without its key nothing of it can be read, in no backup either."""
    row.place = row.wrapped = None


def released(row: StoredFile | None) -> bool:
    """Whether a file may be given out."""
    return row is not None and row.status == RELEASED


def waiting(session: Session, before: datetime, limit: int) -> Sequence[str]:
    """Return files that were left in quarantine before a moment, oldest first."""
    query = sa.select(F.id).where(F.status == QUARANTINED, F.at < before, F.place.is_not(None))
    return session.scalars(query.order_by(F.at).limit(limit)).all()


def find(session: Session, file_id: str) -> StoredFile | None:
    """Return a file by its id."""
    return session.get(F, file_id)


def named(session: Session, places: Collection[str]) -> set[str]:
    """Return those of the places that some row names; the others are orphans."""
    found = session.scalars(sa.select(F.place).where(F.place.in_(places)))
    return {place for place in found if place is not None}


def forget_upload_keys(session: Session, before: datetime) -> None:
    """Let old keys of calls be used again (stored answers are kept as long)."""
    old = sa.update(F).where(F.at < before, F.upload_key.is_not(None))
    session.execute(old.values(upload_key=None))
