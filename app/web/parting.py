"""When an entity leaves a programme, and who leads it from then on."""

from app.delivery import service as delivery
from app.delivery.schemas import DepartureBody, LeadBody
from app.requests import concerns
from app.web import acts
from app.web.acts import Act, Params, Subject
from app.web.delivery import TAB
from app.web.forms import Choices
from app.web.frame import about, of_request
from app.web.labels import named
from app.web.texts import marked
from app.web.visit import Visit, router

api = router()


def _programme(desk: Visit, params: Params) -> Subject:
    request = desk.request(params["ref"])
    return of_request(request, (about(params["ref"], TAB), marked("Delivery")))


def _staying(desk: Visit) -> Choices:
    """Return the entities of the programme that one may speak for, or all for the desk."""
    request = desk.request(desk.http.path_params["ref"])
    own = concerns.own_entities(desk.actor)
    view = delivery.view_of(desk.session, desk.shelf, request)
    staying = [one.entity for one in view.components if one.left_at is None]
    return named(desk, [one for one in staying if not own or one in own])


def _all_staying(desk: Visit) -> Choices:
    request = desk.request(desk.http.path_params["ref"])
    view = delivery.view_of(desk.session, desk.shelf, request)
    return named(desk, [one.entity for one in view.components if one.left_at is None])


def _leave(desk: Visit, params: Params, body: DepartureBody) -> str:
    request = desk.request_to_change(params["ref"])
    delivery.leave(desk.session, desk.shelf, desk.actor, request, body)
    return about(params["ref"], TAB)


def _lead(desk: Visit, params: Params, body: LeadBody) -> str:
    request = desk.request_to_change(params["ref"])
    delivery.name_lead(desk.session, desk.shelf, desk.actor, request, body)
    return about(params["ref"], TAB)


ACTS = (
    Act(
        "leave_programme",
        "/requests/{ref}/delivery/departure",
        marked("Leave the programme"),
        _programme,
        _leave,
        DepartureBody,
        marked("Leave"),
        marked(
            "Your running activities stop, and your needs alone are matched again. "
            "Without its lead a programme begins nothing new until another leads."
        ),
        {"entity": _staying},
    ),
    Act(
        "name_lead",
        "/requests/{ref}/delivery/lead",
        marked("Name who leads from now on"),
        _programme,
        _lead,
        LeadBody,
        marked("Name it"),
        marked("The entity answers for the whole programme from this moment on."),
        {"entity": _all_staying},
    ),
)
acts.install(api, ACTS)
