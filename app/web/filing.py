"""Filing a request: a draft opened, its texts and needs written, left and come back to."""

from app.requests import service as dossier
from app.requests.schemas import EditRequest
from app.web import acts
from app.web.acts import Act, Params, Subject
from app.web.frame import about, of_request
from app.web.texts import marked
from app.web.visit import Visit, router

api = router()


def _texts(desk: Visit, params: Params) -> Subject:
    request = desk.request(params["ref"])
    view = dossier.view_of(desk.session, desk.shelf, desk.reader, request)
    return of_request(request, values=desk.open_part(view).model_dump())


def _edit(desk: Visit, params: Params, body: EditRequest) -> str:
    request = desk.request_to_change(params["ref"])
    dossier.edit(desk.session, desk.shelf, desk.actor, request, body)
    return about(params["ref"])


ACTS = (
    Act(
        "edit_request",
        "/requests/{ref}/edit",
        marked("Change the texts"),
        _texts,
        _edit,
        EditRequest,
    ),
)
acts.install(api, ACTS)
