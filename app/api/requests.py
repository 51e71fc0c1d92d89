"""Requests: file, read, edit, list; where one stands, its options, its moves and its timeline."""

from typing import Annotated, Any, Self

from fastapi import Query, Response
from pydantic import BaseModel, ConfigDict, Field, model_validator

from app.api.deps import AtDesk, Cursor, Items, Limit, Number, Reference, page, router
from app.api.problems import ADDS, CHANGES, READS, BlockerView, shown, speech_of
from app.engine.machine import Option
from app.kit.pages import MOST, decode, encode
from app.kit.text import Alpha3, Instant, Line, Name
from app.lifecycle import service as lifecycle
from app.requests import access, timeline
from app.requests import service as dossier
from app.requests.schemas import (
    Area,
    EditNeed,
    EditRequest,
    EventView,
    FileRequest,
    NeedBody,
    NeedView,
    RequestLine,
    RequestView,
    TextVersionView,
)
from app.requests.schemas.suggestion import SuggestBody, SuggestionsView
from app.requests.service.filters import Part, Search, Sort, Standing
from app.requests.tables import AssistanceRequest
from app.wiring.desk import Desk
from app.wiring.exporting import TYPES, Form, exported
from app.wiring.hourly import hold_filings

api = router("requests")
WORKFLOW = "needs_assessment"
FILES: dict[str, dict[str, str]] = {kind.partition(";")[0]: {} for kind in TYPES.values()}


class Count(BaseModel):
    """How many there are; past 1,000 counting stops and `exact` is false."""

    count: int
    exact: bool


class OptionView(BaseModel):
    """A transition from here for this person."""

    trigger: str
    label: str
    to: str
    form: dict[str, Any]
    allowed: bool
    blockers: list[BlockerView]
    cite: str


class ActView(BaseModel):
    """Something that this person may do within the state."""

    act: str
    allowed: bool


class Options(BaseModel):
    """What this person may do now, and what stands against the rest."""

    items: list[OptionView]
    acts: list[ActView]


class Filters(BaseModel):
    """The filters of a list; all given must hold."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    state: list[Name] = Field([], max_length=30)
    stage: list[Name] = Field([], max_length=10)
    country: Alpha3 | None = None
    region: Name | None = None
    group: Name | None = None
    area: Area | None = None
    topic: Name | None = None
    entity: Name | None = None
    standing: Standing | None = None
    part: Part | None = None
    q: Line | None = None
    updated_since: Instant | None = None
    open: bool = False
    overdue: bool = False
    mine: bool = False

    @model_validator(mode="after")
    def _of_whom(self) -> Self:
        """Refuse a standing or part of nobody: whose answer was which is not searched for."""
        if (self.standing or self.part) and self.entity is None:
            raise ValueError("standing and part are those of an entity: name the entity as well")
        return self

    def search(self) -> Search:
        """Return what the list is narrowed to."""
        own = self.model_dump(exclude={"cursor", "limit", "form"})
        return Search(**own | {"state": tuple(self.state), "stage": tuple(self.stage)})


class Listing(Filters):
    """The filters of a list, its order, and which page of it."""

    sort: Sort = "-filed"
    cursor: Cursor | None = None
    limit: int = Field(50, ge=1, le=MOST)


class Taking(Filters):
    """The filters and the order of a file, and which kind of file it is."""

    sort: Sort = "-filed"
    form: Form = Field("csv", alias="format")


@api.post("/requests", status_code=201, response_model=RequestView, responses=ADDS)
def file_request(desk: AtDesk, body: FileRequest) -> Response:
    """Open a draft for a country; it may be incomplete."""
    pack = desk.shelf.latest(WORKFLOW)
    hold_filings(desk.house.settings, desk.session, body.countries)
    request = dossier.open_draft(desk.session, pack, desk.actor, body)
    return desk.created(
        _view(desk, request), f"/api/v1/requests/{request.reference}", request.revision
    )


def _view(desk: Desk, request: AssistanceRequest) -> RequestView:
    return dossier.view_of(desk.session, desk.shelf, desk.reader, request)


@api.get("/requests/count", response_model=Count, responses=READS)
def count_requests(desk: AtDesk, asked: Annotated[Filters, Query()]) -> Response:
    """Count what one may see; past 1,000 counting stops."""
    found, exact = dossier.count(desk.session, desk.actor, asked.search())
    return desk.show(Count(count=found, exact=exact))


@api.get(
    "/requests/export",
    response_class=Response,
    responses=READS | {200: {"content": FILES}},
)
def export_list(desk: AtDesk, asked: Annotated[Taking, Query()]) -> Response:
    """Take what the list shows out as CSV or XLSX: 5,000 requests at most, so often an hour."""
    return exported(desk, asked.search(), asked.form)


@api.get("/requests/{ref}", response_model=RequestView, responses=READS)
def read_request(desk: AtDesk, ref: Reference) -> Response:
    """Read one request whole."""
    request = desk.request(ref)
    return desk.show(_view(desk, request), request.revision)


@api.patch("/requests/{ref}", response_model=RequestView, responses=CHANGES)
def edit_request(desk: AtDesk, ref: Reference, body: EditRequest) -> Response:
    """Change a request's texts by merge patch."""
    request = desk.request_to_change(ref)
    dossier.edit(desk.session, desk.shelf, desk.actor, request, body)
    return desk.show(_view(desk, request), request.revision)


