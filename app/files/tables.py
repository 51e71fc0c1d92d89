"""Rows of files: where each lies, under which key, and whether it may be given out."""

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from app.kit.db import Base, UtcDateTime

QUARANTINED, RELEASED, REFUSED = STATUSES = ("quarantined", "released", "refused")


class StoredFile(Base):
    """A file that was handed in; its bytes lie sealed in the store under `place`.

    Without `place` and `wrapped` nothing of it can be read any more: so are refused files kept, and
    so is one erased. `sent_sha256` is the digest of what was sent, `sha256` of what is given out.
    """

    __tablename__ = "stored_files"
    __table_args__ = (
        sa.CheckConstraint("status IN ('quarantined', 'released', 'refused')", name="status"),
        sa.CheckConstraint("status <> 'released' OR reason = ''", name="reason"),
        sa.Index("ix_stored_files_status_at", "status", "at"),
    )

    id: Mapped[str] = mapped_column(sa.String(40), primary_key=True)
    status: Mapped[str]
    reason: Mapped[str]
    kind: Mapped[str]
    size: Mapped[int] = mapped_column(sa.BigInteger)
    sha256: Mapped[str]
    sent_sha256: Mapped[str]
    place: Mapped[str | None] = mapped_column(unique=True)
    wrapped: Mapped[str | None]
    scan: Mapped[str]
    upload_key: Mapped[str | None] = mapped_column(unique=True)
    at: Mapped[datetime] = mapped_column(UtcDateTime)
