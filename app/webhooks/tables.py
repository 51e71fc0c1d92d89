"""Rows of webhooks: who is told at which address, and each message on its way."""

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from app.kit.db import Base, BigId, Json, UtcDateTime


class Webhook(Base):
    """An address of a program that is told what its owner may know of.

    `person_id` is the owner, whose sight is asked at each message, `made_by` who set it up. `key`
    is wrapped by the master key and seals both secrets; `former` counts until `former_until`.
    `failures` in a row since `failing_since` keep it at rest until `rest_until`.
    """

    __tablename__ = "webhooks"
    __table_args__ = (
        sa.CheckConstraint("status IN ('active', 'paused', 'disabled', 'ended')", name="status"),
    )

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    person_id: Mapped[int] = mapped_column(sa.ForeignKey("people.id"), index=True)
    made_by: Mapped[int | None] = mapped_column(sa.ForeignKey("people.id"))
    name: Mapped[str]
    url: Mapped[str]
    kinds: Mapped[list[str]] = mapped_column(Json)
    status: Mapped[str]
    key: Mapped[str]
    secret: Mapped[str]
    former: Mapped[str | None]
    former_until: Mapped[datetime | None] = mapped_column(UtcDateTime)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    ended_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    failures: Mapped[int]
    failing_since: Mapped[datetime | None] = mapped_column(UtcDateTime)
    rest_until: Mapped[datetime | None] = mapped_column(UtcDateTime)
    answered: Mapped[str | None]
    tried_at: Mapped[datetime | None] = mapped_column(UtcDateTime)


class Delivery(Base):
    """One message to one webhook; the same `message` however often it is tried.

    About an event of a request, or (both empty) a test. `lease` is whose turn it is to send it,
    until `leased_until` by the database's clock. `answered` is the class of the last answer.
    """

    __tablename__ = "webhook_deliveries"
    __table_args__ = (
        sa.CheckConstraint("status IN ('waiting', 'delivered', 'dead', 'withheld')", name="status"),
        sa.UniqueConstraint("webhook_id", "event_id"),
        sa.Index("ix_webhook_deliveries_queue", "webhook_id", "status", "due_at"),
        sa.Index("ix_webhook_deliveries_order", "webhook_id", "request_id", "id"),
        sa.Index("ix_webhook_deliveries_at", "at"),
    )

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    webhook_id: Mapped[int] = mapped_column(sa.ForeignKey("webhooks.id"))
    event_id: Mapped[int | None] = mapped_column(sa.ForeignKey("request_events.id"), index=True)
    request_id: Mapped[int | None] = mapped_column(sa.ForeignKey("requests.id"))
    message: Mapped[str] = mapped_column(unique=True)
    kind: Mapped[str]
    status: Mapped[str]
    at: Mapped[datetime] = mapped_column(UtcDateTime)
    due_at: Mapped[datetime] = mapped_column(UtcDateTime)
    tries: Mapped[int]
    first_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    tried_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    answered: Mapped[str | None]
    lease: Mapped[str | None]
    leased_until: Mapped[datetime | None] = mapped_column(UtcDateTime)
