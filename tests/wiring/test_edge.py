"""The edges: every answer carries its headers, a body comes in time, and JSON means one thing."""

import asyncio
import json
from typing import Any

import pytest
from starlette.routing import Route

from app.wiring.edge import HEADERS, Edge, Limits, Message
from tests.factories.clients import BASE, Clients
from tests.web.speeches import NO_PACKS

NAMES = {name.decode() for name, _ in HEADERS} | {"x-request-id"}
ANSWERS = (
    ("GET", "/healthz"),
    ("GET", "/docs"),
    ("GET", "/docs/style.css"),
    ("GET", "/openapi.json"),
    ("GET", "/problems/assessment.incomplete"),
    ("GET", "/nowhere"),
    ("DELETE", "/healthz"),
    ("GET", f"{BASE}/me"),
    ("GET", f"{BASE}/requests"),
    ("GET", f"{BASE}/requests/TA-2026-99999/status"),
    ("POST", f"{BASE}/requests"),
)


@pytest.mark.parametrize(("method", "path"), ANSWERS)
def test_every_answer_carries_every_header(clients: Clients, method: str, path: str) -> None:
    token = clients.as_("desk_officer").token
    for headers in ({}, {"authorization": f"Bearer {token}"}):
        answer = clients.http.request(method, path, headers=headers)
        assert set(answer.headers) >= NAMES, NAMES - set(answer.headers)
        assert "unsafe-" not in answer.headers["content-security-policy"]
        assert "server" not in answer.headers
        assert "frame-ancestors 'none'" in answer.headers["content-security-policy"]


def test_the_hot_poll_carries_the_same_headers(clients: Clients) -> None:
    coordinator = clients.as_("resident_coordinator", country="KEN")
    body = {"countries": ["KEN"], "title": "A team", "needs": [{"area": "A", "text": "a"}]}
    reference = coordinator.post("/requests", body).ok().body["reference"]
    for _ in range(2):  # the first call is recognised by the plain path, the second is hot
        answer = coordinator.get(f"/requests/{reference}/status").ok()
        assert set(answer.headers) >= NAMES


def test_what_nobody_foresaw_carries_the_same_headers_and_nothing_of_the_inside(
    clients: Clients,
) -> None:
    def broken(_http: Any) -> None:
        raise ZeroDivisionError("what only we may know")

    clients.app.router.routes.insert(0, Route("/broken", broken))
    answer = clients.http.get("/broken")
    assert (answer.status_code, answer.json()["code"]) == (500, "server.unforeseen")
    assert set(answer.headers) >= NAMES, NAMES - set(answer.headers)
    assert answer.json()["request_id"] == answer.headers["x-request-id"]
    assert "only we" not in answer.text


@pytest.mark.parametrize("path", [f"{BASE}/me/", "/sign-in/", f"{BASE}/requests/"])
def test_no_slash_too_many_sends_anybody_to_a_host_that_the_call_named(
    clients: Clients, path: str
) -> None:
    headers = {"host": "elsewhere.example"}
    answer = clients.http.get(path, headers=headers, follow_redirects=False)
    assert (answer.status_code, answer.headers.get("location")) == (404, None)


CROOKED = {
    "a name twice": (b'{"trigger": "submit", "trigger": "withdraw"}', "", 400),
    "a name twice, deep": (b'{"title": "a", "needs": [{"area": "A", "area": "B"}]}', "", 400),
    "UTF-16": ('{"title": "a"}'.encode("utf-16"), "", 400),
    "Latin-1": ('{"title": "\xe9"}'.encode("latin-1"), "", 400),
    "UTF-7 by its name": (b'{"title": "a"}', "; charset=utf-7", 415),
    "no number": (b'{"title": NaN}', "", 400),
    "too deep": (b"[" * 60_000, "", 400),
    "a lone quote": (b'"', "", 400),
}


