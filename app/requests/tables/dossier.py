"""Rows of the dossier: the request itself, who it concerns, its timeline and its deadlines."""

from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from app.kit.db import Base, BigId, Json, UtcDateTime


def owner() -> sa.ForeignKey:
    """Return a reference to the request that a row belongs to."""
    return sa.ForeignKey("requests.id", ondelete="CASCADE")


class AssistanceRequest(Base):
    """What a country asks, on its way.

    `revision` is at once the number of the last event, the ETag and the optimistic lock. `stage` is
    the stage of `state` in the pinned definition; the gate in the database rests on it. `head` is
    the hash of the last event.
    """

    __tablename__ = "requests"
    __table_args__ = (
        sa.Index("ix_requests_state_id", "state", "id"),
        sa.Index("ix_requests_stage_id", "stage", "id"),
        sa.Index("ix_requests_updated_at_id", "updated_at", "id"),
        sa.Index(
            "ix_requests_due_at_id",
            "due_at",
            "id",
            sqlite_where=sa.text("due_at IS NOT NULL"),
            postgresql_where=sa.text("due_at IS NOT NULL"),
        ),
        sa.Index(
            "ix_requests_urgency_asked",
            "updated_at",
            sqlite_where=sa.text("urgency = 'asked'"),
            postgresql_where=sa.text("urgency = 'asked'"),
        ),
        sa.CheckConstraint("revision >= 1", name="revision"),
    )

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    reference: Mapped[str] = mapped_column(unique=True)
    workflow: Mapped[str]
    workflow_version: Mapped[int]
    workflow_hash: Mapped[str]
    state: Mapped[str]
    stage: Mapped[str]
    came_from: Mapped[str | None]
    revision: Mapped[int] = mapped_column()
    title: Mapped[str]
    summary: Mapped[str]
    language: Mapped[str] = mapped_column(default="en")
    authority: Mapped[str] = mapped_column(default="")
    sector: Mapped[str] = mapped_column(default="")
    regional: Mapped[bool] = mapped_column(default=False)
    cyber_labelled: Mapped[bool] = mapped_column(default=True)
    internal: Mapped[bool | None]
    internal_reason: Mapped[str] = mapped_column(default="")
    urgency: Mapped[str] = mapped_column(default="ordinary")
    urgency_reason: Mapped[str] = mapped_column(default="")
    urgency_asked_by: Mapped[int | None] = mapped_column(sa.ForeignKey("people.id"))
    urgency_settled_by: Mapped[int | None] = mapped_column(sa.ForeignKey("people.id"))
    cross_border: Mapped[str] = mapped_column(default="")
    framework_outcome: Mapped[str] = mapped_column(default="")
    level: Mapped[str] = mapped_column(default="ordinary", server_default="ordinary")
    follows: Mapped[int | None] = mapped_column(sa.ForeignKey("requests.id"))
    created_by: Mapped[int] = mapped_column(sa.ForeignKey("people.id"), index=True)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    filed_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    since: Mapped[datetime] = mapped_column(UtcDateTime)
    updated_at: Mapped[datetime] = mapped_column(UtcDateTime)
    due_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    head: Mapped[bytes | None]

    __mapper_args__ = {  # noqa: RUF012 - SQLAlchemy declares it an instance variable
        "version_id_col": revision,
        "version_id_generator": False,
    }


class RequestCountry(Base):
    """One of the countries that ask; a regional request has several.

    The scope of lists rests here.
    """

    __tablename__ = "request_countries"
    __table_args__ = (sa.Index("ix_request_countries_country_request_id", "country", "request_id"),)

    request_id: Mapped[int] = mapped_column(owner(), primary_key=True)
    country: Mapped[str] = mapped_column(sa.ForeignKey("countries.alpha3"), primary_key=True)


