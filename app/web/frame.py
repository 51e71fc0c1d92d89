"""The frame of every page about one request: where it stands, whose turn it is, and its parts."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from fastapi.responses import HTMLResponse

from app.engine.definition import WorkflowDefinition
from app.kit import clock
from app.requests import service as dossier
from app.requests.schemas import RequestView
from app.requests.tables import AssistanceRequest
from app.web.acts import Subject
from app.web.texts import marked
from app.web.visit import Visit

ENDED = "ended"
TABS = (
    ("", "read_request", marked("Overview")),
    ("needs", "list_needs", marked("Needs")),
    ("clarifications", "list_clarifications", marked("Clarifications")),
    ("assessment", "read_assessment", marked("Assessment")),
    ("screening", "read_screening", marked("Screening")),
    ("matching", "read_matching", marked("Matching")),
    ("delivery", "read_delivery", marked("Delivery")),
    ("documents", "list_attachments", marked("Documents")),
    ("timeline", "read_timeline", marked("Timeline")),
)
"""The parts of a request: the end of the address, the operation that reads it, and its name."""
BESIDE = (
    ("triage", "list_elements", marked("Triage: urgency, cyber elements, work of others")),
    ("remarks", "list_comments", marked("Remarks, and who stands back")),
    ("consents", "list_consents", marked("Consents of the countries")),
    ("confidence", "list_protected", marked("Confidence: level, people at risk, named grants")),
)
"""What is kept beside them, and shown from the overview."""
BESIDES = frozenset(part for part, _, _ in BESIDE)


@dataclass(frozen=True, slots=True)
class Step:
    """One stage on the way of a request: `done`, `now` or `ahead`."""

    stage: str
    place: str


@dataclass(frozen=True, slots=True)
class Tab:
    """One part of a request that this person may look at."""

    address: str
    name: str
    here: bool


def about(reference: str, part: str = "") -> str:
    """Return the address of a request, or of a part of it."""
    return f"/requests/{reference}" + (f"/{part}" if part else "")


def framed(
    desk: Visit, request: AssistanceRequest, tab: str, name: str, **shown: Any
) -> HTMLResponse:
    """Return a page about a request, within its frame."""
    view = dossier.view_of(desk.session, desk.shelf, desk.reader, request)
    definition = desk.shelf.get(request.workflow, request.workflow_version).definition
    own: dict[str, Any] = {
        "request": view,
        "steps": steps(definition, view),
        "overdue": view.due is not None and view.due < clock.now(),
        "ended": definition.states[view.state].final,
        "tabs": _open_tabs(desk, TABS, tab),
        "beside": _open_tabs(desk, BESIDE, tab),
        "crumbs": crumbs(view.reference) if tab in BESIDES else crumbs(),
    }
    return desk.page(name, shown=own | shown)


def _open_tabs(desk: Visit, known: Sequence[tuple[str, str, str]], here: str) -> list[Tab]:
    reference = desk.about.reference if desk.about else ""
    return [
        Tab(about(reference, part), label, part == here)
        for part, operation, label in known
        if desk.may(operation)
    ]


def steps(definition: WorkflowDefinition, view: RequestView) -> list[Step]:
    """Return the stages in the order of the definition, and where the request is among them."""
    stages = list(dict.fromkeys(state.stage for state in definition.states.values()))
    way = [stage for stage in stages if stage != ENDED]
    now = way.index(view.stage) if view.stage in way else -1
    done = now if now >= 0 else _passed(definition, view.state, way)
    return [
        Step(stage, "now" if place == now else "done" if place < done else "ahead")
        for place, stage in enumerate(way)
    ]


def _passed(definition: WorkflowDefinition, end: str, way: Sequence[str]) -> int:
    """Return how many stages lie behind every request that has come to an end like this."""
    sources = {s for one in definition.transitions if one.to == end for s in one.source}
    stages = [definition.states[name].stage for name in sources]
    return min((way.index(stage) + 1 for stage in stages if stage in way), default=0)


def crumbs(reference: str = "", *more: tuple[str, str]) -> tuple[tuple[str, str], ...]:
    """Return the way back to the list of requests, to a request, and on to its parts."""
    own = ((about(reference), reference),) if reference else ()
    return (("/requests", marked("Requests")), *own, *more)


def of_request(
    request: AssistanceRequest,
    *more: tuple[str, str],
    values: Mapping[str, Any] | None = None,
    **own: Any,
) -> Subject:
    """Return what an act on a request is about; it carries the request's revision.

    `own` are further fields of the subject: its title, which fields its form has.
    """
    way = crumbs(request.reference, *more)
    lines = (request.title,) if request.title else ()
    return Subject(values or {}, request.revision, way, lines, **own)