@pytest.mark.parametrize("path", ["/requests", "/requests/TA-2026-00001/transitions"])
@pytest.mark.parametrize("name", CROOKED)
def test_a_body_that_two_readers_could_read_differently_is_refused(
    clients: Clients, name: str, path: str
) -> None:
    content, charset, status = CROOKED[name]
    headers = {
        "authorization": f"Bearer {clients.as_('resident_coordinator', country='KEN').token}",
        "content-type": f"application/json{charset}",
        "if-match": '"1"',
    }
    answer = clients.http.post(BASE + path, content=content, headers=headers)
    assert answer.status_code == status, answer.text
    assert answer.json()["code"].startswith("body.")


def test_a_body_that_breaks_off_is_no_fault_of_ours(
    clients: Clients, caplog: pytest.LogCaptureFixture
) -> None:
    sent: list[Message] = []

    async def receive() -> Message:
        return {"type": "http.disconnect"}

    async def send(message: Message) -> None:
        sent.append(message)

    scope = {
        "type": "http",
        "method": "POST",
        "path": f"{BASE}/me/second-factor",
        "query_string": b"",
        "headers": [(b"content-length", b"9")],
        "asgi": {},
    }
    asyncio.run(clients.app(scope, receive, send))
    assert sent[0]["status"] == 400
    assert "unforeseen" not in caplog.text


@pytest.mark.parametrize(
    "query",
    ["limit=1&limit=2", "cursor=a&cursor=b", "q=a&q=a", "wait=0&wait=0"],
)
def test_a_parameter_that_two_readers_could_read_differently_is_refused(
    clients: Clients, query: str
) -> None:
    path = f"{BASE}/requests/TA-2026-00001/status" if "wait" in query else f"{BASE}/requests"
    headers = {"authorization": f"Bearer {clients.as_('desk_officer').token}"}
    answer = clients.http.get(f"{path}?{query}", headers=headers)
    assert (answer.status_code, answer.json()["code"]) == (400, "query.name_twice")
    both = clients.http.get(f"{BASE}/requests?state=triage&state=draft", headers=headers)
    assert both.status_code == 200


@pytest.mark.parametrize("path", ["/", "/healthz", f"{BASE}/me", "/sign-in"])
def test_trace_echoes_nothing(clients: Clients, path: str) -> None:
    answer = clients.http.request("TRACE", path, headers={"x-canary": "an echo"})
    assert answer.status_code in {404, 405}
    assert "an echo" not in f"{answer.text} {answer.headers}"


def taken(pieces: list[tuple[float, bytes]], seconds: float = 0.05) -> tuple[int, bytes]:
    """Return the status and the body of a call whose pieces arrive after so many seconds each."""
    sent: list[Message] = []

    async def app(_scope: Any, receive: Any, send: Any) -> None:
        got = b""
        while True:
            message = await receive()
            if message["type"] == "http.disconnect":
                return
            got += message.get("body", b"")
            if not message.get("more_body"):
                break
        await send({"type": "http.response.start", "status": 200, "headers": []})
        await send({"type": "http.response.body", "body": got})

    waiting = list(pieces)

    async def receive() -> Message:
        after, piece = waiting.pop(0)
        await asyncio.wait_for(asyncio.Event().wait(), after) if after > 1 else None
        return {"type": "http.request", "body": piece, "more_body": bool(waiting)}

    async def send(message: Message) -> None:
        sent.append(message)

    scope = {"type": "http", "path": "/x", "headers": []}
    asyncio.run(Edge(app, Limits(100, 1000, seconds), NO_PACKS)(scope, receive, send))
    return sent[0]["status"], sent[1]["body"]


def test_a_body_that_never_arrives_is_cut_off_and_says_so() -> None:
    status, body = taken([(0, b"a"), (600, b"b")])
    assert (status, json.loads(body)["code"]) == (408, "body.too_slow")


def test_a_body_above_the_limit_is_cut_off_and_says_so() -> None:
    status, body = taken([(0, b"a" * 60), (0, b"b" * 60)])
    assert (status, json.loads(body)["code"]) == (413, "body.too_large")


def test_a_body_in_many_pieces_arrives_whole() -> None:
    assert taken([(0, b"a"), (0, b"b"), (0, b"c")]) == (200, b"abc")
