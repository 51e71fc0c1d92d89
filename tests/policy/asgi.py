"""Calls of the service without sockets or a crossing of threads for each: many in one go."""

import gc
import json
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Any
from urllib.parse import quote

import pytest
from anyio import to_thread
from fastapi.testclient import TestClient

from app.wiring.edge import App, Message

BOUNDARY = "edge-of-a-part"
HOST = (b"host", b"testserver")


@dataclass(frozen=True, slots=True)
class Call:
    """What is sent: method, path, query, header lines and the bytes of a body."""

    method: str
    path: str
    headers: dict[str, str] = field(default_factory=dict)
    body: bytes = b""
    query: str = ""


@dataclass(slots=True)
class Heard:
    """What came back."""

    status: int = 0
    headers: dict[str, str] = field(default_factory=dict)
    body: bytes = b""

    @property
    def problem(self) -> bool:
        """Whether it is a refusal in words for programs."""
        return "problem+json" in self.headers.get("content-type", "")

    @property
    def code(self) -> str:
        """The code of a refusal, or nothing."""
        return str(self.content["code"]) if self.problem else ""

    @property
    def content(self) -> Any:
        """The JSON of the answer; nothing when it is of another kind."""
        return json.loads(self.body) if "json" in self.headers.get("content-type", "") else None


def in_json(content: Any) -> tuple[dict[str, str], bytes]:
    """Return the header and the body of JSON; of nothing, nothing."""
    if content is None:
        return {}, b""
    return {"content-type": "application/json"}, json.dumps(content).encode()


def in_form(fields: dict[str, str]) -> tuple[dict[str, str], bytes]:
    """Return the header and the body of a form as a page sends it."""
    body = "&".join(f"{name}={quote(value)}" for name, value in fields.items())
    return {"content-type": "application/x-www-form-urlencoded"}, body.encode()


def as_file(
    name: str, content: bytes, fields: Mapping[str, str] = MappingProxyType({})
) -> tuple[dict[str, str], bytes]:
    """Return the header and the body of a form with one file, and other fields before it."""
    said = f'content-disposition: form-data; name="file"; filename="{name}"'
    before = "".join(
        f'--{BOUNDARY}\r\ncontent-disposition: form-data; name="{field}"\r\n\r\n{value}\r\n'
        for field, value in fields.items()
    )
    head = f"{before}--{BOUNDARY}\r\n{said}\r\ncontent-type: text/plain\r\n\r\n".encode()
    tail = f"\r\n--{BOUNDARY}--\r\n".encode()
    return {"content-type": f"multipart/form-data; boundary={BOUNDARY}"}, head + content + tail


def hear(http: TestClient, calls: Iterable[Call]) -> list[Heard]:
    """Make calls one after the other on the running service, and return every answer."""
    assert http.portal is not None, "the service runs"
    service = http.app

    async def every() -> list[Heard]:
        with _in_one_thread():
            return [await _one(service, call) for call in calls]

    return http.portal.call(every)


@contextmanager
def _in_one_thread() -> Iterator[None]:
    """Let endpoints run where the loop runs, and leave the collector for the end: a third less."""

    async def at_once(work: Callable[..., Any], *args: Any, **_how: Any) -> Any:
        return work(*args)

    gc.disable()
    try:
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(to_thread, "run_sync", at_once)
            yield
    finally:
        gc.enable()


def heard(http: TestClient, call: Call) -> Heard:
    """Make one call."""
    return hear(http, [call])[0]


def _scope(call: Call) -> dict[str, Any]:
    lines = [(name.encode(), value.encode("latin-1")) for name, value in call.headers.items()]
    if call.body:
        lines.append((b"content-length", str(len(call.body)).encode()))
    return {
        "type": "http",
        "asgi": {"version": "3.0", "spec_version": "2.3"},
        "http_version": "1.1",
        "method": call.method,
        "scheme": "http",
        "path": call.path,
        "raw_path": call.path.encode(),
        "root_path": "",
        "query_string": call.query.encode(),
        "headers": [HOST, *lines],
        "client": ("testclient", 50000),
        "server": ("testserver", 80),
    }


async def _one(service: App, call: Call) -> Heard:
    answer = Heard()
    pieces: Iterator[Message] = iter([{"type": "http.request", "body": call.body}])

    async def receive() -> Message:
        return next(pieces, {"type": "http.disconnect"})

    async def send(message: Message) -> None:
        if message["type"] == "http.response.start":
            answer.status = message["status"]
            answer.headers = {
                k.decode().lower(): v.decode("latin-1") for k, v in message["headers"]
            }
        else:
            answer.body += message.get("body", b"")

    try:
        await service(_scope(call), receive, send)
    except Exception:
        # The outermost layer answers 500 and raises again, for the server's own log.
        if answer.status != 500:
            raise
    return answer
