"""Our own corpus on every parameter and every field: whatever comes, no 5xx, and 413 in time (F16).

Fuzzers miss what lies just beyond 64 bits; this walks there on purpose.
"""

import json
import time
from collections.abc import Iterator
from typing import Annotated, Any
from urllib.parse import quote

import pytest
import sqlalchemy as sa
from fastapi import FastAPI, Query
from fastapi.testclient import TestClient

from app.kit.db import open_engine
from tests.contract.conftest import Whole

NUMBERS = (0, -1, 2**31 - 1, 2**31, 2**63 - 1, 2**63, 2**64, -(2**63) - 1, 10**40)
WORDS = (
    *("", " ", "\x00", "a\x00b", "null", "true", "NaN", "1e999", "0x10", "\u202e", "%00", "'", "%"),
    *("../../etc/passwd", "{}", "[]", "\U0001f600", "\u0661", "a" * 3000, "-", "\r\nX: y"),
    *("0001-01-01", "9999-12-31", "2026-02-30", "2026-01-01T00:00:00+99:99", "MjAyNg", "WzFd"),
    *("9999-12-31T23:59:59-23:59", "0001-01-01T00:00:00+23:59", "WzkyMjMzNzIwMzY4NTQ3NzU4MDhd"),
)
PARAMETERS = (*(str(number) for number in NUMBERS), *WORDS)
VALUES: tuple[Any, ...] = (
    *NUMBERS,
    *WORDS,
    *(None, True, 1.5, [], {}, [[]], [None] * 500, {"a": {"b": {}}}, ["x"] * 5000),
    *("9" * 5000, float("nan"), float("inf"), "\ud800", {"\ud800": 1}),
)
RAW: tuple[tuple[str, bytes, str], ...] = (
    ("nothing", b"", "application/json"),
    ("NaN", b'{"title": NaN}', "application/json"),
    ("a lone surrogate", b'{"title": "\\ud800"}', "application/json"),
    ("NUL", b'{"title": "\\u0000"}', "application/json"),
    ("bad UTF-8", b'{"title": "\xff\xfe"}', "application/json"),
    ("UTF-16", '{"title": "a"}'.encode("utf-16"), "application/json"),
    ("deep arrays", b"[" * 20_000 + b"]" * 20_000, "application/json"),
    ("deep objects", b'{"a":' * 8_000 + b"1" + b"}" * 8_000, "application/json"),
    ("5,000 digits", b'{"trigger": ' + b"9" * 5_000 + b"}", "application/json"),
    ("a key twice", b'{"title": "a", "title": "b"}', "application/json"),
    (
        "3,000 unknown keys",
        json.dumps({f"k{n}": n for n in range(3000)}).encode(),
        "application/json",
    ),
    ("a bare string", b'"text"', "application/json"),
    ("null", b"null", "application/json"),
    ("half an object", b'{"title": ', "application/json"),
    ("XML", b"<a/>", "application/xml"),
    ("a form", b"a=b", "application/x-www-form-urlencoded"),
    ("parts without a border", b"--x", "multipart/form-data"),
    ("plain text", b"{}", "text/plain"),
    ("utf-7", b"{}", "application/json; charset=utf-7"),
    ("no type", b"{}", ""),
)
MOST_SECONDS = 1.0
"""Of computing, that one call may take (S6)."""


def placed(whole: Whole, path: str, odd: dict[str, str]) -> str:
    """Return a path whose parameters are those of the played request, but for the odd one."""
    known = {"ref": whole.reference, "number": "1", "code": "itu", "name": "needs_assessment"}
    known |= {"version": "1", "alpha3": "KEN", "indicator": "1"} | odd
    for name, value in known.items():
        path = path.replace("{" + name + "}", quote(value, safe=""))
    return path


class Asked:
    """Calls the service and keeps what it should not have answered."""

    def __init__(self, whole: Whole) -> None:
        self.whole = whole
        self.cases = 0
        self.faults: list[str] = []

    def call(self, method: str, path: str, where: str, **more: Any) -> int:
        """Make one call and note a 5xx or one that took too long."""
        headers = {"Authorization": f"Bearer {self.whole.person.token}", "If-Match": "*"}
        headers |= more.pop("headers", {})
        began = time.process_time()
        answer = self.whole.clients.http.request(method, path, headers=headers, **more)
        took = time.process_time() - began
        self.cases += 1
        if answer.status_code >= 500:
            self.faults.append(f"{method} {where}: {answer.status_code}")
        if took > MOST_SECONDS and "stream" not in path and "wait" not in path:
            self.faults.append(f"{method} {where}: {took:.2f} s")
        return answer.status_code

    def done(self) -> None:
        """Fail with whatever was noted, and tell how much was tried."""
        print(f"{self.cases} cases")  # noqa: T201 - the figure, shown with -rP
        assert self.faults == []
        assert self.cases > 100


@pytest.fixture
def asked(whole: Whole) -> Asked:
    """The corpus at the service."""
    return Asked(whole)


def parameters(
    whole: Whole, place: str
) -> Iterator[tuple[str, str, dict[str, Any], dict[str, Any]]]:
    """Give every parameter of one place, with its operation."""
    for method, path, operation in whole.operations():
        for parameter in operation.get("parameters", []):
            if parameter["in"] == place:
                yield method, path, operation, parameter


