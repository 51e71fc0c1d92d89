"""Letters that wait to be sent by mail: written with what they follow from, sent by a job."""

from datetime import datetime, timedelta

import sqlalchemy as sa
from sqlalchemy.orm import Session

from app.kit import clock
from app.outbox.tables import Letter

INVITATION, RESET, CHANGED = "invitation", "reset", "password_changed"
JOINED, RECOVERED = "records_joined", "recovery_code_used"
REVIEW_DUE = "review_due"
WEBHOOK_DISABLED = "webhook_disabled"
MOST_TRIES = 80
LONGEST_WAIT = timedelta(hours=1)
"""Between two tries, so that a letter is tried for three days."""


def write(session: Session, kind: str, address: str) -> Letter:
    """Note that a letter is to be sent to an address."""
    now = clock.now()
    letter = Letter(kind=kind, address=address, at=now, due_at=now, tries=0)
    session.add(letter)
    session.flush()
    return letter


def take(session: Session, now: datetime) -> Letter | None:
    """Return the next letter that is due, put off for its next try in case this one fails.

    Each try is twice as far off as the one before, at most an hour, for three days.
    """
    query = (
        sa.select(Letter)
        .where(Letter.sent_at.is_(None), Letter.due_at <= now, Letter.tries < MOST_TRIES)
        .order_by(Letter.due_at, Letter.id)
        .limit(1)
        .with_for_update(skip_locked=True)
    )
    letter = session.scalars(query).one_or_none()
    if letter is not None:
        letter.due_at = now + min(timedelta(minutes=1) * 2 ** min(letter.tries, 6), LONGEST_WAIT)
        letter.tries += 1
        session.flush()
    return letter


def sent(session: Session, number: int) -> None:
    """Note that a letter was sent, or that there is nobody to send it to."""
    session.get_one(Letter, number).sent_at = clock.now()
    session.flush()
