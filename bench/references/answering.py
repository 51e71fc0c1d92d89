"""The answers that the bare references give, as small as an honest answer can be."""

from collections.abc import Sequence
from typing import Any

import orjson

Answer = tuple[dict[str, Any], dict[str, Any]]
FIELDS = (
    *("reference", "title", "state", "stage", "urgency", "revision", "since", "updated_at"),
    *("due", "countries"),
)


def part(path: str) -> str:
    """Return the reference within a path."""
    return path.split("/", 5)[4]


def _answer(content: Any) -> Answer:
    body = orjson.dumps(content)
    headers = [
        (b"content-type", b"application/json"),
        (b"content-length", str(len(body)).encode()),
    ]
    start = {"type": "http.response.start", "status": 200, "headers": headers}
    return start, {"type": "http.response.body", "body": body}


def one_answer(reference: str, state: str, revision: int, since: Any, due: Any) -> Answer:
    """Answer with where one request stands."""
    names = ("reference", "state", "revision", "since", "due")
    return _answer(dict(zip(names, (reference, state, revision, since, due), strict=True)))


def list_answer(rows: Sequence[Sequence[Any]]) -> Answer:
    """Answer with a list of at most 50."""
    items = [dict(zip(FIELDS, row, strict=True)) for row in rows[:50]]
    return _answer({"items": items, "next": None})
