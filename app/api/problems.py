"""Refusals as RFC 9457 problems, and nothing of the inside in any of them."""

import logging
import re
from http import HTTPStatus
from math import ceil
from typing import Any

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from pydantic import BaseModel
from starlette.exceptions import HTTPException
from starlette.requests import ClientDisconnect

from app.kit import errors
from app.kit.db import Clash, Failure, Overtaken
from app.kit.errors import Blocker, Refusal
from app.kit.speech import Speech, marked
from app.wiring import fields
from app.wiring.desk import SAFE
from app.wiring.entitlement import recognised
from app.wiring.house import House
from app.wiring.messages import sentence
from app.wiring.refusals import ACTOR, Refused
from app.wiring.turned import spoken

LOG = logging.getLogger("entente")

STATUS: dict[type[Refusal], int] = {
    errors.Malformed: 400,
    errors.Unauthenticated: 401,
    errors.Forbidden: 403,
    errors.NotFound: 404,
    errors.Conflict: 409,
    errors.Blocked: 409,
    errors.Stale: 412,
    errors.TooLarge: 413,
    errors.WrongType: 415,
    errors.Invalid: 422,
    errors.Unconditional: 428,
    errors.TooMany: 429,
    errors.Unavailable: 503,
}
"""The number that each kind of refusal gets at this door."""


DECIDED = frozenset({403, 409})
"""Refusals that the decision log keeps."""
SENTENCES = frozenset({"title", "detail"})
"""What of a problem is said in the caller's language."""
TOLD = frozenset({401, 403, 429, 503})
"""Refusals that the log tells: who watches it looks for these."""


class BlockerView(BaseModel):
    """One reason against, with the paragraph behind it."""

    code: str
    message: str
    cite: str


class Problem(BaseModel):
    """An error as clients see it."""

    type: str
    title: str
    status: int
    detail: str
    code: str
    request_id: str
    blockers: list[BlockerView] = []
    current_revision: int | None = None


def declared(*statuses: int) -> dict[int | str, dict[str, Any]]:
    """Return the OpenAPI declaration of the problems that an operation can answer with."""
    content = {"application/problem+json": {"schema": {"$ref": "#/components/schemas/Problem"}}}
    return {
        status: {"description": HTTPStatus(status).phrase, "content": content}
        for status in (400, 401, 403, 404, 422, 429, 503, *statuses)
    }


READS = declared() | {304: {"description": "Not Modified"}}
ADDS = declared(408, 409, 412, 413, 415)
CHANGES = declared(408, 409, 412, 413, 415, 428)


def shown(blockers: tuple[Blocker, ...], told: Speech) -> list[BlockerView]:
    """Return reasons as clients see them."""
    return [
        BlockerView(code=b.code, message=sentence(b.code, b.params, told), cite=b.cite)
        for b in blockers
    ]


def speech_of(http: Request) -> Speech:
    """Return the language that a call asks for: its answers' sentences are told in it."""
    house: House = http.app.state.house
    return spoken(http.headers.get("accept-language", ""), house.texts)


def problem(http: Request, status: int, code: str, more: dict[str, Any]) -> JSONResponse:
    """Return a problem answer; its title and its detail come in English, and go as is asked for."""
    told = speech_of(http)
    body = Problem(
        type=f"/problems/{code}",
        title=told.text(more.get("title") or HTTPStatus(status).phrase),
        status=status,
        detail=told.sentence(more.get("detail", "")),
        code=code,
        request_id=http.scope.get("entente.id", ""),
        **{name: value for name, value in more.items() if name not in SENTENCES},
    )
    headers = {"Content-Language": told.language, "Vary": "Accept-Language"}
    headers |= {429: {"Retry-After": "60"}, 503: {"Retry-After": "2"}}.get(status, {})
    headers |= {"WWW-Authenticate": "Bearer"} if status == 401 else {}
    content = body.model_dump(mode="json", exclude_none=True)
    return JSONResponse(content, status, headers, "application/problem+json")


def _about(http: Request) -> dict[str, Any]:
    """Return what a log line says of a call: its route, never its path, query or body."""
    route = getattr(http.scope.get("route"), "path", "")
    call = http.scope.get("entente.id", "")
    return {"call": call, "method": http.method, "route": route}


def refusal_answer(http: Request, refusal: Refusal) -> JSONResponse:
    """Answer a Refusal by its kind."""
    status = next(STATUS[kind] for kind in type(refusal).__mro__ if kind in STATUS)
    more: dict[str, Any] = {
        "title": refusal.title,
        "detail": refusal.detail,
        "blockers": shown(refusal.blockers, speech_of(http)),
    }
    if status in TOLD:
        LOG.info("refused", extra=_about(http) | {"code": refusal.code, "status": status})
    _log_decision(http, status, refusal)
    if isinstance(refusal, errors.Stale):
        more["current_revision"] = refusal.current
    answer = problem(http, status, refusal.code, more)
    if isinstance(refusal, errors.TooMany):
        answer.headers["Retry-After"] = str(ceil(refusal.wait.total_seconds()))
    return answer


