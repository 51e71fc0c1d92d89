"""Parts of the dossier: triage, clarifications, cyber elements, standing work, documents.

Remarks.
"""

from typing import Annotated, Any

from fastapi import File, Response, UploadFile

from app.api.deps import AtDesk, Items, Number, Reference, page, router
from app.api.problems import ADDS, CHANGES, READS, declared
from app.kit.text import Name
from app.requests import service as dossier
from app.requests.schemas import (
    AnswerBody,
    AskBody,
    AttachmentView,
    ClarificationView,
    CommentBody,
    CommentView,
    ElementView,
    MatterBody,
    RequestView,
    StandingWorkBody,
    StandingWorkView,
    UrgencyBody,
    UrgencySettled,
    VerdictBody,
)
from app.requests.schemas.confidence import OpeningBody
from app.requests.service import levels, protected
from app.requests.tables import AssistanceRequest
from app.wiring import intake
from app.wiring.desk import Desk
from app.wiring.handing import handed_out

api = router("dossier")
ON_HOLD = declared(409)


def _whole(desk: Desk, request: AssistanceRequest) -> Response:
    view = dossier.view_of(desk.session, desk.shelf, desk.reader, request)
    return desk.show(view, request.revision)


@api.put("/requests/{ref}/matter", response_model=RequestView, responses=CHANGES)
def decide_matter(desk: AtDesk, ref: Reference, body: MatterBody) -> Response:
    """Say whether it is an internal matter of the organizations (F2)."""
    request = desk.request_to_change(ref)
    dossier.decide_matter(desk.session, desk.shelf, desk.actor, request, body)
    return _whole(desk, request)


@api.put("/requests/{ref}/urgency", response_model=RequestView, responses=CHANGES)
def ask_urgency(desk: AtDesk, ref: Reference, body: UrgencyBody) -> Response:
    """Ask that the request be treated as urgent (F38)."""
    request = desk.request_to_change(ref)
    dossier.ask_urgency(desk.session, desk.shelf, desk.actor, request, body)
    return _whole(desk, request)


@api.put("/requests/{ref}/urgency/settlement", response_model=RequestView, responses=CHANGES)
def settle_urgency(desk: AtDesk, ref: Reference, body: UrgencySettled) -> Response:
    """Confirm or refuse the urgent mark, as a second person."""
    request = desk.request_to_change(ref)
    dossier.settle_urgency(desk.session, desk.shelf, desk.actor, request, body)
    return _whole(desk, request)


@api.get("/requests/{ref}/clarifications", response_model=Items[ClarificationView], responses=READS)
def list_clarifications(desk: AtDesk, ref: Reference) -> Response:
    """Show the questions to the country and its answers."""
    return page(desk, dossier.clarifications(desk.session, desk.request_within(ref)))


@api.post(
    "/requests/{ref}/clarifications",
    status_code=201,
    response_model=Items[ClarificationView],
    responses=ADDS,
)
def ask(desk: AtDesk, ref: Reference, body: AskBody) -> Response:
    """Put questions to the country; the clock of the state stops until all are answered."""
    request = desk.request_to_add(ref)
    rows = dossier.ask(desk.session, desk.shelf, desk.actor, request, body)
    shown: dict[str, Any] = {"items": rows, "next": None}
    desk.settle(request)
    return desk.created(shown, f"/api/v1/requests/{ref}/clarifications", request.revision)


@api.put(
    "/requests/{ref}/clarifications/{number}/answer",
    response_model=ClarificationView,
    responses=CHANGES,
)
def answer(desk: AtDesk, ref: Reference, number: Number, body: AnswerBody) -> Response:
    """Answer one question, wholly or partly."""
    request = desk.request_to_change(ref)
    given = (number, body)
    view = dossier.answer(desk.session, desk.shelf, desk.actor, request, given)
    desk.settle(request)
    return desk.show(view, request.revision)


@api.get("/requests/{ref}/elements", response_model=Items[ElementView], responses=READS)
def list_elements(desk: AtDesk, ref: Reference) -> Response:
    """Show every cyber element to look for, with its verdict (F15)."""
    return page(desk, dossier.elements(desk.session, desk.shelf, desk.request(ref)))


