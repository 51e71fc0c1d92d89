"""The list of requests: its filters in the address, kept searches, and what it shows as a file."""

import re
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import Annotated, Any, get_args
from urllib.parse import urlencode

from fastapi import Query, Response
from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator

from app.directory.countries import load_countries, load_groups
from app.kit import clock
from app.kit.errors import Malformed
from app.kit.pages import Page
from app.kit.text import Alpha3, Day, Line, Name
from app.requests import service as dossier
from app.requests.schemas import Area, RequestLine
from app.requests.schemas.saved import SavedSearchBody
from app.requests.service import saved
from app.requests.service.filters import Part, Search, Sort, Standing
from app.web.acts import Unfit
from app.web.bulk import moves_of
from app.web.forms import Fault, faults_of
from app.web.labels_dossier import areas_of
from app.web.pages import go
from app.web.regions import PLACES
from app.web.texts import marked
from app.web.visit import AtVisit, Visit, router
from app.wiring.exporting import MOST, Form, exported

api = router()
PAGE = 25
UNFIT = 422
SORTS = {
    "-filed": marked("Newest first"),
    "filed": marked("Oldest first"),
    "-updated": marked("Last changed first"),
    "updated": marked("Longest unchanged first"),
    "due": marked("Due first"),
}
FURTHER = (
    *("country", "area", "region", "group", "topic", "entity", "standing", "part", "since"),
    *("open", "overdue", "mine", "state"),
)
"""Filters that stand behind a fold, open where one of them is used."""
CALLED = {
    "q": marked("Words"),
    "since": marked("Changed since"),
    "standing": marked("How the entity stands"),
    "part": marked("As what the entity is asked"),
    "open": marked("Still open"),
    "mine": marked("Filed by me"),
    "group": marked("Group of countries"),
    "sort": marked("Order"),
}
"""What filters are called that their own name does not tell."""
OF_ENTITY = ("standing", "part")
SEVERAL = ("state", "stage")


class Asked(BaseModel):
    """The filters of the list as its form sends them: what is left empty does not narrow."""

    model_config = ConfigDict(extra="ignore", frozen=True)

    q: Line | None = None
    state: list[Name] = Field([], max_length=30)
    stage: list[Name] = Field([], max_length=10)
    country: Alpha3 | None = None
    region: Line | None = None
    group: Name | None = None
    area: Area | None = None
    topic: Name | None = None
    entity: Name | None = None
    standing: Standing | None = None
    part: Part | None = None
    since: Day | None = None
    open: bool = False
    overdue: bool = False
    mine: bool = False
    begun: bool = False
    sort: Sort = "-filed"
    cursor: str | None = Field(None, max_length=300)

    @model_validator(mode="before")
    @classmethod
    def _narrowing(cls, given: Any) -> Any:
        """Return what narrows: a form sends its empty fields too."""
        if not isinstance(given, Mapping):
            return given
        full = {
            k: [one for one in v if one] if isinstance(v, list) else v for k, v in given.items()
        }
        return {name: value for name, value in full.items() if value not in ("", [])}

    def search(self) -> Search:
        """Return what the list is narrowed to; a standing and a part are those of an entity."""
        own = self.model_dump(exclude={"cursor", "since", *(() if self.entity else OF_ENTITY)})
        begun = datetime(*self.since.timetuple()[:3], tzinfo=UTC) if self.since else None
        return Search(
            **own | {"state": tuple(self.state), "stage": tuple(self.stage)},
            updated_since=begun,
        )

    def address(self) -> str:
        """Return the filters as the end of an address, without the page one is on."""
        used = self.model_dump(mode="json", exclude={"cursor"}, exclude_defaults=True)
        return urlencode({k: "true" if v is True else v for k, v in used.items()}, doseq=True)


def asked_in(desk: Visit) -> tuple[Asked, dict[str, Fault]]:
    """Return the filters in the address, and what is wrong with those that cannot be taken."""
    asked = desk.http.query_params
    given: dict[str, Any] = {k: asked.getlist(k) if k in SEVERAL else v for k, v in asked.items()}
    try:
        return Asked.model_validate(given), {}
    except ValidationError as fault:
        faults = faults_of(fault)
    fitting = {name: value for name, value in given.items() if name not in faults}
    return Asked.model_validate(fitting), faults


