"""Filing a request: a draft opened, then steps that may be left and come back to."""

from collections.abc import Sequence
from dataclasses import dataclass

from fastapi import Response

from app.kit.errors import NotFound
from app.requests import service as dossier
from app.requests.schemas import EditRequest, FileRequest
from app.requests.tables import AssistanceRequest
from app.web import acts
from app.web.acts import Act, Params, Subject
from app.web.forms import Choices
from app.web.frame import about, crumbs, of_request
from app.web.labels_dossier import WORKFLOW
from app.web.mending import Missing, lacks_of, missing_in
from app.web.texts import marked
from app.web.visit import AtVisit, Visit, router
from app.wiring.hourly import hold_filings

api = router()
FILING = marked("Filing")
OPENED = ("countries", "title", "language")


@dataclass(frozen=True, slots=True)
class Part:
    """One step that asks for texts of the request: its name and its fields."""

    name: str
    fields: tuple[str, ...]


PARTS = {
    "who": Part(marked("Who asks"), ("countries", "regional", "authority", "language")),
    "what": Part(marked("What is asked"), ("title", "summary", "sector", "cyber_labelled")),
    "frame": Part(marked("What it belongs to"), ("cross_border", "framework_outcome")),
}
"""The steps of the request's own texts, by the end of their address."""


@dataclass(frozen=True, slots=True)
class Errand:
    """One step of the filing: what it is called, where it is, and whether something is missing."""

    name: str
    address: str
    missing: int
    optional: bool = False
    open: bool = True


@api.get("/requests/{ref}/filing")
def page_filing(desk: AtVisit, ref: str) -> Response:
    """Show the steps of the filing, and everything that is still missing at once."""
    request = desk.request(ref)
    view = dossier.view_of(desk.session, desk.shelf, desk.reader, request)
    onward = next(iter(desk.options(request)), None)
    lacks = lacks_of(desk, ref, onward.blockers if onward else ())
    shown = {
        "request": view,
        "crumbs": crumbs(ref),
        "errands": errands_of(desk, ref, lacks),
        "missing": lacks,
        "onward": onward,
    }
    return desk.page("request/filing.html", shown)


def errands_of(desk: Visit, reference: str, lacks: Sequence[Missing]) -> list[Errand]:
    """Return the steps of the filing in their order."""

    def errand(name: str, part: str, operation: str, *, optional: bool = False) -> Errand:
        address = about(reference, part)
        missing = sum(one.address.startswith(address) for one in lacks)
        return Errand(name, address, missing, optional, desk.may(operation))

    return [
        errand(PARTS["who"].name, "edit/who", "edit_request"),
        errand(PARTS["what"].name, "edit/what", "edit_request"),
        errand(marked("Needs"), "needs", "list_needs"),
        errand(PARTS["frame"].name, "edit/frame", "edit_request", optional=True),
        errand(marked("Documents"), "documents", "list_attachments", optional=True),
        errand(
            marked("People at risk, and who may read this"),
            "confidence",
            "list_protected",
            optional=True,
        ),
    ]


def _opening(desk: Visit, _params: Params) -> Subject:
    own = sorted(desk.actor.countries("resident_coordinator"))
    language = desk.language
    values = {"countries": own if len(own) == 1 else [], "language": language}
    return Subject(values, None, crumbs(), fields=OPENED)


def _own_countries(desk: Visit) -> Choices:
    return [(code, code) for code in sorted(desk.actor.countries("resident_coordinator"))]


def _open(desk: Visit, _params: Params, body: FileRequest) -> str:
    hold_filings(desk.house.settings, desk.session, body.countries)
    pack = desk.shelf.latest(WORKFLOW)
    request = dossier.open_draft(desk.session, pack, desk.actor, body)
    return about(request.reference, "filing")


def _texts(desk: Visit, params: Params) -> Subject:
    request = desk.request(params["ref"])
    part = PARTS.get(params["part"])
    if part is None:
        raise NotFound("part.unknown", "There is no such part of a request.")
    return of_request(
        request,
        (about(params["ref"], "filing"), FILING),
        values=_values(desk, request),
        title=part.name,
        fields=part.fields,
        lacks=missing_in(desk, request, f"edit/{params['part']}"),
    )


def _values(desk: Visit, request: AssistanceRequest) -> dict[str, object]:
    view = dossier.view_of(desk.session, desk.shelf, desk.reader, request)
    shown: dict[str, object] = desk.open_part(view).model_dump()
    return shown


def _edit(desk: Visit, params: Params, body: EditRequest) -> str:
    request = desk.request_to_change(params["ref"])
    dossier.edit(desk.session, desk.shelf, desk.actor, request, body)
    return about(params["ref"], "filing")


ACTS = (
    Act(
        "file_request",
        "/requests/new",
        marked("File a request"),
        _opening,
        _open,
        FileRequest,
        marked("Open a draft"),
        marked(
            "A draft is opened, which only the coordinators of the country see. "
            "Nothing is sent to anybody until you submit it."
        ),
        choices={"countries": _own_countries},
    ),
    Act(
        "edit_request",
        "/requests/{ref}/edit/{part}",
        marked("Change the texts"),
        _texts,
        _edit,
        EditRequest,
        marked("Save and go back to the steps"),
    ),
)
acts.install(api, ACTS)
