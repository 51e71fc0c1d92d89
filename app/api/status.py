"""The small document for pollers, the plain way; it can also wait for the next change."""

import asyncio
from typing import Annotated

from fastapi import Query, Request, Response
from starlette.concurrency import run_in_threadpool

from app.api.deps import Reference
from app.api.problems import READS
from app.requests import service as dossier
from app.requests.schemas import StatusView
from app.wiring.desk import Desk
from app.wiring.strict import StrictRoute, api_router

api = api_router("requests", StrictRoute)
INTERVAL = 0.25


@api.get("/requests/{ref}/status", response_model=StatusView, responses=READS)
async def read_status(
    http: Request, ref: Reference, wait: Annotated[int, Query(ge=0, le=30)] = 0
) -> Response:
    """Say where a request stands; with `wait`, answer at its next change, or 304 after that time.

    No connection is held while it waits. The change waited for is the one after If-None-Match, or
    after this call when no tag is given.
    """
    first = await run_in_threadpool(_read, http, ref)
    if not wait or (first.status_code == 200 and "if-none-match" in http.headers):
        return first
    tag = first.headers["etag"]
    for _ in range(int(wait / INTERVAL)):
        await asyncio.sleep(INTERVAL)
        if await http.is_disconnected():
            break
        answer = await run_in_threadpool(_read, http, ref)
        if answer.headers["etag"] != tag:
            return answer
    return Response(status_code=304, headers={"ETag": tag})


def _read(http: Request, ref: str) -> Response:
    desk = Desk(http, b"")
    return desk.look(lambda: _status(desk, ref))


def _status(desk: Desk, ref: str) -> Response:
    request = desk.request(ref)
    return desk.show(dossier.status_of(desk.shelf, desk.reader, request), request.revision)
