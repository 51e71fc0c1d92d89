"""What a call must be before it is read: JSON in UTF-8, and no name twice in body or query."""

import json
from collections.abc import Callable, Coroutine, Sequence
from typing import Any, get_origin

from fastapi import APIRouter, Request, Response
from fastapi.routing import APIRoute
from pydantic import BaseModel
from starlette.routing import Match
from starlette.types import Scope

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


def operation(route: APIRoute) -> str:
    """Return the name under which the API's description and the policy table know a route."""
    return str(route.endpoint.__name__)


def api_router(tag: str, route_class: type[APIRoute]) -> APIRouter:
    """Return a router of the REST door, whose routes stand under /api/v1 from the beginning.

    Routes that are included under a prefix are built twice, and sought for ten times as long.
    """
    return APIRouter(
        prefix="/api/v1",
        tags=[tag],
        route_class=route_class,
        generate_unique_id_function=operation,
    )


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
    """A route that reads its JSON strictly, and no parameter twice that holds one value."""

    def matches(self, scope: Scope) -> tuple[Match, Scope]:
        """Say whether a call is for this route; that it is not, which most are not, in one step."""
        if not scope.get("root_path") and self.path_regex.match(scope["path"]) is None:
            return Match.NONE, {}
        return super().matches(scope)

    def get_route_handler(self) -> Callable[[Request], Coroutine[Any, Any, Response]]:
        """Return what answers a call."""
        answer, many = super().get_route_handler(), self._lists()

        async def answering(http: Request) -> Response:
            _once(http, many)
            return await answer(Strict(http.scope, http.receive))

        return answering

    def _lists(self) -> frozenset[str]:
        """Return the names of the parameters that may stand several times in a query."""
        found: set[str] = set()
        for parameter in self.dependant.query_params:
            kind = parameter.field_info.annotation
            if isinstance(kind, type) and issubclass(kind, BaseModel):
                fields = kind.model_fields.items()
                found |= {name for name, field in fields if get_origin(field.annotation) is list}
        return frozenset(found)


def _once(http: Request, many: frozenset[str]) -> None:
    """Refuse a query in which a name stands twice that holds one value (ASVS 5.0, 15.3.7).

    Raises Malformed.
    """
    names = [name for name, _ in http.query_params.multi_items() if name not in many]
    if len(set(names)) != len(names):
        twice = next(name for name in names if names.count(name) > 1)
        raise Malformed("query.name_twice", f"The parameter {twice[:100]!r} stands twice.")
