"""What a body must be before it is parsed: JSON in UTF-8, in which no name stands twice."""

import json
from collections.abc import Callable, Coroutine, Sequence
from typing import Any

from fastapi import Request, Response
from fastapi.routing import APIRoute

from app.kit.errors import Malformed, WrongType

CHARSETS = frozenset({"utf-8", "utf8"})


def parsed(content: bytes, media_type: str = "") -> Any:
    """Return the JSON of a body (RFC 8259).

    Raises WrongType for another charset, ValueError for no JSON, and Malformed for a name that
    stands twice: two readers would choose differently between its values (ASVS 5.0, 1.5.3).
    """
    for part in media_type.lower().split(";")[1:]:
        name, _, value = part.strip().partition("=")
        if name == "charset" and value.strip('" ') not in CHARSETS:
            raise WrongType("body.charset", "Send JSON in UTF-8.")
    return json.loads(content.decode(), object_pairs_hook=_unique, parse_constant=_no_number)


def _unique(pairs: Sequence[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        names = [name for name, _ in pairs]
        twice = next(name for name in names if names.count(name) > 1)
        raise Malformed("body.name_twice", f"The name {twice[:100]!r} stands twice in an object.")
    return found


def _no_number(name: str) -> Any:
    raise Malformed("body.no_number", f"{name} is no JSON number.")


class Strict(Request):
    """An HTTP request whose JSON is read by the rules above."""

    async def json(self) -> Any:
        """Return the parsed body. Raises Malformed, WrongType, json.JSONDecodeError."""
        content = await self.body()
        try:
            return parsed(content, self.headers.get("content-type", ""))
        except UnicodeDecodeError as fault:
            raise Malformed("body.encoding", "Send JSON in UTF-8.") from fault
        except RecursionError as fault:
            raise Malformed("body.depth", "The body is nested too deeply.") from fault


class StrictRoute(APIRoute):
    """A route that reads its JSON strictly."""

    def get_route_handler(self) -> Callable[[Request], Coroutine[Any, Any, Response]]:
        """Return what answers a call."""
        answer = super().get_route_handler()

        async def answering(http: Request) -> Response:
            return await answer(Strict(http.scope, http.receive))

        return answering
