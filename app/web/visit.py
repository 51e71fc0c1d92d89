"""The desk of a page: who visits, what the form held, and what may be offered here."""

from collections.abc import AsyncIterator, Callable, Mapping
from dataclasses import fields, is_dataclass, replace
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Request, Response
from fastapi.responses import HTMLResponse
from starlette.datastructures import FormData

from app.directory.actor import Actor
from app.engine.machine import Option
from app.kit import clock
from app.kit.errors import Blocker, Forbidden, Refusal
from app.lifecycle import service as lifecycle
from app.policy import rights
from app.policy.table import RULES
from app.requests import access
from app.requests.tables import AssistanceRequest
from app.web.keeping import TYPED
from app.web.pages import Face, Seat, language_of, own_form, render, written
from app.web.places import places_of
from app.wiring.desk import SAFE, Desk, form_of
from app.wiring.routes import DeskRoute

BEHALF, GLASS = "__Host-entente-behalf", "__Host-entente-glass"
"""Cookies that name the delegation one acts under, and the opening that one reads through."""
SIGNED, SEEN, ONCE = "csrf", "revision", "once"
"""What a form bears besides its fields: its session's token, what was seen last, and its key."""
ASKS = "asks"
"""What a button adds that only asks something of what was typed: no answer to it is kept."""

WHATEVER = "*"
"""The revision of who changes what is there, whatever it is: as `If-Match: *` in the interface."""


def seconds_left(actor: Actor) -> int:
    """Return how many seconds a session still has if it is not used again."""
    return int((actor.until - clock.now()).total_seconds()) if actor.until else 0


class Visit(Desk):
    """A desk whose answers are pages."""

    def __init__(self, http: Request, body: bytes, form: FormData) -> None:
        """Take the HTTP request and its form."""
        super().__init__(http, body)
        self.form = form
        http.scope[TYPED] = form
        self.language = language_of(http)
        self._hindrances: dict[str, tuple[Blocker, ...] | None] | None = None
        seen = str(form.get(SEEN, ""))
        self.condition = f'"{seen}"' if seen and seen != WHATEVER else seen or None
        asks = bool(form.get(ASKS))
        self.key = None if asks else str(form.get(ONCE, "")) or None
        self.credentials = {**http.headers, **standing_in(http)}

    def carry_out(self, work: Callable[[], Response]) -> Response:
        """Run an endpoint in one transaction; a form must bear the token of its session."""
        if self.http.method not in SAFE:
            own_form(self.http, self.house, str(self.form.get(SIGNED, "")))
        return super().carry_out(work)

    @property
    def seat(self) -> Seat:
        """Who looks at the page."""
        standing = bool(self.actor.on_behalf), "break-glass" in self.credentials
        number = self.actor.person_id or 0
        left = seconds_left(self.actor)
        token, places = self.csrf or "", places_of(self.actor)
        return Seat(self.actor.name, token, places, *standing, number, left)

    def page(
        self, name: str, shown: Mapping[str, Any] | None = None, *, forms: str = "'self'"
    ) -> HTMLResponse:
        """Return a page; of everything shown, what is not for this person is left out."""
        return render(self.http, name, shown=self._open(shown), face=self.face, forms=forms)

    def text_of(self, name: str, shown: Mapping[str, Any]) -> str:
        """Return the text of the same page."""
        return written(self.http, name, self._open(shown), self.face)

    def _open(self, shown: Mapping[str, Any] | None) -> dict[str, Any]:
        open_parts = {key: self.opened(value) for key, value in (shown or {}).items()}
        return {"request": None, "may": self.may} | open_parts

    def opened(self, shown: Any) -> Any:
        """Return what is shown without what this person may not read, also within our values."""
        if isinstance(shown, list | tuple):
            return [self.opened(one) for one in shown]
        if isinstance(shown, dict):
            return {name: self.opened(one) for name, one in shown.items()}
        if is_dataclass(shown) and type(shown).__module__.startswith("app.web."):
            parts = {one.name: self.opened(getattr(shown, one.name)) for one in fields(shown)}
            return replace(shown, **parts)  # type: ignore[type-var]  # an instance, by its module
        return shown if type(shown).__module__.startswith("app.engine.") else self.open_part(shown)

    @property
    def face(self) -> Face:
        """Who looks at the page, and in which language."""
        return Face(self.language, self.seat)

    def may(self, operation: str) -> bool:
        """Whether an act may be offered here: by the table, and by the state of the request.

        A second factor that is still due does not hide it: it is asked for on the way.
        """
        rule = RULES[operation]
        try:
            rights.entitle(rule, self.actor, clock.now())
        except Refusal as refusal:
            if refusal.code != "assurance.step_up":
                return False
        if rule.within and self.about is not None and not self.within():
            return False
        return not rule.acts or any(self.acts.get(act) for act in rule.acts)

    def hold_acts(self) -> None:
        """Hold the operation's acts against the state of the request at hand, as its service does.

        So a form that could not be sent is not shown. Raises Conflict, Forbidden.
        """
        if self.about is None:
            return
        found: list[Refusal] = []
        for act in self.rule.acts:
            try:
                access.permit(self.session, self.shelf, self.actor, self.about, act)
            except Refusal as refusal:
                found.append(refusal)
            else:
                return
        if found:
            raise next((one for one in found if isinstance(one, Forbidden)), found[0])

    @property
    def hindrances(self) -> Mapping[str, tuple[Blocker, ...] | None]:
        """The acts of the state of the request that the page is about: what stands against each.

        None for those that are for other roles.
        """
        if self._hindrances is None:
            self._hindrances = {}
            if self.about is not None:
                at = access.standing_of(self.session, self.about)
                found = lifecycle.hindrances(self.session, self.shelf, self.actor, at)
                self._hindrances = found
        return self._hindrances

    @property
    def acts(self) -> Mapping[str, bool]:
        """The same acts: whether each is open."""
        return {act: against == () for act, against in self.hindrances.items()}

    def options(self, request: AssistanceRequest) -> list[Option]:
        """Return every transition from here for this person."""
        standing = access.standing_of(self.session, request)
        return lifecycle.options(self.session, self.shelf, self.actor, standing)


def standing_in(http: Request) -> dict[str, str]:
    """Return in whose name, and through which opening, a browser acts: programs send headers.

    An opening is for reading requests, and told with nothing else.
    """
    found = {}
    if http.cookies.get(BEHALF):
        found["delegation"] = http.cookies[BEHALF]
    reads = http.method in SAFE and http.url.path.startswith("/requests/")
    if reads and http.cookies.get(GLASS):
        found["break-glass"] = http.cookies[GLASS]
    return found


async def open_visit(http: Request) -> Visit:
    """Give a page its desk."""
    if http.method in SAFE:
        return Visit(http, b"", FormData())
    return Visit(http, await form_of(http), await http.form())


async def visiting(http: Request) -> AsyncIterator[Visit]:
    """Give a page its desk, and let go of the files of its form afterwards."""
    visit = await open_visit(http)
    try:
        yield visit
    finally:
        await visit.form.close()


AtVisit = Annotated[Visit, Depends(visiting)]


def router() -> APIRouter:
    """Return a router of pages: each endpoint runs at its desk, in one transaction."""
    return APIRouter(include_in_schema=False, route_class=DeskRoute)
