"""Rows of the knowledge room: best practices and lessons learned (F34, F51)."""

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from app.kit.db import Base, BigId, Json, UtcDateTime


class KnowledgeEntry(Base):
    """A best practice or a lesson, typed by topic and tied to the request it came from."""

    __tablename__ = "knowledge_entries"

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    kind: Mapped[str]
    title: Mapped[str]
    text: Mapped[str]
    topics: Mapped[list[str]] = mapped_column(Json, default=list)
    link: Mapped[str] = mapped_column(default="")
    request_id: Mapped[int | None] = mapped_column(sa.ForeignKey("requests.id"), index=True)
    by: Mapped[int] = mapped_column(sa.ForeignKey("people.id"))
    at: Mapped[datetime] = mapped_column(UtcDateTime)
