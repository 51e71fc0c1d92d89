"""Rows of the assessment room: the assessment, its answers with evidence, its fieldwork."""

from datetime import date, datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from app.kit.db import Base, BigId, Json, UtcDateTime

PERSON = "people.id"


def parent() -> sa.ForeignKey:
    """Return a reference to the assessment that a row belongs to."""
    return sa.ForeignKey("assessments.id", ondelete="CASCADE")


class Assessment(Base):
    """One assessment of a request: comprehensive, rapid, self or reassessment.

    A completed one is frozen: the database refuses to reopen or drop it while help rests on it.
    """

    __tablename__ = "assessments"
    __table_args__ = (
        sa.CheckConstraint(
            "kind IN ('comprehensive', 'rapid', 'self', 'reassessment')", name="kind"
        ),
        sa.CheckConstraint("status IN ('planned', 'running', 'completed', 'void')", name="status"),
        sa.CheckConstraint(
            "status <> 'completed' OR kind = 'self' OR (completed_at IS NOT NULL AND signed_by"
            " IS NOT NULL AND countersigned_by IS NOT NULL AND signed_by <> countersigned_by)",
            name="signed_by_two",
        ),
    )

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    request_id: Mapped[int] = mapped_column(
        sa.ForeignKey("requests.id", ondelete="CASCADE"), index=True
    )
    kind: Mapped[str]
    status: Mapped[str]
    revision: Mapped[int] = mapped_column(default=1)
    questionnaire: Mapped[str]
    starts_on: Mapped[date | None]
    ends_on: Mapped[date | None]
    place: Mapped[str] = mapped_column(default="")
    team: Mapped[list[dict[str, Any]]] = mapped_column(Json, default=list)
    hosts: Mapped[list[dict[str, Any]]] = mapped_column(Json, default=list)
    waived_areas: Mapped[dict[str, str]] = mapped_column(Json, default=dict)
    baseline_id: Mapped[int | None] = mapped_column(sa.ForeignKey("assessments.id"))
    comprehensive_due: Mapped[date | None]
    created_by: Mapped[int] = mapped_column(sa.ForeignKey(PERSON))
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    signed_by: Mapped[int | None] = mapped_column(sa.ForeignKey(PERSON))
    signed_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    countersigned_by: Mapped[int | None] = mapped_column(sa.ForeignKey(PERSON))
    countersigned_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    completed_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    valid_until: Mapped[date | None]


class Answer(Base):
    """The answer to one question; several people fill in one assessment, so each has a revision."""

    __tablename__ = "answers"
    __table_args__ = (sa.UniqueConstraint("assessment_id", "question"),)

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    assessment_id: Mapped[int] = mapped_column(parent())
    question: Mapped[str]
    value: Mapped[str]
    note: Mapped[str] = mapped_column(default="")
    revision: Mapped[int] = mapped_column(default=1)
    by: Mapped[int] = mapped_column(sa.ForeignKey(PERSON))
    answered_on: Mapped[date]
    at: Mapped[datetime] = mapped_column(UtcDateTime)


class Evidence(Base):
    """What an answer rests on: a document, a law, an interview or an observation."""

    __tablename__ = "evidence"

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    answer_id: Mapped[int] = mapped_column(
        sa.ForeignKey("answers.id", ondelete="CASCADE"), index=True
    )
    kind: Mapped[str]
    source: Mapped[str]
    dated: Mapped[date | None]
    in_country: Mapped[bool]
    attachment_id: Mapped[int | None] = mapped_column(sa.ForeignKey("attachments.id"))
    by: Mapped[int] = mapped_column(sa.ForeignKey(PERSON))


class Visit(Base):
    """Days spent in the country; without one an assessment is desk work (F32)."""

    __tablename__ = "visits"

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    assessment_id: Mapped[int] = mapped_column(parent(), index=True)
    country: Mapped[str] = mapped_column(sa.String(3))
    place: Mapped[str]
    host: Mapped[str]
    starts_on: Mapped[date]
    ends_on: Mapped[date]
    by: Mapped[int] = mapped_column(sa.ForeignKey(PERSON))


class Consultation(Base):
    """A meeting with one stakeholder group (F18, F20)."""

    __tablename__ = "consultations"

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    assessment_id: Mapped[int] = mapped_column(parent(), index=True)
    group: Mapped[str]
    held_on: Mapped[date]
    who: Mapped[str]
    note: Mapped[str] = mapped_column(default="")
    by: Mapped[int] = mapped_column(sa.ForeignKey(PERSON))


class RiskAssessment(Base):
    """The crime and risk assessment of potential threats, an object of its own (F17)."""

    __tablename__ = "risk_assessments"

    assessment_id: Mapped[int] = mapped_column(parent(), primary_key=True)
    content: Mapped[dict[str, Any]] = mapped_column(Json)
    revision: Mapped[int] = mapped_column(default=1)
    dated: Mapped[date | None]
    by: Mapped[int | None] = mapped_column(sa.ForeignKey(PERSON))
    at: Mapped[datetime] = mapped_column(UtcDateTime)


class Acknowledgement(Base):
    """A government has seen the assessment of its country and says so."""

    __tablename__ = "acknowledgements"

    assessment_id: Mapped[int] = mapped_column(parent(), primary_key=True)
    country: Mapped[str] = mapped_column(sa.String(3), primary_key=True)
    by: Mapped[int] = mapped_column(sa.ForeignKey(PERSON))
    at: Mapped[datetime] = mapped_column(UtcDateTime)
    note: Mapped[str] = mapped_column(default="")
