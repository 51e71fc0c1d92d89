"""Rows of the delivery room: the joint programme, its components, activities and indicators."""

from datetime import date, datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from app.kit.db import Base, BigId, Json, UtcDateTime

PERSON = "people.id"


class JointProgramme(Base):
    """The programme in which the matched entities help together (F53).

    `lead` is empty from when the lead has left until it is replaced.
    """

    __tablename__ = "joint_programmes"

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    request_id: Mapped[int] = mapped_column(
        sa.ForeignKey("requests.id", ondelete="CASCADE"), unique=True
    )
    title: Mapped[str]
    lead: Mapped[str]
    framework_outcome: Mapped[str] = mapped_column(default="")
    revision: Mapped[int] = mapped_column(default=1)
    opened_at: Mapped[datetime] = mapped_column(UtcDateTime)


class Component(Base):
    """The part of the programme that exactly one entity answers for, until it leaves."""

    __tablename__ = "components"
    __table_args__ = (sa.UniqueConstraint("programme_id", "entity"),)

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    programme_id: Mapped[int] = mapped_column(
        sa.ForeignKey("joint_programmes.id", ondelete="CASCADE"), index=True
    )
    entity: Mapped[str]
    title: Mapped[str]
    left_at: Mapped[datetime | None] = mapped_column(UtcDateTime)


class Activity(Base):
    """One piece of help. The database refuses it where no completed assessment stands (F32, F41).

    `status`: planned, running, suspended, done, stopped.
    """

    __tablename__ = "activities"
    __table_args__ = (
        sa.UniqueConstraint("request_id", "number"),
        sa.CheckConstraint(
            "status IN ('planned', 'running', 'suspended', 'done', 'stopped')", name="status"
        ),
        sa.CheckConstraint("ends_on >= starts_on", name="dates"),
    )

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    request_id: Mapped[int] = mapped_column(
        sa.ForeignKey("requests.id", ondelete="CASCADE"), index=True
    )
    component_id: Mapped[int] = mapped_column(sa.ForeignKey("components.id"))
    number: Mapped[int]
    need_id: Mapped[int] = mapped_column(sa.ForeignKey("needs.id"))
    title: Mapped[str]
    kind: Mapped[str]
    status: Mapped[str]
    reason: Mapped[str] = mapped_column(default="")
    objectives: Mapped[list[str]] = mapped_column(Json, default=list)
    targets: Mapped[list[str]] = mapped_column(Json, default=list)
    starts_on: Mapped[date]
    ends_on: Mapped[date]
    follow_up_on: Mapped[date | None]
    revision: Mapped[int] = mapped_column(default=1)
    created_by: Mapped[int] = mapped_column(sa.ForeignKey(PERSON))
    changed_at: Mapped[datetime] = mapped_column(UtcDateTime)


class ActivityFinding(Base):
    """An activity rests on a finding of the assessment (F32)."""

    __tablename__ = "activity_findings"

    activity_id: Mapped[int] = mapped_column(
        sa.ForeignKey("activities.id", ondelete="CASCADE"), primary_key=True
    )
    finding_id: Mapped[int] = mapped_column(sa.ForeignKey("findings.id"), primary_key=True)


class Indicator(Base):
    """What an activity is measured by; no actual value means not measured, which is not zero."""

    __tablename__ = "indicators"

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    activity_id: Mapped[int] = mapped_column(
        sa.ForeignKey("activities.id", ondelete="CASCADE"), index=True
    )
    name: Mapped[str]
    unit: Mapped[str]
    baseline: Mapped[float | None]
    target: Mapped[float]
    actual: Mapped[float | None]
    measured_on: Mapped[date | None]


class ProgressReport(Base):
    """What an entity reports on its component."""

    __tablename__ = "progress_reports"

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    request_id: Mapped[int] = mapped_column(
        sa.ForeignKey("requests.id", ondelete="CASCADE"), index=True
    )
    entity: Mapped[str]
    text: Mapped[str]
    by: Mapped[int] = mapped_column(sa.ForeignKey(PERSON))
    at: Mapped[datetime] = mapped_column(UtcDateTime)


class Closing(Base):
    """What must be said before a request closes: the impact or why none can be stated.

    And a lesson.
    """

    __tablename__ = "closings"

    request_id: Mapped[int] = mapped_column(
        sa.ForeignKey("requests.id", ondelete="CASCADE"), primary_key=True
    )
    impact: Mapped[str] = mapped_column(default="")
    no_impact_reason: Mapped[str] = mapped_column(default="")
    lesson: Mapped[str] = mapped_column(default="")
    no_lesson_reason: Mapped[str] = mapped_column(default="")
    by: Mapped[int] = mapped_column(sa.ForeignKey(PERSON))
    at: Mapped[datetime] = mapped_column(UtcDateTime)
