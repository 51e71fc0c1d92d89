"""Rows of the compendium: entities, mandates, lead roles, arrangements and focal points."""

from datetime import date, datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from app.kit.db import Base, BigId, Json, UtcDateTime


class Entity(Base):
    """An organization, of the United Nations system or outside it."""

    __tablename__ = "entities"

    code: Mapped[str] = mapped_column(primary_key=True)
    name: Mapped[str]
    full_name: Mapped[str]
    kind: Mapped[str]
    region: Mapped[str | None]
    assignable: Mapped[bool]
    cite: Mapped[list[str]] = mapped_column(Json)


class Mandate(Base):
    """What an entity may do, on which topics, since when and on which ground."""

    __tablename__ = "mandates"
    __table_args__ = (sa.UniqueConstraint("code", "version"),)

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    code: Mapped[str]
    version: Mapped[int]
    entity: Mapped[str] = mapped_column(sa.ForeignKey("entities.code"), index=True)
    role: Mapped[str]
    text: Mapped[str]
    topics: Mapped[list[str]] = mapped_column(Json)
    kinds: Mapped[list[str]] = mapped_column(Json)
    regions: Mapped[list[str]] = mapped_column(Json)
    sensitivities: Mapped[list[str]] = mapped_column(Json)
    lead_of: Mapped[list[str]] = mapped_column(Json)
    cite: Mapped[list[str]] = mapped_column(Json)
    provenance: Mapped[str]
    basis: Mapped[str]
    valid_from: Mapped[date]
    valid_to: Mapped[date | None]
    review_by: Mapped[date | None]
    recorded_at: Mapped[datetime] = mapped_column(UtcDateTime)


class LeadRole(Base):
    """The entity that the system follows in a subject; it comes before plain competence (F8, F9).

    With `sensitivities` the lead extends only to needs that carry one of them.
    """

    __tablename__ = "lead_roles"

    subject: Mapped[str] = mapped_column(primary_key=True)
    entity: Mapped[str] = mapped_column(sa.ForeignKey("entities.code"))
    topics: Mapped[list[str]] = mapped_column(Json)
    sensitivities: Mapped[list[str]] = mapped_column(Json)
    cite: Mapped[list[str]] = mapped_column(Json)
    recorded_at: Mapped[datetime] = mapped_column(UtcDateTime)


class Arrangement(Base):
    """An agreement between entities on how they share work."""

    __tablename__ = "arrangements"

    code: Mapped[str] = mapped_column(primary_key=True)
    title: Mapped[str]
    parties: Mapped[list[str]] = mapped_column(Json)
    scope: Mapped[str]
    split: Mapped[dict[str, Any]] = mapped_column(Json)
    signed: Mapped[str]
    cite: Mapped[list[str]] = mapped_column(Json)
    recorded_at: Mapped[datetime] = mapped_column(UtcDateTime)


class FocalPoint(Base):
    """The person who answers for an entity from one day up to another, not included (F53, fc).

    `begins_at` is the stated moment of a succession, within the first day.
    """

    __tablename__ = "focal_points"

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    entity: Mapped[str] = mapped_column(sa.ForeignKey("entities.code"), index=True)
    person_id: Mapped[int] = mapped_column(sa.ForeignKey("people.id"), index=True)
    valid_from: Mapped[date]
    valid_to: Mapped[date | None]
    begins_at: Mapped[datetime | None] = mapped_column(UtcDateTime)


class Capacity(Base):
    """How many requests an entity can take on at once; no row means no stated limit (C53, C54)."""

    __tablename__ = "capacities"

    entity: Mapped[str] = mapped_column(sa.ForeignKey("entities.code"), primary_key=True)
    requests: Mapped[int]
    note: Mapped[str] = mapped_column(default="")


class CompendiumVersion(Base):
    """One state of the compendium: when it was recorded, out of what, how many entries it added."""

    __tablename__ = "compendium_versions"

    number: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    source: Mapped[str]
    entries: Mapped[int]
    recorded_at: Mapped[datetime] = mapped_column(UtcDateTime)
