"""A call that is turned back before it is routed: the problem it is answered, in its language."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from starlette.types import Scope, Send

from app.kit.speech import Speech, speech
from app.kit.text import Catalogue, preferred


@dataclass(frozen=True, slots=True)
class Fault:
    """Why a call is turned back; `params` stand in the English sentence of `detail`."""

    status: int
    code: str
    title: str
    detail: str
    params: Mapping[str, Any] = field(default_factory=dict)


def spoken(header: str, texts: Catalogue) -> Speech:
    """Return the language that an Accept-Language header asks for, English without one."""
    return speech(preferred(header), texts)


async def turn_back(
    call: tuple[Scope, Send],
    identity: str,
    fault: Fault,
    texts: Catalogue,
    headers: Sequence[tuple[bytes, bytes]] = (),
) -> None:
    """Answer a call with a problem (RFC 9457), and with these headers besides."""
    scope, send = call
    asked = dict(scope["headers"]).get(b"accept-language", b"").decode("latin-1")
    told = spoken(asked, texts)
    body = json.dumps(
        {
            "type": f"/problems/{fault.code}",
            "title": told.text(fault.title),
            "status": fault.status,
            "detail": told.text(fault.detail).format(**fault.params),
            "code": fault.code,
            "request_id": identity,
            "blockers": [],
        }
    ).encode()
    own = [
        (b"content-type", b"application/problem+json"),
        (b"content-language", told.language.encode()),
        (b"content-length", str(len(body)).encode()),
    ]
    start = {"type": "http.response.start", "status": fault.status, "headers": [*own, *headers]}
    await send(start)
    await send({"type": "http.response.body", "body": body})
