"""Rows of the dossier's parts: needs, findings, clarifications, texts, attachments and duties."""

from datetime import date, datetime
from typing import Any, Literal

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.files.tables import QUARANTINED, StoredFile
from app.kit.db import Base, BigId, Json, UtcDateTime


def owner() -> sa.ForeignKey:
    """Return a reference to the request that a row belongs to."""
    return sa.ForeignKey("requests.id", ondelete="CASCADE")


PERSON = "people.id"


Mark = Literal["", "internal", "outside", "unserved"]
"""What the desk may say of a need that no entity is to answer for; empty: one is."""


class Need(Base):
    """One thing that is needed: as the country put it, or as the assessment found it.

    `apart` says by the desk's word why no entity is to answer for it: `internal` to the
    organizations (F2), `outside` every mandate (F15), `unserved` for want of anybody to ask.
    """

    __tablename__ = "needs"
    __table_args__ = (
        sa.UniqueConstraint("request_id", "number"),
        sa.Index("ix_needs_area_request_id", "area", "request_id"),
        sa.CheckConstraint("apart IN ('', 'internal', 'outside', 'unserved')", name="apart"),
        sa.Index("ix_needs_topic_request_id", "topic", "request_id"),
    )

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    request_id: Mapped[int] = mapped_column(owner())
    number: Mapped[int]
    area: Mapped[str] = mapped_column(sa.String(1))
    topic: Mapped[str] = mapped_column(default="")
    text: Mapped[str]
    kind: Mapped[str] = mapped_column(default="")
    sector: Mapped[str] = mapped_column(default="")
    sensitivities: Mapped[list[str]] = mapped_column(Json, default=list)
    priority: Mapped[int] = mapped_column(default=3)
    origin: Mapped[str]
    dropped: Mapped[bool] = mapped_column(default=False)
    apart: Mapped[Mark] = mapped_column(sa.String(), default="", server_default="")


class Finding(Base):
    """What the assessment found, tied to a topic.

    Every need and intervention rests on some (F32).
    """

    __tablename__ = "findings"
    __table_args__ = (sa.UniqueConstraint("request_id", "number"),)

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    request_id: Mapped[int] = mapped_column(owner())
    assessment_id: Mapped[int] = mapped_column(sa.ForeignKey("assessments.id"), index=True)
    number: Mapped[int]
    topic: Mapped[str]
    text: Mapped[str]
    risk_factor: Mapped[str] = mapped_column(default="")


class NeedFinding(Base):
    """A need rests on a finding."""

    __tablename__ = "need_findings"

    need_id: Mapped[int] = mapped_column(
        sa.ForeignKey("needs.id", ondelete="CASCADE"), primary_key=True
    )
    finding_id: Mapped[int] = mapped_column(
        sa.ForeignKey("findings.id", ondelete="CASCADE"), primary_key=True
    )


class AssessmentRecord(Base):
    """The dossier's own record that a completed assessment serves this request.

    The gate in the database looks here; `summary` is what later stages may know of it: kind,
    levels by topic, stakeholder groups consulted, risk factors, waived areas.
    """

    __tablename__ = "assessment_records"

    request_id: Mapped[int] = mapped_column(owner(), primary_key=True)
    assessment_id: Mapped[int] = mapped_column(sa.ForeignKey("assessments.id"), primary_key=True)
    kind: Mapped[str]
    completed_at: Mapped[datetime] = mapped_column(UtcDateTime)
    valid_until: Mapped[date]
    reused: Mapped[bool]
    summary: Mapped[dict[str, Any]] = mapped_column(Json)


class Element(Base):
    """The verdict on one cyber element looked for in a request (F15)."""

    __tablename__ = "elements"

    request_id: Mapped[int] = mapped_column(owner(), primary_key=True)
    element: Mapped[str] = mapped_column(primary_key=True)
    verdict: Mapped[str]
    reason: Mapped[str]
    by: Mapped[int] = mapped_column(sa.ForeignKey(PERSON))
    at: Mapped[datetime] = mapped_column(UtcDateTime)


class Clarification(Base):
    """A question to the country, with a date. A partial answer is kept.

    And the question stays open.
    """

    __tablename__ = "clarifications"
    __table_args__ = (sa.UniqueConstraint("request_id", "number"),)

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    request_id: Mapped[int] = mapped_column(owner())
    number: Mapped[int]
    question: Mapped[str]
    due_on: Mapped[date]
    asked_by: Mapped[int] = mapped_column(sa.ForeignKey(PERSON))
    asked_at: Mapped[datetime] = mapped_column(UtcDateTime)
    answer: Mapped[str] = mapped_column(default="")
    answered_by: Mapped[int | None] = mapped_column(sa.ForeignKey(PERSON))
    answered_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    closed_at: Mapped[datetime | None] = mapped_column(UtcDateTime)

    @property
    def open(self) -> bool:
        """Whether an answer, or the rest of one, is still awaited."""
        return self.closed_at is None