class Involvement(Base):
    """An entity that has been asked to help: its focal points see the request while they may act.

    One that declined or was released sees nothing new: what happened up to event `left_number`.
    """

    __tablename__ = "involvements"
    __table_args__ = (
        sa.Index("ix_involvements_entity_request_id", "entity", "request_id"),
        sa.Index(
            "ix_involvements_asked",
            "entity",
            "since",
            sqlite_where=sa.text("standing = 'asked'"),
            postgresql_where=sa.text("standing = 'asked'"),
        ),
    )

    request_id: Mapped[int] = mapped_column(owner(), primary_key=True)
    entity: Mapped[str] = mapped_column(primary_key=True)
    part: Mapped[str]
    standing: Mapped[str]
    since: Mapped[datetime] = mapped_column(UtcDateTime)
    left_number: Mapped[int | None]


class RequestEvent(Base):
    """What happened, once and for ever; `number` runs from 1 without a gap within a request.

    It is an entry of the decision log, stream `request:<id>`: the columns from `on_behalf` on bind
    it to the one before (app/ledger/chain.py). Only `data` and `salt` can be emptied.
    `tx` is the writing transaction on PostgreSQL (its default there), so that the feed can tell
    which events can no longer be overtaken by an older one.
    """

    __tablename__ = "request_events"
    __table_args__ = (
        sa.UniqueConstraint("request_id", "number"),
        sa.Index("ix_request_events_tx_id", "tx", "id"),
    )

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    request_id: Mapped[int] = mapped_column(sa.ForeignKey("requests.id"))
    number: Mapped[int]
    at: Mapped[datetime] = mapped_column(UtcDateTime)
    actor_id: Mapped[int | None] = mapped_column(sa.ForeignKey("people.id"))
    kind: Mapped[str]
    data: Mapped[dict[str, Any]] = mapped_column(Json)
    tx: Mapped[int] = mapped_column(sa.BigInteger, server_default=sa.text("0"))
    on_behalf: Mapped[int | None] = mapped_column(sa.BigInteger, deferred=True)
    version: Mapped[str | None] = mapped_column(deferred=True)
    standing: Mapped[str | None] = mapped_column(deferred=True)
    salt: Mapped[bytes | None] = mapped_column(deferred=True)
    digest: Mapped[bytes | None] = mapped_column(deferred=True)
    prev: Mapped[bytes | None] = mapped_column(deferred=True)
    key: Mapped[str | None] = mapped_column(deferred=True)
    mac: Mapped[bytes | None] = mapped_column(deferred=True)
    hash: Mapped[bytes | None] = mapped_column(deferred=True)


class Deadline(Base):
    """When a state is due. It may be paused, and then keeps exactly what was left.

    In microseconds.
    """

    __tablename__ = "deadlines"
    __table_args__ = (
        sa.Index(
            "ix_deadlines_open",
            "request_id",
            sqlite_where=sa.text("ended_at IS NULL"),
            postgresql_where=sa.text("ended_at IS NULL"),
        ),
    )

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    request_id: Mapped[int] = mapped_column(owner())
    state: Mapped[str]
    started_at: Mapped[datetime] = mapped_column(UtcDateTime)
    due_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    paused_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    left_us: Mapped[int | None] = mapped_column(sa.BigInteger)
    ended_at: Mapped[datetime | None] = mapped_column(UtcDateTime)


class ReferenceCount(Base):
    """The last number given to a request of a year."""

    __tablename__ = "reference_counts"

    year: Mapped[int] = mapped_column(primary_key=True)
    number: Mapped[int]


class StoredAnswer(Base):
    """What a call with an Idempotency-Key was answered, so that a repetition gets the same.

    `about` is the reference in the call's path; an erasure of that request drops the answer too.
    """

    __tablename__ = "stored_answers"

    person_id: Mapped[int] = mapped_column(sa.ForeignKey("people.id"), primary_key=True)
    key: Mapped[str] = mapped_column(primary_key=True)
    fingerprint: Mapped[str]
    about: Mapped[str] = mapped_column(default="", server_default="")
    status: Mapped[int]
    etag: Mapped[str]
    location: Mapped[str]
    body: Mapped[str]
    at: Mapped[datetime] = mapped_column(UtcDateTime, index=True)
