"""The same rows by the bare driver: an ASGI application on psycopg's asynchronous connections.

Each transition is a transaction of its own, committed before the answer, its statements sent in one
pipeline so that they cost two round trips. Eight connections wait in a queue.
"""

import asyncio
import os
from datetime import UTC, datetime, timedelta
from typing import Any

import orjson
import psycopg
from psycopg.types.json import Jsonb

from bench.references.answering import Answer, list_answer, one_answer, part

Line = psycopg.AsyncConnection[Any]
CONNECTIONS = 8
POOL: asyncio.Queue[Line] = asyncio.Queue()

FIND = "SELECT id, state, revision, since, due_at FROM requests WHERE reference = %s"
LIST = (
    "SELECT reference, title, state, stage, urgency, revision, since, updated_at, due_at,"
    " (SELECT string_agg(country, ',') FROM request_countries c WHERE c.request_id = r.id)"
    " FROM requests r WHERE state = 'triage' AND filed_at IS NOT NULL ORDER BY id DESC LIMIT 51"
)
MOVE = (
    "UPDATE requests SET state = 'assessment', stage = 'assessment', came_from = 'triage',"
    " revision = revision + 1, since = %(at)s, updated_at = %(at)s, due_at = %(due)s"
    " WHERE id = %(owner)s AND revision = %(revision)s"
)
EVENT = (
    "INSERT INTO request_events (request_id, number, at, actor_id, kind, data)"
    " VALUES (%s, %s, %s, 1, 'moved', %s)"
)
END = "UPDATE deadlines SET ended_at = %s WHERE request_id = %s AND ended_at IS NULL"
DEADLINE = (
    "INSERT INTO deadlines (request_id, state, started_at, due_at)"
    " VALUES (%s, 'assessment', %s, %s)"
)
KEEP = (
    "INSERT INTO stored_answers (person_id, key, fingerprint, status, etag, location, body, at)"
    " VALUES (1, %s, %s, 200, %s, '', %s, %s)"
)


async def _open() -> None:
    for _ in range(CONNECTIONS):
        line = await psycopg.AsyncConnection.connect(
            os.environ["BENCH_DATABASE"], autocommit=True, prepare_threshold=1
        )
        POOL.put_nowait(line)


async def _move(line: Line, reference: str, key: str, body: bytes) -> Answer:
    wish = orjson.loads(body)
    now = datetime.now(UTC)
    due = now + timedelta(days=90)
    async with line.pipeline(), line.transaction():
        found = await line.execute(f"{FIND} FOR UPDATE", (reference,))
        owner, state, revision, *_ = (await found.fetchall())[0]
        named = {"at": now, "due": due, "owner": owner, "revision": revision}
        told = Jsonb({"trigger": wish["trigger"], "from": state, "to": "assessment"})
        await line.execute(MOVE, named)
        await line.execute(EVENT, (owner, revision + 1, now, told))
        await line.execute(END, (now, owner))
        await line.execute(DEADLINE, (owner, now, due))
        answer = one_answer(reference, "assessment", revision + 1, now, due)
        text = answer[1]["body"].decode()
        await line.execute(KEEP, (key, "0" * 64, f'"{revision + 1}"', text, now))
    return answer


async def _read(line: Line, path: str) -> Answer:
    if not path.endswith("/status"):
        return list_answer(await (await line.execute(LIST)).fetchall())
    reference = part(path)
    row = (await (await line.execute(FIND, (reference,))).fetchall())[0]
    return one_answer(reference, *row[1:])


async def app(scope: dict[str, Any], receive: Any, send: Any) -> None:
    """Answer polls, lists and transitions."""
    if scope["type"] != "http":
        await _open()
        await receive()
        await send({"type": "lifespan.startup.complete"})
        await receive()
        await send({"type": "lifespan.shutdown.complete"})
        return
    body = (await receive())["body"] if scope["method"] == "POST" else b""
    line = await POOL.get()
    try:
        if scope["method"] == "POST":
            key = next(v for k, v in scope["headers"] if k == b"idempotency-key").decode()
            answer = await _move(line, part(scope["path"]), key, body)
        else:
            answer = await _read(line, scope["path"])
    finally:
        POOL.put_nowait(line)
    await send(answer[0])
    await send(answer[1])
