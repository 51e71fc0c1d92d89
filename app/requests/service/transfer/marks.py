"""Marks of what has been imported, so that a second run imports nothing twice."""

from datetime import UTC, datetime

from sqlalchemy.orm import Session

from app.directory.actor import Actor
from app.kit.errors import Conflict
from app.requests import timeline
from app.requests.service.transfer.lines import Filing
from app.requests.tables import AssistanceRequest, StoredAnswer

NEVER = datetime(9000, 1, 1, tzinfo=UTC)
"""Stored answers are forgotten by age; a mark must outlive every age."""


def _key(filing: Filing) -> str:
    """Return a key that no Idempotency-Key can be: those hold no space."""
    return f"import {filing.key}"


def known(session: Session, actor: Actor, filing: Filing) -> str | None:
    """Return the reference that an earlier run of this person gave to the same line, if any.

    Raises Conflict when a line of that name came with other content before.
    """
    row = session.get(StoredAnswer, (actor.person_id, _key(filing)))
    if row is None:
        return None
    if row.fingerprint != filing.fingerprint:
        raise Conflict(
            "import.other_content",
            f"It was imported as {row.location} with other content; edit that request instead.",
        )
    return row.location


def mark(session: Session, actor: Actor, filing: Filing, request: AssistanceRequest) -> None:
    """Remember what a line became, and tell the timeline where the request came from."""
    session.add(
        StoredAnswer(
            person_id=actor.person_id,
            key=_key(filing),
            fingerprint=filing.fingerprint,
            status=201,
            etag="",
            location=request.reference,
            body="",
            at=NEVER,
        )
    )
    timeline.record(session, actor, request, "request_imported", {"source": filing.key})
