"""What endpoints of this door share: paths, pages and lists."""

from collections.abc import Sequence
from typing import Annotated, Any, Generic, TypeVar

from fastapi import APIRouter, Path, Query, Response
from pydantic import BaseModel

from app.kit import pages
from app.requests.access import REFERENCE
from app.wiring.desk import AtDesk, Desk
from app.wiring.routes import DeskRoute
from app.wiring.strict import api_router
from app.wiring.tags import seen, tag_of

T = TypeVar("T")
MOST_ID = 2**63 - 1

Reference = Annotated[str, Path(json_schema_extra={"pattern": REFERENCE.pattern})]
Number = Annotated[int, Path(ge=1, le=MOST_ID)]
Limit = Annotated[int, Query(ge=1, le=pages.MOST)]
Cursor = Annotated[str, Query(max_length=300)]


class Items(BaseModel, Generic[T]):
    """A page of a list; `next` is the cursor of the one after it."""

    items: list[T]
    next: str | None = None


def router(tag: str) -> APIRouter:
    """Return a router whose endpoints run at their desk, in one transaction each."""
    return api_router(tag, DeskRoute)


def page(desk: Desk, items: Sequence[Any], next_cursor: str | None = None) -> Response:
    """Answer with a page of a list, its tag, and an RFC 8288 Link to the next one."""
    body = desk.written({"items": list(items), "next": next_cursor})
    headers = {"ETag": tag_of(body), "Content-Language": desk.language}
    if next_cursor:
        link = desk.http.url.include_query_params(cursor=next_cursor)
        headers["Link"] = f'<{link.path}?{link.query}>; rel="next"'
    if headers["ETag"] in seen(desk.http.headers.get("if-none-match")):
        return Response(status_code=304, headers=headers)
    return Response(body, media_type="application/json", headers=headers)


__all__ = ["AtDesk", "Cursor", "Items", "Limit", "Number", "Reference", "page", "router"]
