"""Rows of signing in: ways of signing in, second factors, sessions, one-time links, tries."""

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from app.kit.db import Base, BigId, UtcDateTime


class Account(Base):
    """One way in which a person signs in; a person may have several, and stays one person.

    Local: no issuer, the subject is the e-mail address in lower case. OIDC: issuer and subject as
    the identity provider gives them, and no password.
    """

    __tablename__ = "accounts"
    __table_args__ = (
        sa.CheckConstraint("kind IN ('local', 'oidc')", name="kind"),
        sa.UniqueConstraint("kind", "issuer", "subject"),
    )

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    person_id: Mapped[int] = mapped_column(sa.ForeignKey("people.id"), index=True)
    kind: Mapped[str]
    issuer: Mapped[str]
    subject: Mapped[str]
    password: Mapped[str | None]
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    used_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    disabled_at: Mapped[datetime | None] = mapped_column(UtcDateTime)


class SecondFactor(Base):
    """The device that shows a person's codes (RFC 6238), whatever account is signed in with.

    Its secret is sealed by a key of its own, wrapped by the master key. `last_step` is the last
    period of 30 seconds whose code was taken: no code is taken twice.
    """

    __tablename__ = "second_factors"

    person_id: Mapped[int] = mapped_column(sa.ForeignKey("people.id"), primary_key=True)
    key: Mapped[str]
    secret: Mapped[str]
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    confirmed_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    last_step: Mapped[int | None] = mapped_column(sa.BigInteger)


class RecoveryCode(Base):
    """What stands in for a person's lost device, once; only its digest is kept."""

    __tablename__ = "recovery_codes"

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    person_id: Mapped[int] = mapped_column(sa.ForeignKey("people.id"), index=True)
    digest: Mapped[str] = mapped_column(unique=True)
    made_at: Mapped[datetime] = mapped_column(UtcDateTime)
    used_at: Mapped[datetime | None] = mapped_column(UtcDateTime)


class WebSession(Base):
    """A session in a browser; only the keyed digest of its identifier is kept.

    `rights` is a digest of the roles that it began with: with others it is over. While `pending`
    the second factor is still due, and the session opens nothing else.
    """

    __tablename__ = "web_sessions"

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    person_id: Mapped[int] = mapped_column(sa.ForeignKey("people.id"), index=True)
    account_id: Mapped[int] = mapped_column(sa.ForeignKey("accounts.id"))
    digest: Mapped[str] = mapped_column(unique=True)
    rights: Mapped[str]
    pending: Mapped[bool]
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    seen_at: Mapped[datetime] = mapped_column(UtcDateTime)
    expires_at: Mapped[datetime] = mapped_column(UtcDateTime)
    ended_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    assured_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    agent: Mapped[str]
    place: Mapped[str]


class OneTimeLink(Base):
    """An invitation or a reset by mail; only the keyed digest of its secret is kept.

    `account_id` is the account whose password a reset is for; an invitation makes one.
    """

    __tablename__ = "one_time_links"

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    person_id: Mapped[int] = mapped_column(sa.ForeignKey("people.id"), index=True)
    account_id: Mapped[int | None] = mapped_column(BigId)
    purpose: Mapped[str]
    digest: Mapped[str] = mapped_column(unique=True)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    expires_at: Mapped[datetime] = mapped_column(UtcDateTime)
    used_at: Mapped[datetime | None] = mapped_column(UtcDateTime)


class Attempt(Base):
    """How many tries there were at one thing (a bucket), and when the next one is open.

    The bucket is a keyed digest: the table names nobody.
    """

    __tablename__ = "attempts"

    bucket: Mapped[str] = mapped_column(primary_key=True)
    tries: Mapped[int]
    since: Mapped[datetime] = mapped_column(UtcDateTime)
    last_at: Mapped[datetime] = mapped_column(UtcDateTime, index=True)


class CallCount(Base):
    """How often one credential called in one minute, as all workers have told so far."""

    __tablename__ = "call_counts"

    bucket: Mapped[str] = mapped_column(primary_key=True)
    minute: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    calls: Mapped[int]


class PersonJoin(Base):
    """One administrator's word that two records are of one person, and another's that they are.

    `joined_id` is joined to `kept_id` once `joined_at` is set; `requests` is in how many requests
    both had acted by then.
    """

    __tablename__ = "person_joins"
    __table_args__ = (
        sa.CheckConstraint("kept_id <> joined_id", name="two_records"),
        sa.CheckConstraint("confirmed_by IS NULL OR confirmed_by <> asked_by", name="two_persons"),
    )

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    kept_id: Mapped[int] = mapped_column(sa.ForeignKey("people.id"), index=True)
    joined_id: Mapped[int] = mapped_column(sa.ForeignKey("people.id"))
    reason: Mapped[str]
    asked_by: Mapped[int] = mapped_column(sa.ForeignKey("people.id"))
    asked_at: Mapped[datetime] = mapped_column(UtcDateTime)
    confirmed_by: Mapped[int | None] = mapped_column(sa.ForeignKey("people.id"))
    joined_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    requests: Mapped[int | None]