def _log_decision(http: Request, status: int, refusal: Refusal) -> None:
    """Put a refused decision into the decision log: an act that one may not do, or not now."""
    if status not in DECIDED or http.method in SAFE:
        return
    house: House = http.app.state.house
    actor = http.scope.get(ACTOR) or recognised(house, http.headers)
    if actor is not None:
        reasons = [blocker.code for blocker in refusal.blockers]
        route = str(_about(http)["route"])
        reference = str(http.path_params.get("ref", ""))
        refused = Refused(status, refusal.code, http.method, route, reference, reasons)
        house.refusals.note(actor, refused)


def invalid_answer(http: Request, fault: RequestValidationError) -> JSONResponse:
    """Answer content that does not fit, naming every field at once."""
    found, told = fault.errors(), speech_of(http)
    unreadable = any(e["type"] == "json_invalid" for e in found)
    blockers = [
        BlockerView(
            code=f"field.{e['type']}",
            message=f"{'/'.join(map(str, e['loc']))}: {_wrong(e, told)}",
            cite="",
        )
        for e in found[:100]
    ]
    if unreadable:
        return problem(
            http, 400, "body.malformed", {"detail": marked("The body is not valid JSON.")}
        )
    more = {"detail": marked("Some fields cannot be taken."), "blockers": blockers}
    return problem(http, 422, "body.invalid", more)


def _wrong(one: dict[str, Any], told: Speech) -> str:
    """Return what is wrong with a field: English as the checker says it, else our own sentence."""
    if told.language == "en":
        return str(one["msg"])
    english, params = fields.told(one)
    return told.sentence(english).format_map(params)


def http_answer(http: Request, fault: HTTPException) -> JSONResponse:
    """Answer what the framework itself refuses: unknown paths, methods and unreadable bodies."""
    if isinstance(fault.__cause__, Refusal):
        return refusal_answer(http, fault.__cause__)
    code = HTTPStatus(fault.status_code).name.lower()
    answer = problem(http, fault.status_code, f"http.{code}", {})
    answer.headers.update(fault.headers or {})
    if fault.status_code == HTTPStatus.METHOD_NOT_ALLOWED:
        answer.headers["Allow"] = ", ".join(methods(http))
    return answer


def methods(http: Request) -> list[str]:
    """Return every method of a path; the framework names only those of the first route it finds.

    Where a path fits several, the one that says most of it literally is meant.
    """
    path = http.url.path
    paths: dict[str, dict[str, Any]] = http.app.openapi()["paths"]
    if path in paths:
        return sorted(name.upper() for name in paths[path])
    fitting = [
        one for one in paths if re.fullmatch(re.sub(r"\\\{\w+\\\}", "[^/]+", re.escape(one)), path)
    ]
    fewest = min((one.count("{") for one in fitting), default=0)
    telling = [paths[one] for one in fitting if one.count("{") == fewest]
    return sorted({name.upper() for held in telling for name in held})


def database_answer(http: Request, fault: Exception) -> JSONResponse:
    """Answer what the database refuses: its own gate, a change meanwhile, or that it is away."""
    text = str(getattr(fault, "orig", fault))
    if isinstance(fault, Overtaken):
        return problem(http, 412, "request.stale", {"detail": marked("It was changed meanwhile.")})
    if "entente gate" in text:
        gate = Blocker("assessment.incomplete", "F32, F41")
        return problem(
            http,
            409,
            "gate.closed",
            {"blockers": shown((gate,), speech_of(http)), "detail": marked("The gate is closed.")},
        )
    LOG.error("database", exc_info=fault, extra=_about(http))
    if isinstance(fault, Clash):
        return problem(
            http, 409, "database.conflict", {"detail": marked("Another change came first.")}
        )
    return problem(http, 503, "database.unavailable", {"detail": marked("Try again shortly.")})


def gone_answer(http: Request, _fault: ClientDisconnect) -> JSONResponse:
    """Answer a body that broke off: its sender is gone, or the edge has refused it already."""
    return problem(http, 400, "body.malformed", {"detail": marked("The body broke off.")})


def last_answer(http: Request, fault: Exception) -> JSONResponse:
    """Answer what nobody foresaw, without a word about the inside."""
    LOG.error("unforeseen", exc_info=fault, extra=_about(http))
    return problem(
        http, 500, "server.unforeseen", {"detail": marked("This is our fault; it is logged.")}
    )


def install(app: FastAPI) -> None:
    """Put the answers in place."""
    answers: dict[type[Exception], Any] = {
        Refusal: refusal_answer,
        RequestValidationError: invalid_answer,
        HTTPException: http_answer,
        Overtaken: database_answer,
        Failure: database_answer,
        ClientDisconnect: gone_answer,
        Exception: last_answer,
    }
    for kind, answer in answers.items():
        app.add_exception_handler(kind, answer)
