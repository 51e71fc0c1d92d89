"""Rows of what a request holds in confidence: its key, its protected parts, who may open them."""

from datetime import date, datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from app.kit.db import Base, BigId, Json, UtcDateTime
from app.requests.tables.parts import PERSON, owner


class RequestKey(Base):
    """The data key of a request, wrapped by the master key.

    Without this row nothing that was sealed for the request can ever be read again.
    """

    __tablename__ = "request_keys"

    request_id: Mapped[int] = mapped_column(owner(), primary_key=True)
    wrapped: Mapped[str]
    made_at: Mapped[datetime] = mapped_column(UtcDateTime)


class ProtectedPart(Base):
    """What is known of people at risk (C79): groups and region in clear, all else sealed."""

    __tablename__ = "protected_parts"
    __table_args__ = (sa.UniqueConstraint("request_id", "number"),)

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    request_id: Mapped[int] = mapped_column(owner())
    number: Mapped[int]
    groups: Mapped[list[str]] = mapped_column(Json)
    country: Mapped[str] = mapped_column(sa.String(3))
    region: Mapped[str] = mapped_column(default="")
    text: Mapped[str]
    location: Mapped[str] = mapped_column(default="")
    why_precise: Mapped[str] = mapped_column(default="")
    by: Mapped[int] = mapped_column(sa.ForeignKey(PERSON))
    at: Mapped[datetime] = mapped_column(UtcDateTime)


class NamedGrant(Base):
    """One named person may see a request, or open its protected parts or its annexes, for a time.

    It counts once the country has agreed (`agreed_by`), and until it ends or is revoked.
    """

    __tablename__ = "named_grants"
    __table_args__ = (
        sa.UniqueConstraint("request_id", "number"),
        sa.Index("ix_named_grants_person_id", "person_id"),
        sa.CheckConstraint("part IN ('request', 'protected', 'annexes')", name="part"),
        sa.CheckConstraint("agreed_by IS NULL OR agreed_by <> person_id", name="not_by_oneself"),
    )

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    request_id: Mapped[int] = mapped_column(owner())
    number: Mapped[int]
    person_id: Mapped[int] = mapped_column(sa.ForeignKey(PERSON))
    part: Mapped[str]
    reason: Mapped[str]
    until: Mapped[date]
    given_by: Mapped[int] = mapped_column(sa.ForeignKey(PERSON))
    given_at: Mapped[datetime] = mapped_column(UtcDateTime)
    agreed_by: Mapped[int | None] = mapped_column(sa.ForeignKey(PERSON))
    agreed_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    revoked_by: Mapped[int | None] = mapped_column(sa.ForeignKey(PERSON))
    revoked_at: Mapped[datetime | None] = mapped_column(UtcDateTime)


class Lowering(Base):
    """A wish to lower a level: of the request, or (`attachment_id`) of one document.

    It takes two persons and the consent of every country of the request (F19).
    """

    __tablename__ = "lowerings"
    __table_args__ = (
        sa.UniqueConstraint("request_id", "number"),
        sa.CheckConstraint("confirmed_by IS NULL OR confirmed_by <> proposed_by", name="two"),
        sa.Index(
            "ix_lowerings_open",
            "proposed_at",
            sqlite_where=sa.text("ended = ''"),
            postgresql_where=sa.text("ended = ''"),
        ),
    )

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    request_id: Mapped[int] = mapped_column(owner())
    number: Mapped[int]
    attachment_id: Mapped[int | None] = mapped_column(
        sa.ForeignKey("attachments.id", ondelete="CASCADE")
    )
    before: Mapped[str]
    after: Mapped[str]
    reason: Mapped[str]
    proposed_by: Mapped[int] = mapped_column(sa.ForeignKey(PERSON))
    proposed_at: Mapped[datetime] = mapped_column(UtcDateTime)
    confirmed_by: Mapped[int | None] = mapped_column(sa.ForeignKey(PERSON))
    confirmed_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    ended: Mapped[str] = mapped_column(default="")


class Opening(Base):
    """Somebody opened a protected part or an annex: written before the answer leaves."""

    __tablename__ = "openings"

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    request_id: Mapped[int] = mapped_column(owner(), index=True)
    part: Mapped[str]
    number: Mapped[int]
    reason: Mapped[str]
    grant_id: Mapped[int | None] = mapped_column(sa.ForeignKey("named_grants.id"))
    by: Mapped[int] = mapped_column(sa.ForeignKey(PERSON))
    at: Mapped[datetime] = mapped_column(UtcDateTime)
