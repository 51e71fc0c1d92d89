"""The same rows by the bare driver: an ASGI application that calls sqlite3 where it stands.

Each transition is a transaction of its own, made durable before the answer (synchronous FULL).
"""

import json
import os
import sqlite3
from datetime import UTC, datetime, timedelta
from typing import Any

import orjson

from app.kit.db import SQLITE_PRAGMAS
from bench.references.answering import Answer, list_answer, one_answer, part

LINE = sqlite3.connect(os.environ["BENCH_DATABASE"], isolation_level=None)
for name, value in SQLITE_PRAGMAS.items():
    LINE.execute(f"PRAGMA {name} = {value}")

FIND = "SELECT id, state, revision, since, due_at FROM requests WHERE reference = ?"
LIST = (
    "SELECT reference, title, state, stage, urgency, revision, since, updated_at, due_at,"
    " (SELECT group_concat(country) FROM request_countries c WHERE c.request_id = r.id)"
    " FROM requests r WHERE state = 'triage' AND filed_at IS NOT NULL ORDER BY id DESC LIMIT 51"
)
MOVE = (
    "UPDATE requests SET state = 'assessment', stage = 'assessment', came_from = 'triage',"
    " revision = revision + 1, since = ?1, updated_at = ?1, due_at = ?2"
    " WHERE id = ?3 AND revision = ?4"
)
EVENT = (
    "INSERT INTO request_events (request_id, number, at, actor_id, kind, data)"
    " VALUES (?, ?, ?, 1, 'moved', ?)"
)
END = "UPDATE deadlines SET ended_at = ? WHERE request_id = ? AND ended_at IS NULL"
DEADLINE = (
    "INSERT INTO deadlines (request_id, state, started_at, due_at) VALUES (?, 'assessment', ?, ?)"
)
KEEP = (
    "INSERT INTO stored_answers (person_id, key, fingerprint, status, etag, location, body, at)"
    " VALUES (1, ?, ?, 200, ?, '', ?, ?)"
)


def _stamp(moment: datetime) -> str:
    return moment.strftime("%Y-%m-%dT%H:%M:%S.%fZ")


def _move(reference: str, key: str, body: bytes) -> Answer:
    wish = orjson.loads(body)
    now = datetime.now(UTC)
    at, due = _stamp(now), _stamp(now + timedelta(days=90))
    LINE.execute("BEGIN IMMEDIATE")
    owner, state, revision, _, _ = LINE.execute(FIND, (reference,)).fetchone()
    told = json.dumps({"trigger": wish["trigger"], "from": state, "to": "assessment"})
    LINE.execute(MOVE, (at, due, owner, revision))
    LINE.execute(EVENT, (owner, revision + 1, at, told))
    LINE.execute(END, (at, owner))
    LINE.execute(DEADLINE, (owner, at, due))
    answer = one_answer(reference, "assessment", revision + 1, at, due)
    tag = f'"{revision + 1}"'
    LINE.execute(KEEP, (key, "0" * 64, tag, answer[1]["body"].decode(), at))
    LINE.execute("COMMIT")
    return answer


async def app(scope: dict[str, Any], receive: Any, send: Any) -> None:
    """Answer polls, lists and transitions."""
    if scope["type"] != "http":
        return
    if scope["method"] == "POST":
        body = (await receive())["body"]
        key = next(v for k, v in scope["headers"] if k == b"idempotency-key").decode()
        answer = _move(part(scope["path"]), key, body)
    elif scope["path"].endswith("/status"):
        reference = part(scope["path"])
        _, state, revision, since, due = LINE.execute(FIND, (reference,)).fetchone()
        answer = one_answer(reference, state, revision, since, due)
    else:
        answer = list_answer(LINE.execute(LIST).fetchall())
    await send(answer[0])
    await send(answer[1])