@api.get("/requests", response_model=Items[RequestLine], responses=READS)
def list_requests(
    desk: AtDesk,
    asked: Annotated[Listing, Query()],
) -> Response:
    """List what one may see, newest first unless `sort` says otherwise.

    `due` shows only requests that are due some day; a cursor goes with the sort it was given for.
    """
    found = dossier.search(desk.session, desk.actor, asked.search(), asked.cursor, asked.limit)
    lines = dossier.lines(desk.shelf, desk.reader, found.rows)
    return page(desk, lines, found.next)


@api.get("/requests/{ref}/options", response_model=Options, responses=READS)
def read_options(desk: AtDesk, ref: Reference) -> Response:
    """Show every transition from here for this person, with what stands against each."""
    request = desk.request(ref)
    standing = access.standing_of(desk.session, request)
    found = lifecycle.options(desk.session, desk.shelf, desk.actor, standing)
    items = [_option(desk, option) for option in found]
    acts = lifecycle.hindrances(desk.session, desk.shelf, desk.actor, standing)
    held = [ActView(act=act, allowed=against == ()) for act, against in acts.items()]
    return desk.show(Options(items=items, acts=held))


def _option(desk: Desk, option: Option) -> OptionView:
    transition = option.transition
    return OptionView(
        trigger=transition.trigger,
        label=desk.house.texts.text(transition.label, desk.language),
        to=option.target,
        form=transition.schema_document,
        allowed=option.allowed,
        blockers=shown(option.blockers, speech_of(desk.http)),
        cite=transition.cite,
    )


@api.get("/requests/{ref}/timeline", response_model=Items[EventView], responses=READS)
def read_timeline(
    desk: AtDesk, ref: Reference, cursor: Cursor | None = None, limit: Limit = 50
) -> Response:
    """Show what happened, oldest first."""
    request = desk.request(ref)
    after = decode(cursor, (int,))[0] if cursor else 0
    events = timeline.read(desk.session, desk.actor, request, after, limit + 1)
    more = encode([events[limit - 1].number]) if len(events) > limit else None
    ear = timeline.ear_of(desk.session, desk.actor, request)
    return page(desk, timeline.views(desk.session, events[:limit], ear), more)


@api.get("/requests/{ref}/versions", response_model=Items[TextVersionView], responses=READS)
def read_versions(desk: AtDesk, ref: Reference) -> Response:
    """Show every earlier wording of the request's texts and needs."""
    rows = dossier.versions(desk.session, desk.request_within(ref))
    return page(desk, [TextVersionView.model_validate(row) for row in rows])


@api.get("/requests/{ref}/needs", response_model=Items[NeedView], responses=READS)
def list_needs(desk: AtDesk, ref: Reference) -> Response:
    """Show the needs, each with the findings that it rests on."""
    return page(desk, dossier.needs(desk.session, desk.request(ref)))


@api.post("/requests/{ref}/needs", status_code=201, response_model=NeedView, responses=ADDS)
def add_need(desk: AtDesk, ref: Reference, body: NeedBody) -> Response:
    """Add a need in the country's words."""
    request = desk.request_to_add(ref)
    need = dossier.add_need(desk.session, desk.shelf, desk.actor, request, body)
    view = NeedView.model_validate(need)
    return desk.created(view, f"/api/v1/requests/{ref}/needs/{need.number}", request.revision)


@api.post("/requests/{ref}/needs/suggest", response_model=SuggestionsView, responses=READS)
def suggest_needs(desk: AtDesk, ref: Reference, body: SuggestBody) -> Response:
    """Suggest topics, kinds of help, sectors and sensitivities for what is being written.

    Each suggestion bears the words that it rests on and how sure it is. Nothing is kept: people
    decide, and a ticked area is a hint (F43c).
    """
    request = desk.request(ref)
    return desk.show(dossier.suggestions(desk.session, desk.shelf, request, body))


@api.patch("/requests/{ref}/needs/{number:int}", response_model=NeedView, responses=CHANGES)
def edit_need(desk: AtDesk, ref: Reference, number: Number, body: EditNeed) -> Response:
    """Change a need by merge patch."""
    request = desk.request_to_change(ref)
    change = (number, body)
    need = dossier.edit_need(desk.session, desk.shelf, desk.actor, request, change)
    return desk.show(NeedView.model_validate(need), request.revision)
