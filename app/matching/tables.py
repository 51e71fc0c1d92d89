"""Rows of the matching room: proposals, what the entities answered, and portfolios."""

from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from app.kit.db import Base, BigId, Json, UtcDateTime

PERSON = "people.id"


class ProposalRow(Base):
    """One proposal of who should help, stored with its inputs and reasons, never recomputed.

    `status`: prepared, offered, accepted, declined, superseded. `assigned_at`: since when its needs
    are given to its entities; an accepted one without it still waits for the country's word.
    """

    __tablename__ = "proposals"
    __table_args__ = (sa.UniqueConstraint("request_id", "number"),)

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    request_id: Mapped[int] = mapped_column(
        sa.ForeignKey("requests.id", ondelete="CASCADE"), index=True
    )
    number: Mapped[int]
    status: Mapped[str]
    lead: Mapped[str | None]
    content: Mapped[dict[str, Any]] = mapped_column(Json)
    inputs: Mapped[dict[str, Any]] = mapped_column(Json)
    inputs_hash: Mapped[str]
    prepared_by: Mapped[int] = mapped_column(sa.ForeignKey(PERSON))
    prepared_at: Mapped[datetime] = mapped_column(UtcDateTime)
    assigned_at: Mapped[datetime | None] = mapped_column(UtcDateTime)


class ResponseRow(Base):
    """What one entity answered to one proposal: it accepts, or declines with a reason.

    One that accepts may leave needs out: `declined_needs`, by number. `kept`: it had accepted its
    needs before, and was not asked again.
    """

    __tablename__ = "responses"

    proposal_id: Mapped[int] = mapped_column(
        sa.ForeignKey("proposals.id", ondelete="CASCADE"), primary_key=True
    )
    entity: Mapped[str] = mapped_column(primary_key=True)
    accepted: Mapped[bool]
    reason: Mapped[str] = mapped_column(default="")
    declined_needs: Mapped[list[int]] = mapped_column(Json, default=list, server_default="[]")
    kept: Mapped[bool] = mapped_column(default=False, server_default=sa.false())
    by: Mapped[int] = mapped_column(sa.ForeignKey(PERSON))
    at: Mapped[datetime] = mapped_column(UtcDateTime)


class BasisChange(Base):
    """What a new version of the compendium meant for one open request.

    `treatment`: noted (an accepted match stays), flagged (a proposal waits until the desk confirms
    it with a reason, or matches again), renewed (what is proposed later uses the new version).
    """

    __tablename__ = "basis_changes"
    __table_args__ = (
        sa.UniqueConstraint("request_id", "version"),
        sa.CheckConstraint("treatment IN ('noted', 'flagged', 'renewed')", name="treatment"),
    )

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    request_id: Mapped[int] = mapped_column(sa.ForeignKey("requests.id", ondelete="CASCADE"))
    version: Mapped[int]
    treatment: Mapped[str]
    proposal: Mapped[int | None]
    entries: Mapped[list[str]] = mapped_column(Json)
    at: Mapped[datetime] = mapped_column(UtcDateTime)
    confirmed_by: Mapped[int | None] = mapped_column(sa.ForeignKey(PERSON))
    confirmed_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    reason: Mapped[str] = mapped_column(default="")


class PortfolioRow(Base):
    """A plan for all open requests at once that somebody of the desk asked for: it binds nobody.

    `status`: waiting (`begun_at`: when it was taken up), planned, failed. `quarters` are planned,
    `lasts` of which a request holds its places. `problem` is all that the plan rests on.
    """

    __tablename__ = "portfolios"
    __table_args__ = (
        sa.CheckConstraint("status IN ('waiting', 'planned', 'failed')", name="status"),
    )

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    status: Mapped[str]
    quarters: Mapped[int]
    lasts: Mapped[int]
    asked_by: Mapped[int] = mapped_column(sa.ForeignKey(PERSON))
    asked_at: Mapped[datetime] = mapped_column(UtcDateTime)
    begun_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    planned_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    problem: Mapped[dict[str, Any] | None] = mapped_column(Json)
    problem_hash: Mapped[str | None]
    content: Mapped[dict[str, Any] | None] = mapped_column(Json)
    gap: Mapped[float | None]
