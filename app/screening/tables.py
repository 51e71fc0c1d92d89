"""Rows of the screening room: rounds, findings on criteria and principles, appeals."""

from datetime import date, datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from app.kit.db import Base, BigId, Json, UtcDateTime

PERSON = "people.id"


class Screening(Base):
    """One round of screening. The first signature fixes the findings, the second the outcome."""

    __tablename__ = "screenings"
    __table_args__ = (
        sa.UniqueConstraint("request_id", "round"),
        sa.CheckConstraint("decided_by IS NULL OR decided_by <> confirmed_by", name="two_persons"),
    )

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    request_id: Mapped[int] = mapped_column(
        sa.ForeignKey("requests.id", ondelete="CASCADE"), index=True
    )
    round: Mapped[int]
    revision: Mapped[int] = mapped_column(default=1)
    principles: Mapped[str]
    outcome: Mapped[str] = mapped_column(default="")
    reason: Mapped[str] = mapped_column(default="")
    decided_by: Mapped[int | None] = mapped_column(sa.ForeignKey(PERSON))
    decided_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    confirmed_by: Mapped[int | None] = mapped_column(sa.ForeignKey(PERSON))
    confirmed_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    opened_at: Mapped[datetime] = mapped_column(UtcDateTime)


class CriterionFinding(Base):
    """The verdict on one criterion in one round: by rule with its evidence, or by a person.

    `ruled` is what the rule says, kept beside the verdict of a person who overruled it.
    """

    __tablename__ = "criterion_findings"

    screening_id: Mapped[int] = mapped_column(
        sa.ForeignKey("screenings.id", ondelete="CASCADE"), primary_key=True
    )
    criterion: Mapped[str] = mapped_column(primary_key=True)
    verdict: Mapped[str]
    reason: Mapped[str]
    condition: Mapped[str] = mapped_column(default="")
    due_on: Mapped[date | None]
    ruled: Mapped[str] = mapped_column(default="")
    evidence: Mapped[dict[str, str]] = mapped_column(Json, default=dict)
    by: Mapped[int | None] = mapped_column(sa.ForeignKey(PERSON))
    at: Mapped[datetime] = mapped_column(UtcDateTime)


class PrincipleFinding(Base):
    """What a person found on a whole principle: met, partly or not met, with the reason."""

    __tablename__ = "principle_findings"

    screening_id: Mapped[int] = mapped_column(
        sa.ForeignKey("screenings.id", ondelete="CASCADE"), primary_key=True
    )
    principle: Mapped[str] = mapped_column(primary_key=True)
    finding: Mapped[str]
    reason: Mapped[str]
    infringing: Mapped[bool] = mapped_column(default=False)
    condition: Mapped[str] = mapped_column(default="")
    due_on: Mapped[date | None]
    by: Mapped[int] = mapped_column(sa.ForeignKey(PERSON))
    at: Mapped[datetime] = mapped_column(UtcDateTime)


class ScreeningHand(Base):
    """Someone who had a hand in a round, even when what they wrote was changed afterwards."""

    __tablename__ = "screening_hands"

    screening_id: Mapped[int] = mapped_column(
        sa.ForeignKey("screenings.id", ondelete="CASCADE"), primary_key=True
    )
    person_id: Mapped[int] = mapped_column(sa.ForeignKey(PERSON), primary_key=True)


class Appeal(Base):
    """The one appeal a country may make against a decline; it is heard by other people."""

    __tablename__ = "appeals"

    request_id: Mapped[int] = mapped_column(
        sa.ForeignKey("requests.id", ondelete="CASCADE"), primary_key=True
    )
    screening_id: Mapped[int] = mapped_column(sa.ForeignKey("screenings.id"))
    grounds: Mapped[str]
    by: Mapped[int] = mapped_column(sa.ForeignKey(PERSON))
    at: Mapped[datetime] = mapped_column(UtcDateTime)
    outcome: Mapped[str] = mapped_column(default="")
    reason: Mapped[str] = mapped_column(default="")
    heard_by: Mapped[int | None] = mapped_column(sa.ForeignKey(PERSON))
    heard_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
