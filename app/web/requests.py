"""The list of requests, with its filters in the address, and one request: overview and timeline."""

from collections.abc import Sequence
from typing import Annotated, Any, Literal

from fastapi import Query, Response
from pydantic import BaseModel, ConfigDict, Field

from app.kit import clock
from app.kit.pages import decode, encode
from app.kit.text import Alpha3, Line, Name
from app.requests import service as dossier
from app.requests import timeline
from app.requests.schemas import Area, RequestLine
from app.requests.service.filters import Search, Sort, Standing
from app.web.frame import framed
from app.web.regions import PLACES
from app.web.texts import marked
from app.web.visit import AtVisit, Visit, router

api = router()
PAGE = 25
EVENTS = 50


class Asked(BaseModel):
    """The filters of the list as its form sends them: what is left empty does not narrow."""

    model_config = ConfigDict(extra="ignore", frozen=True)

    q: Line = ""
    state: list[Name] = Field([], max_length=30)
    stage: Name | str = ""
    country: Alpha3 | str = ""
    area: Area | str = ""
    region: Name | str = ""
    group: Name | str = ""
    topic: Name | str = ""
    entity: Name | str = ""
    standing: Standing | Literal[""] = ""
    open: bool = False
    overdue: bool = False
    mine: bool = False
    sort: Sort = "-filed"
    cursor: str | None = Field(None, max_length=300)

    def search(self) -> Search:
        """Return what the list is narrowed to."""
        return Search(
            state=tuple(one for one in self.state if one),
            stage=(self.stage,) if self.stage else (),
            country=self.country or None,
            area=self.area or None,
            region=self.region or None,
            group=self.group or None,
            topic=self.topic or None,
            entity=self.entity or None,
            standing=(self.standing or None) if self.entity else None,
            q=self.q or None,
            open=self.open,
            overdue=self.overdue,
            mine=self.mine,
            sort=self.sort,
        )


LED = ("region", "group", "topic", "entity", "standing", "open", "overdue")
"""What figures narrow a list by: shown above it, each to be taken away."""


def _taken(desk: Visit, asked: Asked) -> list[tuple[str, str, str]]:
    """Return what a figure has narrowed the list by: name, value, and the list without it."""
    found = []
    for name in LED:
        if value := getattr(asked, name):
            rest = desk.http.url.remove_query_params([name, "cursor"]).query
            found.append((name, "" if value is True else value, f"/requests?{rest}"))
    return found


@api.get("/requests")
def page_requests(desk: AtVisit, asked: Annotated[Asked, Query()]) -> Response:
    """List what one may see, narrowed by the address."""
    search = asked.search()
    found = dossier.search(desk.session, desk.actor, search, asked.cursor, PAGE)
    count, exact = dossier.count(desk.session, desk.actor, search)
    shown = {
        "asked": asked.model_dump(),
        "lines_shown": lines_of(desk, found.rows),
        "now": clock.now(),
        "count": count,
        "exact": exact,
        "next": desk.http.url.include_query_params(cursor=found.next).query if found.next else "",
        "stages": stages_of(desk),
        "areas": areas_of(desk),
        "sorts": SORTS,
        "taken": _taken(desk, asked),
        "places": PLACES,
    }
    return desk.page("requests/list.html", shown)


def lines_of(desk: Visit, rows: Sequence[Any]) -> list[RequestLine]:
    """Return the lines of a list of requests as pages show them."""
    return [RequestLine.model_validate(one) for one in dossier.lines(desk.shelf, desk.reader, rows)]


SORTS = {
    "-filed": marked("Newest first"),
    "filed": marked("Oldest first"),
    "-updated": marked("Last changed first"),
    "due": marked("Due first"),
}


def stages_of(desk: Visit) -> list[str]:
    """Return the stages of every definition on the shelf."""
    found = {s.stage: None for pack in desk.shelf for s in pack.definition.states.values()}
    return list(found)


def areas_of(desk: Visit) -> list[tuple[str, str]]:
    """Return the areas of assistance with their labels."""
    pack = desk.shelf.latest("needs_assessment")
    return [(area.code, area.label) for area in pack.areas.areas]


@api.get("/requests/{ref}")
def page_request(desk: AtVisit, ref: str) -> Response:
    """Show where a request stands, whose turn it is, and what one may do now."""
    request = desk.request(ref)
    options = desk.options(request)
    return framed(desk, request, "", "request/overview.html", options=options)


@api.get("/requests/{ref}/timeline")
def page_timeline(desk: AtVisit, ref: str, cursor: str | None = None) -> Response:
    """Show what happened, oldest first; each event has an address of its own."""
    request = desk.request(ref)
    after = decode(cursor, (int,))[0] if cursor else 0
    events = timeline.read(desk.session, desk.actor, request, after, EVENTS + 1)
    ear = timeline.ear_of(desk.session, desk.actor, request)
    more = encode([events[EVENTS - 1].number]) if len(events) > EVENTS else ""
    views = timeline.views(desk.session, events[:EVENTS], ear)
    return framed(desk, request, "timeline", "request/timeline.html", events=views, more=more)
