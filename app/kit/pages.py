"""Lists by cursor: a page never counts what came before it."""

import base64
import binascii
import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from app.kit.errors import Malformed

T = TypeVar("T")
DEFAULT, MOST = 50, 200


@dataclass(frozen=True, slots=True)
class Page(Generic[T]):
    """Some rows and where the next ones begin; no `next` means that these are the last."""

    rows: Sequence[T]
    next: str | None


def encode(key: list[Any]) -> str:
    """Return an opaque cursor for the key of a row."""
    text = json.dumps(key, separators=(",", ":"))
    return base64.urlsafe_b64encode(text.encode()).decode().rstrip("=")


def decode(cursor: str, kinds: tuple[type, ...]) -> list[Any]:
    """Return the key in a cursor that this list gave out. Raises Malformed."""
    try:
        raw = base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4))
        key = json.loads(raw)
    except (binascii.Error, ValueError, UnicodeError):
        key = None
    if not isinstance(key, list) or tuple(type(part) for part in key) != kinds:
        raise Malformed("cursor.invalid", "Use the `next` of an earlier answer as it was given.")
    if any(isinstance(part, int) and abs(part) >= 2**63 for part in key):
        raise Malformed("cursor.invalid", "Use the `next` of an earlier answer as it was given.")
    return key


def cut(rows: Sequence[T], limit: int, key: Callable[[T], list[Any]]) -> Page[T]:
    """Make a page of at most `limit` rows out of `limit + 1` that were read."""
    more = len(rows) > limit
    shown = rows[:limit]
    return Page(shown, encode(key(shown[-1])) if more else None)
