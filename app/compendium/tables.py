"""Rows of the compendium: versioned entries, their numbered versions, and proposed changes."""

from datetime import date, datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from app.kit.db import Base, BigId, Json, UtcDateTime


class Entity(Base):
    """The lasting code of an organization; what is said of it stands in its entries."""

    __tablename__ = "entities"

    code: Mapped[str] = mapped_column(primary_key=True)


class CompendiumVersion(Base):
    """One numbered state of the compendium: when it was recorded, and from when on it speaks.

    `effected_at` is when its effect on the open requests had been carried out.
    """

    __tablename__ = "compendium_versions"

    number: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    source: Mapped[str]
    entries: Mapped[int]
    recorded_at: Mapped[datetime] = mapped_column(UtcDateTime)
    effective_at: Mapped[datetime] = mapped_column(UtcDateTime)
    effected_at: Mapped[datetime | None] = mapped_column(UtcDateTime, index=True)


class CompendiumEntry(Base):
    """One version of one entry; rows are added and never changed, which a trigger holds to.

    `effective_at` is the moment from which the version speaks of its entry (valid time) and
    `recorded_at` the one from which we know it (recorded time); `valid_from` and `valid_to` are the
    entry's own days, the second not included. A version that is `withdrawn` says that the entry
    stands no longer, and keeps what was said last.
    """

    __tablename__ = "compendium_entries"
    __table_args__ = (
        sa.UniqueConstraint("kind", "code", "version"),
        sa.CheckConstraint(
            "kind IN ('entity', 'mandate', 'lead', 'arrangement', 'capacity', 'focal_point')",
            name="kind",
        ),
        sa.CheckConstraint("version = 1 OR effective_at >= recorded_at", name="never_retroactive"),
    )

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    kind: Mapped[str]
    code: Mapped[str]
    version: Mapped[int]
    number: Mapped[int] = mapped_column(sa.ForeignKey("compendium_versions.number"), index=True)
    entity: Mapped[str | None] = mapped_column(sa.ForeignKey("entities.code"), index=True)
    content: Mapped[dict[str, Any]] = mapped_column(Json)
    withdrawn: Mapped[bool] = mapped_column(default=False)
    source: Mapped[str]
    provenance: Mapped[str]
    basis: Mapped[str]
    valid_from: Mapped[date]
    valid_to: Mapped[date | None]
    review_by: Mapped[date | None]
    effective_at: Mapped[datetime] = mapped_column(UtcDateTime)
    recorded_at: Mapped[datetime] = mapped_column(UtcDateTime)


class CompendiumProposal(Base):
    """A change that somebody wishes, until a second person has said yes or no to it.

    `kind` is change, claim (of an omission, C65) or restore; `status` open, approved, rejected or
    withdrawn. `proposed_for` and `reviewed_for` are those on whose behalf it was done. `changes`
    hold what each entry is to say, whole, and the version that it rests on.
    """

    __tablename__ = "compendium_proposals"
    __table_args__ = (
        sa.CheckConstraint("kind IN ('change', 'claim', 'restore')", name="kind"),
        sa.CheckConstraint(
            "status IN ('open', 'approved', 'rejected', 'withdrawn')", name="status"
        ),
        sa.CheckConstraint("reviewed_by IS NULL OR reviewed_by <> proposed_by", name="two_persons"),
        sa.CheckConstraint("(status = 'approved') = (number IS NOT NULL)", name="numbered"),
    )

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    kind: Mapped[str]
    status: Mapped[str] = mapped_column(default="open", index=True)
    title: Mapped[str]
    reason: Mapped[str]
    entities: Mapped[list[str]] = mapped_column(Json)
    changes: Mapped[list[dict[str, Any]]] = mapped_column(Json)
    effective_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    proposed_by: Mapped[int] = mapped_column(sa.ForeignKey("people.id"))
    proposed_for: Mapped[int | None] = mapped_column(sa.ForeignKey("people.id"))
    proposed_at: Mapped[datetime] = mapped_column(UtcDateTime)
    reviewed_by: Mapped[int | None] = mapped_column(sa.ForeignKey("people.id"))
    reviewed_for: Mapped[int | None] = mapped_column(sa.ForeignKey("people.id"))
    reviewed_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    review_reason: Mapped[str] = mapped_column(default="")
    number: Mapped[int | None] = mapped_column(sa.ForeignKey("compendium_versions.number"))


class ReviewReminder(Base):
    """That a person was reminded of a version of an entry whose review date is past."""

    __tablename__ = "compendium_reminders"

    entry_id: Mapped[int] = mapped_column(sa.ForeignKey("compendium_entries.id"), primary_key=True)
    person_id: Mapped[int] = mapped_column(sa.ForeignKey("people.id"), primary_key=True)
    at: Mapped[datetime] = mapped_column(UtcDateTime)
    times: Mapped[int]
