"""The same service as one would first write it: FastAPI, an ORM session a call, response models."""

import os
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Annotated, Any

import sqlalchemy as sa
from fastapi import Depends, FastAPI, Header, HTTPException, Response
from pydantic import BaseModel
from sqlalchemy.orm import Session

from app.directory.credentials import digest
from app.directory.tables import ApiToken, Person, RoleGrant
from app.kit.db import open_engine
from app.requests.tables import (
    AssistanceRequest,
    Clarification,
    Deadline,
    Element,
    Need,
    RequestCountry,
    RequestEvent,
    StoredAnswer,
)

ENGINE = open_engine(os.environ["ENTENTE_DATABASE_URL"])
KEY = os.environ["ENTENTE_TOKEN_KEY"]
app = FastAPI()


class Status(BaseModel):
    """Where a request stands."""

    reference: str
    state: str
    stage: str
    revision: int
    since: datetime
    due: datetime | None


class Wish(BaseModel):
    """What move is wished for."""

    trigger: str
    form: dict[str, Any] = {}


def session() -> Iterator[Session]:
    """Give a session for one call."""
    with Session(ENGINE) as opened:
        yield opened


AnySession = Annotated[Session, Depends(session)]


def person(work: AnySession, authorization: Annotated[str, Header()]) -> Person:
    """Return who calls."""
    token = work.scalar(
        sa.select(ApiToken).where(ApiToken.digest == digest(KEY, authorization.split(" ")[1]))
    )
    if token is None or token.revoked_at or token.expires_at < datetime.now(UTC):
        raise HTTPException(401)
    return work.get_one(Person, token.person_id)


Caller = Annotated[Person, Depends(person)]


def conditions(
    if_match: Annotated[str, Header()], idempotency_key: Annotated[str, Header()]
) -> tuple[str, str]:
    """Return the tag that the caller saw, and the key of the call."""
    return if_match, idempotency_key


Keys = Annotated[tuple[str, str], Depends(conditions)]


def _find(work: Session, caller: Person, ref: str) -> AssistanceRequest:
    request = work.scalar(sa.select(AssistanceRequest).where(AssistanceRequest.reference == ref))
    grants = work.scalars(sa.select(RoleGrant).where(RoleGrant.person_id == caller.id)).all()
    if request is None:
        raise HTTPException(404)
    countries = set(
        work.scalars(
            sa.select(RequestCountry.country).where(RequestCountry.request_id == request.id)
        )
    )
    if not any(grant.country is None or grant.country in countries for grant in grants):
        raise HTTPException(404)
    return request


def _shown(request: AssistanceRequest, response: Response) -> Status:
    response.headers["etag"] = f'"{request.revision}"'
    return Status(
        reference=request.reference,
        state=request.state,
        stage=request.stage,
        revision=request.revision,
        since=request.since,
        due=request.due_at,
    )


@app.get("/api/v1/requests/{ref}/status", response_model=Status)
def read_status(
    ref: str,
    response: Response,
    work: AnySession,
    caller: Caller,
    if_none_match: Annotated[str | None, Header()] = None,
) -> Status | Response:
    """Say where a request stands."""
    request = _find(work, caller, ref)
    if if_none_match == f'"{request.revision}"':
        return Response(status_code=304)
    return _shown(request, response)


@app.post("/api/v1/requests/{ref}/transitions")
def move_request(
    ref: str,
    wish: Wish,
    response: Response,
    work: AnySession,
    caller: Caller,
    keys: Keys,
) -> Status:
    """Move a request from triage to its assessment."""
    if ENGINE.dialect.name == "sqlite":
        work.rollback()
        work.connection(execution_options={"entente_begin": "IMMEDIATE"})
    if_match, key = keys
    if work.get(StoredAnswer, (caller.id, key)):
        raise HTTPException(409)
    request = _find(work, caller, ref)
    if if_match != f'"{request.revision}"':
        raise HTTPException(412)
    _check(work, request)
    _write(work, caller, request, wish)
    shown = _shown(request, response)
    work.add(
        StoredAnswer(
            person_id=caller.id,
            key=key,
            fingerprint="0" * 64,
            status=200,
            etag=f'"{request.revision}"',
            location="",
            body=shown.model_dump_json(),
            at=datetime.now(UTC),
        )
    )
    work.commit()
    return shown


def _check(work: Session, request: AssistanceRequest) -> None:
    """Hold the guards of the move against the request."""
    asked = sa.select(Clarification).where(
        Clarification.request_id == request.id, Clarification.closed_at.is_(None)
    )
    work.scalars(sa.select(Need).where(Need.request_id == request.id)).all()
    elements = work.scalars(sa.select(Element).where(Element.request_id == request.id)).all()
    examined = request.cyber_labelled or elements
    settled = request.urgency != "asked" and request.internal is False
    if request.state != "triage" or work.scalars(asked).all() or not examined or not settled:
        raise HTTPException(409)


def _write(work: Session, caller: Person, request: AssistanceRequest, wish: Wish) -> None:
    now = datetime.now(UTC)
    came_from, request.came_from = request.state, request.state
    request.state = request.stage = "assessment"
    request.revision += 1
    request.since = request.updated_at = now
    request.due_at = now + timedelta(days=90)
    told = {"trigger": wish.trigger, "from": came_from, "to": request.state, "cite": "F32"}
    work.add(
        RequestEvent(
            request_id=request.id,
            number=request.revision,
            at=now,
            actor_id=caller.id,
            kind="moved",
            data=told,
        )
    )
    old = sa.select(Deadline).where(Deadline.request_id == request.id, Deadline.ended_at.is_(None))
    for deadline in work.scalars(old):
        deadline.ended_at = now
    work.add(
        Deadline(request_id=request.id, state=request.state, started_at=now, due_at=request.due_at)
    )
