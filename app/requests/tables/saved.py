"""Rows of what people keep for themselves of the list of requests."""

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from app.kit.db import Base, BigId, UtcDateTime


class SavedSearch(Base):
    """Filters of the list that a person keeps under a name; `query` is the end of an address."""

    __tablename__ = "saved_searches"
    __table_args__ = (sa.UniqueConstraint("person_id", "name", name="uq_saved_searches_name"),)

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    person_id: Mapped[int] = mapped_column(sa.ForeignKey("people.id"), index=True)
    name: Mapped[str]
    query: Mapped[str]
    at: Mapped[datetime] = mapped_column(UtcDateTime)
