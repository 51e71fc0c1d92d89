"""The documents of a request: taken in, given out once released; annexes open by named grant."""

import secrets
from functools import partial

from fastapi import Response
from starlette.datastructures import UploadFile

from app.files.kinds import KINDS
from app.kit.errors import Invalid, Refusal
from app.requests import access
from app.requests import service as dossier
from app.requests.rules import ANNEX
from app.requests.schemas import AttachmentView
from app.requests.schemas.confidence import OpeningBody
from app.requests.service import documents, levels, protected
from app.web import acts
from app.web.acts import Act, Params, Subject
from app.web.errors import AGAIN
from app.web.frame import about, framed, of_request
from app.web.pages import go, own_form
from app.web.tell import told
from app.web.texts import marked
from app.web.visit import SIGNED, AtVisit, Visit, router
from app.wiring import intake
from app.wiring.handing import handed_out

api = router()
PART = "documents"
NAME = marked("Documents")
MEGABYTE = 1_000_000


@api.get("/requests/{ref}/documents")
def page_documents(desk: AtVisit, ref: str) -> Response:
    """Show the documents, which are given out, and why the others are not."""
    return _listed(desk, ref)


def _listed(desk: Visit, ref: str, refusal: Refusal | None = None) -> Response:
    request = desk.request_within(ref)
    rows = dossier.attachments(desk.session, request)
    shown = {
        "documents": [AttachmentView.model_validate(row) for row in rows],
        "why": {row.id: documents.why(row.reason) for row in rows},
        "annex": ANNEX,
        "kinds": sorted(KINDS),
        "most": desk.house.settings.upload_limit // MEGABYTE,
        "bytes": desk.house.settings.upload_limit,
        "once": secrets.token_urlsafe(16),
        "fault": told(refusal) if refusal else None,
    }
    return framed(desk, request, PART, "request/documents.html", **shown)


@api.post("/requests/{ref}/attachments")
def page_add_attachment(at: AtVisit, ref: str) -> Response:
    """Take a document in; the page of documents says what became of it."""
    own_form(at.http, at.house, str(at.form.get(SIGNED, "")))
    at.http.scope[AGAIN] = partial(_again, at, ref)
    file = at.form.get("file")
    if not isinstance(file, UploadFile) or not file.filename:
        with at.stage(keep=False):
            _addable(at, ref)
        raise Invalid("attachment.none", "Choose a document first.")
    intake.take(at, ref, file.filename, file.file)
    return go(about(ref, PART))


def _addable(desk: Visit, ref: str) -> None:
    """See that a document may be added now. Raises NotFound, Forbidden, Conflict."""
    desk.changes = False
    access.permit(desk.session, desk.shelf, desk.actor, desk.request(ref), documents.ACT)


def _again(desk: Visit, ref: str, refusal: Refusal, status: int) -> Response:
    desk.changes = False
    with desk.stage(keep=False):
        page = _listed(desk, ref, refusal)
    page.status_code = status
    return page


@api.get("/requests/{ref}/attachments/{number:int}")
def page_read_attachment(desk: AtVisit, ref: str, number: int) -> Response:
    """Download a released document."""
    return handed_out(desk, *dossier.document(desk.session, desk.request_within(ref), number))


def _annex(desk: Visit, params: Params) -> Subject:
    request = desk.request_within(params["ref"])
    row = levels.document_of(desk.session, request, int(params["number"]))
    known = desk.open_part(AttachmentView.model_validate(row))
    way = of_request(request, (about(params["ref"], PART), NAME))
    return Subject({}, way.revision, way.crumbs, (known.name,))


def _open(desk: Visit, params: Params, body: OpeningBody) -> Response:
    request = desk.request_within(params["ref"])
    asked = (int(params["number"]), body.reason)
    return handed_out(desk, *protected.open_annex(desk.session, desk.actor, request, *asked))


def _make(desk: Visit, params: Params, body: OpeningBody) -> str:
    request = desk.request_to_change(params["ref"])
    row = levels.document_of(desk.session, request, int(params["number"]))
    levels.make_annex(desk.session, desk.actor, request, row, body.reason)
    return about(params["ref"], PART)


ACTS = (
    Act(
        "open_annex",
        "/requests/{ref}/attachments/{number:int}/open",
        marked("Open an annex"),
        _annex,
        _open,
        OpeningBody,
        marked("Open it"),
        marked("That you opened it, and why, is recorded before you see it."),
        shown_once=True,
    ),
    Act(
        "make_annex",
        "/requests/{ref}/attachments/{number:int}/annex",
        marked("Make it an annex"),
        _annex,
        _make,
        OpeningBody,
        marked("Make it an annex"),
        marked("From now on it opens by a named grant alone, and bears no name."),
    ),
)
acts.install(api, ACTS)
