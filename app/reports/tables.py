"""Rows of the reading room: counts that were made beforehand, because they take long."""

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from app.kit.db import Base, Json, UtcDateTime


class KeptCounts(Base):
    """What one report counts for all who see the whole house one way; no text, no reference.

    `sight` is the word of `policy.sight` for that way. The worker counts anew every hour.
    """

    __tablename__ = "kept_counts"

    sight: Mapped[str] = mapped_column(primary_key=True)
    report: Mapped[str] = mapped_column(primary_key=True)
    counts: Mapped[dict[str, list[int]]] = mapped_column(Json)
    at: Mapped[datetime] = mapped_column(UtcDateTime)
    seconds: Mapped[float] = mapped_column(sa.Float)
