"""How long requests stayed where they were, of the latest moves."""

from collections import defaultdict
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from app.directory.actor import Actor
from app.kit.db import table_of
from app.reports.rules import at_share, in_days
from app.reports.schemas import DurationLine, SlowStay
from app.reports.scope import R, newest, seen
from app.reports.wording import Speech, leading
from app.requests.tables import RequestEvent

E = table_of(RequestEvent)
BEFORE = E.alias("events_before")
MOVES = ("moved", "request_opened")
"""The events with which a stay in a state begins."""
MOST_MOVES = 5_000
LONGEST = 10
Stay = tuple[timedelta, str]


def durations(session: Session, speech: Speech, actor: Actor) -> list[DurationLine]:
    """Return how long requests stayed in each state that they left.

    Of the latest moves, so that it costs the same however long the log has grown; a state in which
    requests stand and which none of them left lately has no line.
    """
    stays: dict[str, list[Stay]] = defaultdict(list)
    for state, left, came, reference in session.execute(_moves(actor)):
        stays[state].append((left - came, reference))
    return [
        _line(state, label, sorted(stays[state]))
        for state, _, label in speech.states()
        if state in stays
    ]


def _moves(actor: Actor) -> sa.Select[Any]:
    """Return the query for the latest moves: state left, when, since when, and the reference."""
    came = (
        sa.select(sa.func.max(BEFORE.c.at))
        .where(
            BEFORE.c.request_id == E.c.request_id,
            BEFORE.c.number < E.c.number,
            BEFORE.c.kind.in_(MOVES),
        )
        .correlate(E)
        .scalar_subquery()
    )
    return (
        sa.select(E.c.data["from"].as_string(), E.c.at, came, R.c.reference)
        .join(R, R.c.id == E.c.request_id)
        .where(E.c.kind == "moved", *seen(actor))
        .order_by(newest(actor, E.c.id).desc())
        .limit(MOST_MOVES)
    )


def _line(state: str, label: str, stays: list[Stay]) -> DurationLine:
    spans = [span for span, _ in stays]
    return DurationLine(
        state=state,
        label=label,
        stays=len(stays),
        median_days=at_share(spans, 0.5),
        p90_days=at_share(spans, 0.9),
        longest=list(_slowest(stays)),
        filter=leading(state=state),
    )


def _slowest(stays: list[Stay]) -> Iterator[SlowStay]:
    for span, reference in reversed(stays[-LONGEST:]):
        yield SlowStay(reference=reference, days=in_days(span))