@api.put("/requests/{ref}/elements/{code}", response_model=ElementView, responses=CHANGES)
def judge_element(desk: AtDesk, ref: Reference, code: Name, body: VerdictBody) -> Response:
    """Give the verdict on one cyber element."""
    request = desk.request_to_change(ref)
    dossier.judge_element(desk.session, desk.shelf, desk.actor, request, (code, body))
    found = dossier.elements(desk.session, desk.shelf, request)
    return desk.show(next(one for one in found if one.element == code), request.revision)


@api.get("/requests/{ref}/standing-work", response_model=Items[StandingWorkView], responses=READS)
def list_standing_work(desk: AtDesk, ref: Reference) -> Response:
    """Show the recorded work of others in the country."""
    rows = dossier.standing_work(desk.session, desk.request(ref))
    return page(desk, [StandingWorkView.model_validate(row) for row in rows])


@api.post(
    "/requests/{ref}/standing-work",
    status_code=201,
    response_model=StandingWorkView,
    responses=ADDS,
)
def add_standing_work(desk: AtDesk, ref: Reference, body: StandingWorkBody) -> Response:
    """Record work of others: who, what, until when."""
    request = desk.request_to_add(ref)
    row = dossier.add_standing_work(desk.session, desk.shelf, desk.actor, request, body)
    view = StandingWorkView.model_validate(row)
    return desk.created(view, f"/api/v1/requests/{ref}/standing-work", request.revision)


@api.get("/requests/{ref}/comments", response_model=Items[CommentView], responses=READS)
def list_comments(desk: AtDesk, ref: Reference) -> Response:
    """Show the remarks, oldest first."""
    rows = dossier.comments(desk.session, desk.request(ref))
    return page(desk, [CommentView.model_validate(row) for row in rows])


@api.post("/requests/{ref}/comments", status_code=201, response_model=CommentView, responses=ADDS)
def add_comment(desk: AtDesk, ref: Reference, body: CommentBody) -> Response:
    """Remark on a request."""
    request = desk.request_to_add(ref)
    row = dossier.add_comment(desk.session, desk.shelf, desk.actor, request, body.text)
    desk.session.flush()
    view = CommentView.model_validate(row)
    return desk.created(view, f"/api/v1/requests/{ref}/comments", request.revision)


@api.get("/requests/{ref}/attachments", response_model=Items[AttachmentView], responses=READS)
def list_attachments(desk: AtDesk, ref: Reference) -> Response:
    """Show the documents, oldest first."""
    rows = dossier.attachments(desk.session, desk.request_within(ref))
    return page(desk, [AttachmentView.model_validate(row) for row in rows])


@api.post(
    "/requests/{ref}/attachments", status_code=201, response_model=AttachmentView, responses=ADDS
)
def add_attachment(at: AtDesk, ref: Reference, file: Annotated[UploadFile, File()]) -> Response:
    """Add a document (multipart, field `file`); it is given out once nothing stands against it."""
    return intake.take(at, ref, file.filename or "", file.file)


@api.get(
    "/requests/{ref}/attachments/{number}",
    response_class=Response,
    responses=READS | ON_HOLD | {200: {"content": {"application/octet-stream": {}}}},
)
def read_attachment(desk: AtDesk, ref: Reference, number: Number) -> Response:
    """Download a released document; it is never shown inline."""
    return handed_out(desk, *dossier.document(desk.session, desk.request_within(ref), number))


@api.post(
    "/requests/{ref}/attachments/{number}/openings",
    response_class=Response,
    responses=ADDS | {200: {"content": {"application/octet-stream": {}}}},
    status_code=200,
)
def open_annex(desk: AtDesk, ref: Reference, number: Number, body: OpeningBody) -> Response:
    """Open an annex by a named grant; the opening is recorded before the answer leaves."""
    desk.once_only()
    request = desk.request_within(ref)
    found = protected.open_annex(desk.session, desk.actor, request, number, body.reason)
    return handed_out(desk, *found)


@api.put(
    "/requests/{ref}/attachments/{number}/level", response_model=AttachmentView, responses=CHANGES
)
def make_annex(desk: AtDesk, ref: Reference, number: Number, body: OpeningBody) -> Response:
    """Make a document an annex: from now on it opens by named grant alone, and bears no name."""
    request = desk.request_to_change(ref)
    row = levels.document_of(desk.session, request, number)
    levels.make_annex(desk.session, desk.actor, request, row, body.reason)
    return desk.show(AttachmentView.model_validate(row), request.revision)
