"""Routes whose endpoints run at their desk: one call, one thread, one transaction."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from fastapi import Response
from pydantic import BaseModel

from app.wiring.desk import Desk
from app.wiring.strict import StrictRoute


class DeskRoute(StrictRoute):
    """A route whose endpoint runs at its desk, in one transaction."""

    def __init__(self, path: str, endpoint: Callable[..., Any], **more: Any) -> None:
        """Wrap the endpoint; what FastAPI reads of its signature stays the same."""
        super().__init__(path, at_desk(endpoint), **more)


def at_desk(endpoint: Callable[..., Any]) -> Callable[..., Any]:
    """Return `endpoint` inside its desk's transaction; one that knows no desk stays as it is."""
    if "desk" not in endpoint.__annotations__:
        return endpoint

    @wraps(endpoint)
    def run(*args: Any, **named: Any) -> Response:
        desk: Desk = named["desk"]
        desk.sent = tuple(one for one in named.values() if isinstance(one, BaseModel))
        return desk.carry_out(lambda: endpoint(*args, **named))

    return run