@api.get("/requests")
def page_requests(desk: AtVisit) -> Response:
    """List what one may see, narrowed by the address; a filter that cannot be taken is named."""
    asked, faults = asked_in(desk)
    try:
        asked, found = _found(desk, asked)
    except Malformed:  # of another order, or cut off on its way: the list begins anew
        return go(f"/requests?{asked.address()}")
    first = None if asked.cursor else found
    count, exact = dossier.count(desk.session, desk.actor, asked.search(), first)
    shown = {
        "asked": asked.model_dump(mode="json") | {"q": desk.http.query_params.get("q", "")},
        "faults": faults,
        "called": CALLED,
        "paged": bool(asked.cursor),
        "folded": not any(getattr(asked, name) or name in faults for name in FURTHER),
        "lines_shown": lines_of(desk, found.rows),
        "now": clock.now(),
        "count": count,
        "exact": exact,
        "most": MOST,
        "filters": asked.address(),
        "next": f"{asked.address()}&{urlencode({'cursor': found.next})}" if found.next else "",
        "lands": _lands(desk, asked),
        "searches": saved.listed(desk.session, desk.actor),
        "moves": moves_of(desk),
        "taken": _taken(desk, asked),
    }
    page = desk.page("requests/list.html", shown | choices_of(desk))
    page.status_code = UNFIT if faults else page.status_code
    return page


def _found(desk: Visit, asked: Asked) -> tuple[Asked, Page[Any]]:
    """Return what fits, and the filters that it fits: words that nothing holds may be beginnings.

    Raises Malformed for a cursor that is not ours, or of another order.
    """
    found = dossier.search(desk.session, desk.actor, asked.search(), asked.cursor, PAGE)
    if not asked.q or found.rows or asked.cursor or asked.begun:
        return asked, found
    wider = asked.model_copy(update={"begun": True})
    more = dossier.search(desk.session, desk.actor, wider.search(), None, PAGE)
    return (wider, more) if more.rows else (asked, found)


def _lands(desk: Visit, asked: Asked) -> list[tuple[str, str]]:
    """Return countries that the words name, each with the list of its requests without the name.

    Words are looked for in titles and summaries, where few name their own country.
    """
    words, found = asked.q or "", []
    for land in load_countries() if words and not asked.country else ():
        for name in {land.name(desk.language), land.name("en")}:
            other = re.sub(rf"(?<!\w){re.escape(name)}(?!\w)", " ", words, flags=re.IGNORECASE)
            if other != words:
                rest = {"q": " ".join(other.split()) or None, "country": land.alpha3}
                narrowed = asked.model_copy(update={**rest, "cursor": None, "begun": False})
                found.append((land.alpha3, f"/requests?{narrowed.address()}"))
                break
    return found


def _taken(desk: Visit, asked: Asked) -> list[tuple[str, str, str]]:
    """Return what narrows the list behind the fold: name, value, and the list without it."""
    found = []
    for name in FURTHER:
        value = getattr(asked, name)
        if value:
            rest = desk.http.url.remove_query_params([name, "cursor"]).query
            several = value if isinstance(value, list) else ["" if value is True else value]
            found.append((name, ", ".join(map(str, several)), f"/requests?{rest}"))
    return found


def choices_of(desk: Visit) -> dict[str, Any]:
    """Return what the filters offer."""
    definitions = [pack.definition for pack in desk.shelf]
    areas = areas_of(desk)
    return {
        "sorts": SORTS,
        "stages": list(dict.fromkeys(s.stage for d in definitions for s in d.states.values())),
        "areas": [(one.code, one.label) for one in areas.areas],
        "topics": [(one.code, one.label) for one in areas.topics],
        "regions": sorted({one.region for one in load_countries()}),
        "groups": sorted({one.group for one in load_groups()}),
        "entities": sorted({e.code for pack in desk.shelf for e in pack.mandates.entities}),
        "standings": get_args(Standing),
        "parts": get_args(Part),
        "places": PLACES,
    }


def lines_of(desk: Visit, rows: Sequence[Any]) -> list[RequestLine]:
    """Return the lines of a list of requests as pages show them."""
    return [RequestLine.model_validate(one) for one in dossier.lines(desk.shelf, desk.reader, rows)]


@api.post("/requests/searches")
def page_keep_search(desk: AtVisit) -> Response:
    """Keep the filters of the list under a name; one of the same name gives way."""
    given = {name: str(desk.form.get(name, "")) for name in SavedSearchBody.model_fields}
    try:
        body = SavedSearchBody.model_validate(given)
    except ValidationError as fault:
        raise Unfit(faults_of(fault)) from fault
    saved.keep(desk.session, desk.actor, body)
    return go(f"/requests?{body.query}")


@api.post("/requests/searches/{number:int}/drop")
def page_drop_search(desk: AtVisit, number: int) -> Response:
    """Drop a search that one keeps."""
    saved.drop(desk.session, desk.actor, number)
    return go("/requests")


@api.get("/requests/export")
def page_export_requests(
    desk: AtVisit, asked: Annotated[Asked, Query()], form: Form = "csv"
) -> Response:
    """Give what the list shows as a file, up to as many as a file holds."""
    return exported(desk, asked.search(), form)
