"""How a decided move is written: the request's row, its event and its deadlines, many at a time."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, time, timedelta
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from app.engine.definition import StateDef
from app.engine.machine import Outcome
from app.engine.packs import Shelf
from app.kit.db import keyring_of, table_of
from app.kit.errors import Stale
from app.kit.keys import Keyring
from app.kit.ready import Ready, Write, write_all
from app.lifecycle.facts import Facts
from app.lifecycle.moves import Move
from app.requests import timeline
from app.requests.access import Standing
from app.requests.tables import AssistanceRequest, Deadline, RequestEvent
from app.requests.timeline import Occurrence

R = table_of(AssistanceRequest)
D = table_of(Deadline)
MICROSECOND = timedelta(microseconds=1)

MOVE_ROW = Ready(
    sa.update(R)
    .where(R.c.id == sa.bindparam("b_id"), R.c.revision == sa.bindparam("b_before"))
    .values(
        state=sa.bindparam("b_state"),
        stage=sa.bindparam("b_stage"),
        came_from=sa.bindparam("b_from"),
        revision=sa.bindparam("b_revision"),
        head=sa.bindparam("b_head"),
        since=sa.bindparam("b_at"),
        updated_at=sa.bindparam("b_at"),
        due_at=sa.bindparam("b_due"),
    )
)
END_DEADLINES = Ready(
    sa.update(D)
    .where(D.c.request_id == sa.bindparam("b_id"), D.c.ended_at.is_(None))
    .values(ended_at=sa.bindparam("b_at"))
)
PAUSE_DEADLINES = Ready(
    sa.update(D)
    .where(D.c.request_id == sa.bindparam("b_id"), D.c.ended_at.is_(None))
    .values(paused_at=sa.bindparam("b_at"), left_us=sa.bindparam("b_left"))
)
EVENT = Ready(
    sa.insert(table_of(RequestEvent)).inline(),
    (
        *("request_id", "number", "at", "actor_id", "kind", "data", "on_behalf", "version"),
        *("standing", "salt", "digest", "prev", "key", "mac", "hash"),
    ),
)
DEADLINE = Ready(sa.insert(D).inline(), ("request_id", "state", "started_at", "due_at"))


@dataclass(frozen=True, slots=True)
class Change:
    """One decided move, ready to be written."""

    before: Standing
    after: Standing
    stage: str
    event: dict[str, Any]
    pauses: bool
    resumes: bool


@dataclass(frozen=True, slots=True)
class Decision:
    """A move that the engine allows, with all it was decided on."""

    move: Move
    before: Standing
    outcome: Outcome
    facts: Facts


def plan(session: Session, shelf: Shelf, decision: Decision, now: datetime) -> Change:
    """Return what a move changes. Only a deadline that was paused is given back at once."""
    before, outcome = decision.before, decision.outcome
    target = shelf.get(before.workflow, before.version).definition.states[outcome.target]
    resumes = bool(outcome.transition.back_to)
    due = (
        _resume(session, before.id, outcome.target, now)
        if resumes
        else _due(target, before, decision.facts, now)
    )
    event = _event(keyring_of(session), decision, target, now)
    after = replace(
        before,
        state=outcome.target,
        came_from=before.state,
        revision=before.revision + 1,
        since=now,
        due_at=due,
        head=event["hash"],
    )
    return Change(before, after, target.stage, event, target.pauses, resumes)


def _event(keyring: Keyring, decision: Decision, target: StateDef, now: datetime) -> dict[str, Any]:
    before = decision.before
    return timeline.row_of(
        keyring,
        Occurrence(
            request_id=before.id,
            number=before.revision + 1,
            at=now,
            actor=decision.move.actor,
            kind="moved",
            told=_told(decision),
            version=timeline.label(before.workflow, before.version),
            standing=timeline.place(before.reference, target.stage, decision.outcome.target),
            prev=before.head,
        ),
    )


def _told(decision: Decision) -> dict[str, Any]:
    move, outcome = decision.move, decision.outcome
    told: dict[str, Any] = {
        "trigger": move.trigger,
        "from": decision.before.state,
        "to": outcome.target,
        "cite": outcome.transition.cite,
    }
    told |= {"form": dict(move.form)} if move.form else {}
    told |= {"comment": move.comment} if move.comment else {}
    return told | ({"cause": move.cause} if move.cause else {})


def _due(target: StateDef, before: Standing, facts: Facts, now: datetime) -> datetime | None:
    if target.pauses and facts.clarifications:
        return _last_day(facts)
    days = target.due_days
    if before.urgency == "confirmed" and target.urgent_due_days:
        days = target.urgent_due_days
    return now + timedelta(days=days) if days else None


def _last_day(facts: Facts) -> datetime:
    """Return the end of the last day on which an open question is to be answered."""
    last = max(question.due_on for question in facts.clarifications)
    return datetime.combine(last, time.max, tzinfo=UTC)


def prolong(session: Session, standing: Standing, facts: Facts) -> Standing:
    """Move the deadline of a pause to the latest date of what is asked by now; never nearer."""
    due = _last_day(facts) if facts.clarifications else None
    if due is None or standing.due_at is None or due <= standing.due_at:
        return standing
    open_ones = (D.c.request_id == standing.id, D.c.ended_at.is_(None), D.c.paused_at.is_(None))
    session.execute(sa.update(D).where(*open_ones, D.c.state == standing.state).values(due_at=due))
    session.execute(sa.update(R).where(R.c.id == standing.id).values(due_at=due))
    session.expire_all()
    return replace(standing, due_at=due)


def write(session: Session, changes: Sequence[Change], now: datetime) -> None:
    """Write decided moves. Raises Stale if a row was changed by someone else after all."""
    if not changes:
        return
    leaving = [c for c in changes if not c.pauses and not c.resumes and c.before.due_at]
    writes: list[Write] = [
        (MOVE_ROW, [_row(change) for change in changes]),
        (EVENT, [change.event for change in changes]),
        (END_DEADLINES, [{"b_at": now, "b_id": c.before.id} for c in leaving]),
        (PAUSE_DEADLINES, [_pause(c, now) for c in changes if c.pauses]),
        (DEADLINE, [_deadline(c) for c in changes if c.after.due_at and not c.resumes]),
    ]
    if write_all(session, [write for write in writes if write[1]])[0] != len(changes):
        raise Stale(changes[0].after.revision)
    session.expire_all()


def _row(change: Change) -> dict[str, Any]:
    after = change.after
    return {
        "b_id": after.id,
        "b_before": change.before.revision,
        "b_state": after.state,
        "b_stage": change.stage,
        "b_from": after.came_from,
        "b_revision": after.revision,
        "b_head": after.head,
        "b_at": after.since,
        "b_due": after.due_at,
    }


def _deadline(change: Change) -> dict[str, Any]:
    after = change.after
    return {
        "request_id": after.id,
        "state": after.state,
        "started_at": after.since,
        "due_at": after.due_at,
    }


def _pause(change: Change, now: datetime) -> dict[str, Any]:
    due = change.before.due_at
    left = (due - now) // MICROSECOND if due else None
    return {"b_id": change.before.id, "b_at": now, "b_left": left}


def _resume(session: Session, owner: int, state: str, now: datetime) -> datetime | None:
    """End the deadline of the pause, give the paused one exactly what was left, and return it."""
    open_ones = (D.c.request_id == owner, D.c.ended_at.is_(None))
    paused = session.execute(
        sa.select(D.c.id, D.c.left_us)
        .where(*open_ones, D.c.state == state, D.c.paused_at.is_not(None))
        .order_by(D.c.id.desc())
        .limit(1)
    ).one_or_none()
    kept = paused.id if paused else -1
    session.execute(sa.update(D).where(*open_ones, D.c.id != kept).values(ended_at=now))
    if paused is None or paused.left_us is None:
        return None
    due: datetime = now + paused.left_us * MICROSECOND
    session.execute(
        sa.update(D).where(D.c.id == kept).values(due_at=due, paused_at=None, left_us=None)
    )
    return due