class StandingWork(Base):
    """Work of others in the country that the request names: who, what, until when (F47, F53)."""

    __tablename__ = "standing_work"
    __table_args__ = (sa.UniqueConstraint("request_id", "number"),)

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    request_id: Mapped[int] = mapped_column(owner())
    number: Mapped[int]
    who: Mapped[str]
    what: Mapped[str]
    topics: Mapped[list[str]] = mapped_column(Json, default=list)
    until: Mapped[date | None]


class TextVersion(Base):
    """An earlier wording, kept readable after an edit."""

    __tablename__ = "text_versions"
    __table_args__ = (sa.Index("ix_text_versions_request_id_part", "request_id", "part"),)

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    request_id: Mapped[int] = mapped_column(owner())
    part: Mapped[str]
    revision: Mapped[int]
    content: Mapped[dict[str, Any]] = mapped_column(Json)
    by: Mapped[int] = mapped_column(sa.ForeignKey(PERSON))
    at: Mapped[datetime] = mapped_column(UtcDateTime)


class Attachment(Base):
    """A document that belongs to a request; its bytes are a stored file.

    One from before the file store has its bytes in `attachment_contents` till the worker moves it.
    """

    __tablename__ = "attachments"

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    request_id: Mapped[int] = mapped_column(owner(), index=True)
    name: Mapped[str]
    media_type: Mapped[str]
    size: Mapped[int]
    sha256: Mapped[str]
    level: Mapped[str] = mapped_column(default="ordinary", server_default="ordinary")
    by: Mapped[int] = mapped_column(sa.ForeignKey(PERSON))
    at: Mapped[datetime] = mapped_column(UtcDateTime)
    file_id: Mapped[str | None] = mapped_column(
        sa.ForeignKey("stored_files.id", name="fk_attachments_file_id"), index=True, unique=True
    )
    file: Mapped[StoredFile | None] = relationship(lazy="raise")

    @property
    def status(self) -> str:
        """Whether it is given out: quarantined, released or refused."""
        return self.file.status if self.file else QUARANTINED

    @property
    def reason(self) -> str:
        """Why it is not given out."""
        return self.file.reason if self.file else ""

    @property
    def type(self) -> str:
        """The kind of document that it was found to be."""
        return self.file.kind if self.file else ""


class AttachmentContent(Base):
    """The bytes of an attachment from before the file store."""

    __tablename__ = "attachment_contents"

    attachment_id: Mapped[int] = mapped_column(
        sa.ForeignKey("attachments.id", ondelete="CASCADE"), primary_key=True
    )
    content: Mapped[bytes]


class Comment(Base):
    """A remark on a request."""

    __tablename__ = "comments"

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    request_id: Mapped[int] = mapped_column(owner(), index=True)
    text: Mapped[str]
    by: Mapped[int] = mapped_column(sa.ForeignKey(PERSON))
    at: Mapped[datetime] = mapped_column(UtcDateTime)


class Condition(Base):
    """A condition of the screening that goes with the request into delivery as a visible duty."""

    __tablename__ = "conditions"
    __table_args__ = (sa.UniqueConstraint("request_id", "number"),)

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    request_id: Mapped[int] = mapped_column(owner())
    number: Mapped[int]
    criterion: Mapped[str]
    text: Mapped[str]
    cite: Mapped[str]
    due_on: Mapped[date | None]
    met_note: Mapped[str] = mapped_column(default="")
    met_by: Mapped[int | None] = mapped_column(sa.ForeignKey(PERSON))
    met_at: Mapped[datetime | None] = mapped_column(UtcDateTime)


class Consent(Base):
    """What a country decided about its own request: sharing it, a match, publication (F19)."""

    __tablename__ = "consents"
    __table_args__ = (
        sa.Index("ix_consents_request_id_subject", "request_id", "subject"),
        sa.Index(
            "ix_consents_publication",
            "request_id",
            sqlite_where=sa.text("subject = 'publication'"),
            postgresql_where=sa.text("subject = 'publication'"),
        ),
    )

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    request_id: Mapped[int] = mapped_column(owner())
    country: Mapped[str] = mapped_column(sa.String(3))
    subject: Mapped[str]
    proposal: Mapped[int | None]
    given: Mapped[bool]
    reason: Mapped[str] = mapped_column(default="")
    by: Mapped[int] = mapped_column(sa.ForeignKey(PERSON))
    at: Mapped[datetime] = mapped_column(UtcDateTime)


class Assignment(Base):
    """A need given to an entity by an accepted match: what delivery builds on.

    One entity answers for it (`part` lead), and no two (F53); others may support that one.
    """

    __tablename__ = "assignments"
    __table_args__ = (
        sa.Index(
            "uq_assignments_responsible",
            "need_id",
            unique=True,
            sqlite_where=sa.text("part = 'lead'"),
            postgresql_where=sa.text("part = 'lead'"),
        ),
    )

    request_id: Mapped[int] = mapped_column(owner(), primary_key=True)
    need_id: Mapped[int] = mapped_column(sa.ForeignKey("needs.id"), primary_key=True)
    entity: Mapped[str] = mapped_column(primary_key=True)
    part: Mapped[str]
    mandate: Mapped[str]
    cite: Mapped[str]
