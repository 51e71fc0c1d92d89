"""Rows of the decision log: the streams that are no request's, and what has been anchored."""

from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from app.kit.db import Base, BigId, Json, UtcDateTime


class LedgerEntry(Base):
    """One entry of a stream; a request's own events are entries of `request:<id>`.

    Triggers refuse to change or drop it. Only `content` and `salt` can be emptied, which the chain
    survives: it rests on `digest`.
    """

    __tablename__ = "ledger_entries"
    __table_args__ = (sa.UniqueConstraint("stream", "seq"),)

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    stream: Mapped[str]
    seq: Mapped[int]
    at: Mapped[datetime] = mapped_column(UtcDateTime)
    actor_id: Mapped[int | None] = mapped_column(sa.BigInteger)
    on_behalf: Mapped[int | None] = mapped_column(sa.BigInteger)
    action: Mapped[str]
    content: Mapped[dict[str, Any]] = mapped_column(Json)
    salt: Mapped[bytes | None]
    digest: Mapped[bytes]
    prev: Mapped[bytes]
    key: Mapped[str]
    mac: Mapped[bytes]
    hash: Mapped[bytes]


class LedgerHead(Base):
    """The last entry of a stream; its row is what writers to the same stream wait for."""

    __tablename__ = "ledger_heads"

    stream: Mapped[str] = mapped_column(primary_key=True)
    seq: Mapped[int]
    hash: Mapped[bytes]


class LedgerMark(Base):
    """How far a stream has been anchored, and by which anchor. The anchors themselves decide."""

    __tablename__ = "ledger_marks"

    stream: Mapped[str] = mapped_column(primary_key=True)
    seq: Mapped[int]
    anchor: Mapped[int]


class LedgerAnchor(Base):
    """That an anchor was written, and up to which rows; the anchor lies outside the database."""

    __tablename__ = "ledger_anchors"

    number: Mapped[int] = mapped_column(primary_key=True)
    at: Mapped[datetime] = mapped_column(UtcDateTime)
    digest: Mapped[bytes]
    count: Mapped[int]
    event_id: Mapped[int] = mapped_column(sa.BigInteger)
    entry_id: Mapped[int] = mapped_column(sa.BigInteger)
