"""What a request leaves outside its own rows: stored answers, and what the decision log says."""

import json
import re
from collections.abc import Sequence
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from app.directory.actor import Actor
from app.kit.db import table_of
from app.ledger import chain
from app.ledger import service as ledger
from app.ledger.tables import LedgerEntry
from app.requests import timeline
from app.requests.tables import AssistanceRequest, RequestEvent, StoredAnswer
from app.retention.classes import PLAIN

E = table_of(RequestEvent)
L = table_of(LedgerEntry)
S = table_of(StoredAnswer)
EXEMPT = (ledger.ERASURES, "retention")
"""Streams that say why something was held or erased: they are kept whole."""
CODES = "refusals:%"
"""Streams that name a request and codes alone, no person's words."""


def names(text: str, request: AssistanceRequest) -> bool:
    """Whether a text holds the request's reference, and not only one that begins like it."""
    return re.search(rf"{re.escape(request.reference)}(?![0-9])", text) is not None


def answers(session: Session, request: AssistanceRequest) -> list[tuple[int, str]]:
    """Return the keys of the stored answers about a request, or with it among others."""
    said = (S.c.about, S.c.location, S.c.body)
    query = sa.select(S.c.person_id, S.c.key, *said).where(
        sa.or_(*(column.contains(request.reference, autoescape=True) for column in said))
    )
    return [
        (person, key)
        for person, key, *found in session.execute(query)
        if any(names(text or "", request) for text in found)
    ]


def forget_answers(session: Session, request: AssistanceRequest) -> None:
    """Drop the stored answers about a request: a repeated call is judged anew."""
    for person, key in answers(session, request):
        session.execute(sa.delete(S).where(S.c.person_id == person, S.c.key == key))


def worded(session: Session, request: AssistanceRequest) -> list[tuple[int, int]]:
    """Return id and number of the events that say more than words of the definition."""
    query = sa.select(E.c.id, E.c.number, E.c.data).where(
        E.c.request_id == request.id, E.c.salt.is_not(None)
    )
    rows = session.execute(query.order_by(E.c.number))
    return [(one, number) for one, number, content in rows if set(content) - PLAIN]


def mentions(session: Session, request: AssistanceRequest) -> list[tuple[str, int]]:
    """Return stream and number of the entries of other streams that speak of a request."""
    content = sa.cast(L.c.content, sa.Text)
    readings = f"readings:{request.id}"
    query = sa.select(L.c.stream, L.c.seq, L.c.content).where(
        L.c.salt.is_not(None),
        L.c.stream.not_in(EXEMPT),
        L.c.stream.not_like(CODES),
        sa.or_(
            L.c.stream == readings,
            content.contains(request.reference, autoescape=True),
            content.contains(f'"request": {request.id}', autoescape=True),
        ),
    )
    return [
        (stream, seq)
        for stream, seq, told in session.execute(query.order_by(L.c.id))
        if stream == readings or _speaks(told, request)
    ]


def _speaks(told: dict[str, Any], request: AssistanceRequest) -> bool:
    return told.get("request") == request.id or names(json.dumps(told), request)


def empty_log(
    session: Session, actor: Actor | None, request: AssistanceRequest, reason: str
) -> None:
    """Empty events and entries that say more than they must, each announced as the log demands."""
    events = worded(session, request)
    _empty_events(session, [one for one, _ in events])
    stream = timeline.stream(request.id)
    for _, number in events:
        ledger.announce_erasure(session, actor, stream, number, reason)
    for elsewhere, seq in mentions(session, request):
        ledger.erase(session, actor, elsewhere, seq, reason)


def _empty_events(session: Session, ids: Sequence[int]) -> None:
    gone = {"data": chain.ERASED, "salt": None}
    for start in range(0, len(ids), 500):
        some = E.c.id.in_(ids[start : start + 500])
        session.execute(sa.update(E).where(some).values(gone))
