"""The porch: where those wait who sign in, give codes or use links."""

from collections.abc import Callable
from typing import Annotated, TypeVar

from anyio import CapacityLimiter, to_thread
from fastapi import Depends, Request, Response

from app.accounts.hashing import TOGETHER
from app.accounts.sessions import Opened, Visitor
from app.kit.errors import Unavailable
from app.wiring.callers import COOKIE, cookie_of, visitor_of
from app.wiring.house import House

T = TypeVar("T")
MOST_WAITING = 64
GONE = '"cache", "storage"'
"""Not "cookies": that would sign people out of every service on the same registered domain."""


class Porch:
    """Lets a few in at once, so that guessing passwords never takes all threads of the house."""

    def __init__(self) -> None:
        """Make the queue."""
        self._turns = CapacityLimiter(TOGETHER)

    async def run(self, work: Callable[[], T]) -> T:
        """Carry out work in a thread, when it is its turn. Raises Unavailable, and its refusals."""
        if self._turns.statistics().tasks_waiting >= MOST_WAITING:
            raise Unavailable("sign_in.busy", "Too many wait to sign in; try again.")
        return await to_thread.run_sync(work, limiter=self._turns)


class Guest:
    """Somebody on the porch: from where, and with what in hand."""

    def __init__(self, http: Request) -> None:
        """Take the HTTP request."""
        self.http = http
        self.house: House = http.app.state.house
        self._porch: Porch = http.app.state.porch

    @property
    def visitor(self) -> Visitor:
        """From where somebody calls."""
        return visitor_of(self.http, self.house.settings)

    @property
    def secret(self) -> str:
        """The identifier of the session that was sent; empty when there is none."""
        return cookie_of(self.http.headers) or ""

    async def run(self, work: Callable[[], T]) -> T:
        """Carry out work when it is its turn."""
        return await self._porch.run(work)


def with_cookie(response: Response, opened: Opened | None) -> Response:
    """Give the browser the identifier of its session."""
    if opened is not None:
        response.set_cookie(
            COOKIE, opened.secret, path="/", secure=True, httponly=True, samesite="lax"
        )
    return response


def without_cookie(response: Response, gone: str = GONE) -> Response:
    """Have the browser forget the session and whatever it kept of it.

    A page whose session ran out leaves it its drafts: they are offered to the same person alone.
    """
    response.delete_cookie(COOKIE, path="/", secure=True, httponly=True, samesite="lax")
    response.headers["Clear-Site-Data"] = gone
    return response


def at_porch(http: Request) -> Guest:
    """Give an endpoint its guest."""
    return Guest(http)


AtPorch = Annotated[Guest, Depends(at_porch)]
