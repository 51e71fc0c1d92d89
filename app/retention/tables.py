"""Rows of retention: what must not be erased, and what was asked to be and has been."""

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from app.kit.db import Base, BigId, UtcDateTime

PERSON = "people.id"


class LegalHold(Base):
    """Nothing of a request may be erased while this stands; another person lifts it."""

    __tablename__ = "legal_holds"
    __table_args__ = (
        sa.UniqueConstraint("request_id", "number"),
        sa.CheckConstraint("lifted_by IS NULL OR lifted_by <> placed_by", name="two_persons"),
    )

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    request_id: Mapped[int] = mapped_column(sa.ForeignKey("requests.id"))
    number: Mapped[int]
    reason: Mapped[str]
    placed_by: Mapped[int] = mapped_column(sa.ForeignKey(PERSON))
    placed_at: Mapped[datetime] = mapped_column(UtcDateTime)
    lifted_by: Mapped[int | None] = mapped_column(sa.ForeignKey(PERSON))
    lifted_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    lift_reason: Mapped[str] = mapped_column(default="")


class Erasure(Base):
    """A request's content was erased, or somebody asks for it and another person must confirm.

    `asked_by` is empty for what its time has ended, or the command line; `erased_at` once done.
    """

    __tablename__ = "erasures"
    __table_args__ = (
        sa.Index("ix_erasures_request_id", "request_id"),
        sa.CheckConstraint("confirmed_by IS NULL OR confirmed_by <> asked_by", name="two_persons"),
    )

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    request_id: Mapped[int] = mapped_column(sa.ForeignKey("requests.id"))
    reason: Mapped[str]
    asked_by: Mapped[int | None] = mapped_column(sa.ForeignKey(PERSON))
    asked_at: Mapped[datetime] = mapped_column(UtcDateTime)
    confirmed_by: Mapped[int | None] = mapped_column(sa.ForeignKey(PERSON))
    erased_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
