"""Rows about who opened a dossier in an emergency."""

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from app.kit.db import Base, BigId, UtcDateTime

PERSON = "people.id"
REQUEST = "requests.id"


class GlassBreak(Base):
    """An administrator opened one request in an emergency, to read it, until a moment.

    It is open to review until an auditor has said whether there was ground for it.
    """

    __tablename__ = "glass_breaks"
    __table_args__ = (
        sa.CheckConstraint("reviewed_by IS NULL OR reviewed_by <> person_id", name="two_persons"),
        sa.Index("ix_glass_breaks_reviewed_at_opened_at", "reviewed_at", "opened_at"),
    )

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    person_id: Mapped[int] = mapped_column(sa.ForeignKey(PERSON), index=True)
    request_id: Mapped[int] = mapped_column(sa.ForeignKey(REQUEST), index=True)
    reason: Mapped[str]
    ticket: Mapped[str]
    opened_at: Mapped[datetime] = mapped_column(UtcDateTime)
    until: Mapped[datetime] = mapped_column(UtcDateTime)
    alarmed_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    reviewed_by: Mapped[int | None] = mapped_column(sa.ForeignKey(PERSON))
    reviewed_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    justified: Mapped[bool | None]
    note: Mapped[str] = mapped_column(default="")


class GlassReading(Base):
    """One thing that was read through broken glass."""

    __tablename__ = "glass_readings"

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    glass_id: Mapped[int] = mapped_column(sa.ForeignKey("glass_breaks.id"), index=True)
    at: Mapped[datetime] = mapped_column(UtcDateTime)
    path: Mapped[str]
