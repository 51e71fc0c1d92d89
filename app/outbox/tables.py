"""Rows of the outbox: notices, how far the event log has been told, and who is at work on it."""

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from app.kit.db import Base, BigId, UtcDateTime


class Notice(Base):
    """What one person is told of one event; written once per person and event."""

    __tablename__ = "notices"
    __table_args__ = (
        sa.UniqueConstraint("person_id", "event_id"),
        sa.Index("ix_notices_person_id_id", "person_id", "id"),
    )

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    person_id: Mapped[int] = mapped_column(sa.ForeignKey("people.id"))
    event_id: Mapped[int] = mapped_column(sa.ForeignKey("request_events.id"))
    code: Mapped[str]
    at: Mapped[datetime] = mapped_column(UtcDateTime)
    read_at: Mapped[datetime | None] = mapped_column(UtcDateTime)


class RelayMark(Base):
    """The last event that a relay has told, by name of the relay.

    Events are told in the order of their transactions, then of their ids: on PostgreSQL an id is
    given before the commit, so that a higher one can become visible first.
    """

    __tablename__ = "relay_marks"

    name: Mapped[str] = mapped_column(primary_key=True)
    tx: Mapped[int] = mapped_column(sa.BigInteger, server_default=sa.text("0"))
    event_id: Mapped[int] = mapped_column(sa.BigInteger)


class Executor(Base):
    """A place for one process that carries out jobs; its name outlives the process.

    `holder` is the process that has it now, `seen_at` when it last said so by the database's clock.
    """

    __tablename__ = "executors"

    name: Mapped[str] = mapped_column(primary_key=True)
    holder: Mapped[str]
    seen_at: Mapped[datetime] = mapped_column(UtcDateTime)


class Letter(Base):
    """A mail that is to be sent. It holds no text and no secret: both are made when it is sent.

    A letter to an address that nobody has is kept like any other, so that asking for one takes as
    long and leaves as much; it is then not sent.
    """

    __tablename__ = "letters"
    __table_args__ = (sa.Index("ix_letters_sent_at_due_at", "sent_at", "due_at"),)

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    kind: Mapped[str]
    address: Mapped[str]
    at: Mapped[datetime] = mapped_column(UtcDateTime)
    due_at: Mapped[datetime] = mapped_column(UtcDateTime)
    sent_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    tries: Mapped[int]