def test_no_value_of_a_path_parameter_breaks_anything(asked: Asked) -> None:
    for method, path, operation, parameter in parameters(asked.whole, "path"):
        body: dict[str, Any] = {"json": {}} if "requestBody" in operation else {}
        values = PARAMETERS if method == "GET" else PARAMETERS[: len(NUMBERS)]
        for value in values:
            filled = placed(asked.whole, path, {parameter["name"]: value})
            asked.call(method, filled, f"{path} {parameter['name']}={value[:30]!r}", **body)
    asked.done()


def test_no_value_of_a_query_or_header_parameter_breaks_anything(asked: Asked) -> None:
    for place, named in (("query", "params"), ("header", "headers")):
        for method, path, _operation, parameter in parameters(asked.whole, place):
            filled = placed(asked.whole, path, {})
            quick = {"seconds": "1"} if path.endswith("/stream") else {}
            for value in PARAMETERS:
                if place == "header" and not (value.isascii() and value.isprintable()):
                    continue
                if parameter["name"] in {"wait", "seconds"} and value.strip().isdigit():
                    continue
                given = {parameter["name"]: value}
                more = (
                    {"params": quick | given}
                    if place == "query"
                    else {"headers": given, "params": quick}
                )
                asked.call(method, filled, f"{path} {named} {given}"[:120], **more)
    asked.done()


def fields(whole: Whole, operation: dict[str, Any]) -> dict[str, Any]:
    """Return the fields of an operation's body, with a value that its type takes."""
    content = operation["requestBody"]["content"]
    schema = next(iter(content.values()))["schema"]
    if "$ref" in schema:
        schema = whole.description["components"]["schemas"][schema["$ref"].rsplit("/", 1)[1]]
    return dict.fromkeys(schema.get("properties", {}), "x")


def test_no_value_of_a_field_breaks_anything(asked: Asked) -> None:
    for method, path, operation in asked.whole.operations():
        if "requestBody" not in operation:
            continue
        for name in fields(asked.whole, operation):
            for value in VALUES:
                content = json.dumps({name: value}).encode()
                asked.call(
                    method,
                    placed(asked.whole, path, {}),
                    f"{path} {name}={value!r}"[:120],
                    content=content,
                    headers={"Content-Type": "application/json"},
                )
    asked.done()


def test_no_body_breaks_anything(asked: Asked) -> None:
    for method, path, operation in asked.whole.operations():
        if "requestBody" not in operation:
            continue
        for name, content, kind in RAW:
            headers = {"Content-Type": kind} if kind else {}
            status = asked.call(
                method,
                placed(asked.whole, path, {}),
                f"{path} {name}",
                content=content,
                headers=headers,
            )
            if status < 300:
                asked.faults.append(f"{method} {path} took {name}: {status}")
    asked.done()


@pytest.mark.parametrize("chunked", [False, True])
def test_a_body_of_one_megabyte_is_refused_in_time_everywhere(asked: Asked, chunked: bool) -> None:
    chunk = b"x" * 65_536

    def chunks() -> Iterator[bytes]:
        for _ in range(16):
            yield chunk

    for method, path, operation in asked.whole.operations():
        if "requestBody" not in operation or path.endswith("/attachments"):
            continue
        began = time.process_time()
        status = asked.call(
            method,
            placed(asked.whole, path, {}),
            f"{path} 1 MB",
            content=chunks() if chunked else chunk * 16,
            headers={"Content-Type": "application/json"},
        )
        took = time.process_time() - began
        if status != 413 or took > 0.5:
            asked.faults.append(f"{method} {path}: {status} after {took:.2f} s")
    assert asked.faults == []


@pytest.mark.parametrize(
    "header",
    ["if-match", "if-none-match", "idempotency-key", "accept-language", "authorization", "range"],
)
def test_no_value_of_a_common_header_breaks_anything(asked: Asked, header: str) -> None:
    path = f"/api/v1/requests/{asked.whole.reference}"
    for value in (*PARAMETERS, '"1"', 'W/"1"', '"1", "2"', "*", ";q=x", "en;q=9e999", '"' * 500):
        if not (value.isascii() and value.isprintable()):
            continue
        for method, tail, body in (
            ("GET", "", None),
            ("GET", "/status", None),
            ("PATCH", "", {"title": "Another"}),
            ("POST", "/comments", {"text": "x"}),
            ("POST", "/transitions", {"trigger": "withdraw"}),
        ):
            asked.call(
                method,
                path + tail,
                f"{tail} {header}: {value[:30]}",
                json=body,
                headers={header: value},
            )
    asked.done()


def test_the_corpus_finds_a_number_without_an_upper_bound() -> None:
    engine = open_engine("sqlite://")
    app = FastAPI()

    @app.get("/after")
    def after(number: Annotated[int, Query()] = 0) -> int:
        with engine.connect() as connection:
            return int(connection.execute(sa.select(sa.literal(number))).scalar_one())

    with TestClient(app, raise_server_exceptions=False) as client:
        broken = [
            number
            for number in NUMBERS
            if client.get("/after", params={"number": number}).status_code >= 500
        ]
    engine.dispose()
    assert 2**63 in broken
    assert 2**63 - 1 not in broken
