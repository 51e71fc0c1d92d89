"""Rows of the directory: people, their roles with scope, tokens, countries and their groups."""

from datetime import date, datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from app.kit.db import Base, BigId, Json, UtcDateTime


class Person(Base):
    """A natural person, or a program; four eyes means two of the former.

    `joined_to` is the record that this one was joined to: both are one person, who acts under the
    other number from then on. A joined record is suspended for good.
    """

    __tablename__ = "people"

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    name: Mapped[str]
    email: Mapped[str | None] = mapped_column(unique=True)
    language: Mapped[str] = mapped_column(default="en")
    program: Mapped[bool] = mapped_column(default=False)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    suspended_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    joined_to: Mapped[int | None] = mapped_column(BigId, index=True)

    @property
    def active(self) -> bool:
        """Whether this person is not suspended."""
        return self.suspended_at is None


class RoleGrant(Base):
    """One role held by one person within one scope; no country and no entity means everything.

    It holds from `starts_at` (empty: from the beginning) until `ended_at`, not included. A grant is
    ended and never deleted: who once answered for an entity stays tied to it (C7).
    """

    __tablename__ = "role_grants"
    __table_args__ = (
        sa.CheckConstraint("country IS NULL OR entity IS NULL", name="one_scope"),
        sa.UniqueConstraint("person_id", "role", "country", "entity"),
    )

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    person_id: Mapped[int] = mapped_column(sa.ForeignKey("people.id"))
    role: Mapped[str]
    country: Mapped[str | None] = mapped_column(sa.String(3))
    entity: Mapped[str | None]
    granted_by: Mapped[int | None] = mapped_column(sa.ForeignKey("people.id"))
    granted_at: Mapped[datetime] = mapped_column(UtcDateTime)
    starts_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    ended_at: Mapped[datetime | None] = mapped_column(UtcDateTime)


class ApiToken(Base):
    """A credential for programs; only its keyed digest is kept.

    `scopes` are words with spaces between; none written down means all that the owner may.
    `last_used_at` is within a minute or so of the truth.
    """

    __tablename__ = "api_tokens"

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    person_id: Mapped[int] = mapped_column(sa.ForeignKey("people.id"), index=True)
    name: Mapped[str]
    prefix: Mapped[str]
    digest: Mapped[str] = mapped_column(unique=True)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    expires_at: Mapped[datetime] = mapped_column(UtcDateTime)
    revoked_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    scopes: Mapped[str | None]
    last_used_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    assured_at: Mapped[datetime | None] = mapped_column(UtcDateTime)


class AccessEpoch(Base):
    """One row whose number grows at every change of people, roles or tokens.

    A worker that remembers an actor compares it at every call, so that a revocation is
    in force on every worker at once.
    """

    __tablename__ = "access_epoch"

    id: Mapped[int] = mapped_column(primary_key=True)
    number: Mapped[int]


class CountryRow(Base):
    """A Member State or observer State with its names in six languages."""

    __tablename__ = "countries"

    alpha3: Mapped[str] = mapped_column(sa.String(3), primary_key=True)
    alpha2: Mapped[str] = mapped_column(sa.String(2))
    m49: Mapped[str] = mapped_column(sa.String(3))
    status: Mapped[str]
    region: Mapped[str]
    subregion: Mapped[str]
    names: Mapped[dict[str, str]] = mapped_column(Json)
    orders: Mapped[dict[str, Any]] = mapped_column(Json)


class CountryGroup(Base):
    """Membership of a country in a group or regional commission, half-open in time."""

    __tablename__ = "country_groups"

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    country: Mapped[str] = mapped_column(sa.ForeignKey("countries.alpha3"), index=True)
    group: Mapped[str]
    regional: Mapped[bool]
    valid_from: Mapped[date | None]
    valid_to: Mapped[date | None]
    source: Mapped[str]


class Interest(Base):
    """A tie that a person has declared: to an entity, a country, or (a recusal) one request.

    `value` is the entity's code, the country's, or the request's reference.
    """

    __tablename__ = "interests"
    __table_args__ = (
        sa.CheckConstraint("kind IN ('entity', 'country', 'request')", name="kind"),
        sa.Index("ix_interests_kind_value", "kind", "value"),
    )

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    person_id: Mapped[int] = mapped_column(sa.ForeignKey("people.id"), index=True)
    kind: Mapped[str]
    value: Mapped[str]
    reason: Mapped[str]
    declared_at: Mapped[datetime] = mapped_column(UtcDateTime)
    valid_from: Mapped[datetime] = mapped_column(UtcDateTime)
    valid_to: Mapped[datetime | None] = mapped_column(UtcDateTime)


class Delegation(Base):
    """One grant lent to another person for a time; that person acts on behalf of the lender.

    `acts` names the acts and triggers it is limited to; an empty list limits nothing.
    """

    __tablename__ = "delegations"
    __table_args__ = (sa.CheckConstraint("person_id <> delegate_id", name="two_persons"),)

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    person_id: Mapped[int] = mapped_column(sa.ForeignKey("people.id"), index=True)
    delegate_id: Mapped[int] = mapped_column(sa.ForeignKey("people.id"), index=True)
    grant_id: Mapped[int] = mapped_column(sa.ForeignKey("role_grants.id"))
    acts: Mapped[list[str]] = mapped_column(Json)
    valid_from: Mapped[datetime] = mapped_column(UtcDateTime)
    valid_to: Mapped[datetime] = mapped_column(UtcDateTime)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    revoked_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
