"""Triage by pages: whose matter it is, urgency, the cyber elements looked for, standing work."""

from collections.abc import Callable, Mapping
from functools import partial
from typing import Any

from fastapi import Response

from app.kit.errors import Conflict, NotFound
from app.requests import service as dossier
from app.requests.schemas import (
    MatterBody,
    StandingWorkBody,
    StandingWorkView,
    UrgencyBody,
    UrgencySettled,
    VerdictBody,
)
from app.web import acts
from app.web.acts import Act, Params, Subject
from app.web.frame import about, framed, of_request
from app.web.texts import marked
from app.web.visit import AtVisit, Visit, router

api = router()
PART = "triage"
NAME = marked("Triage")
Decide = Callable[..., object]


@api.get("/requests/{ref}/triage")
def page_triage(desk: AtVisit, ref: str) -> Response:
    """Show whose matter it is, urgency, the cyber elements (F15), and the work of others."""
    request = desk.request(ref)
    work = dossier.standing_work(desk.session, request)
    shown = {
        "elements": dossier.elements(desk.session, desk.shelf, request),
        "work": [StandingWorkView.model_validate(row) for row in work],
    }
    return framed(desk, request, PART, "request/triage.html", **shown)


def _subject(desk: Visit, params: Params) -> Subject:
    request = desk.request(params["ref"])
    values = {"internal": bool(request.internal)}
    return of_request(request, (about(params["ref"], PART), NAME), values=values)


def _asked(desk: Visit, params: Params) -> Subject:
    request = desk.request(params["ref"])
    if request.urgency != "asked":
        raise Conflict("urgency.not_asked", "Nobody has asked for urgency.")
    return of_request(request, (about(params["ref"], PART), NAME))


def _element(desk: Visit, params: Params) -> Subject:
    request = desk.request(params["ref"])
    code = params["code"]
    found = dossier.elements(desk.session, desk.shelf, request)
    known = next((one for one in found if one.element == code), None)
    if known is None:
        raise NotFound("element.unknown", f"There is no cyber element {code}.")
    way = (about(params["ref"], PART), NAME)
    values: Mapping[str, Any] = desk.open_part(known).model_dump()
    return of_request(request, way, values=values, title=known.label)


def _decided(decide: Decide, desk: Visit, params: Params, body: Any) -> str:
    request = desk.request_to_change(params["ref"])
    decide(desk.session, desk.shelf, desk.actor, request, body)
    return about(params["ref"], PART)


def _judge(desk: Visit, params: Params, body: VerdictBody) -> str:
    request = desk.request_to_change(params["ref"])
    judged = (params["code"], body)
    dossier.judge_element(desk.session, desk.shelf, desk.actor, request, judged)
    return about(params["ref"], PART)


def _add_work(desk: Visit, params: Params, body: StandingWorkBody) -> str:
    request = desk.request_to_add(params["ref"])
    dossier.add_standing_work(desk.session, desk.shelf, desk.actor, request, body)
    return about(params["ref"], PART)


ACTS = (
    Act(
        "decide_matter",
        "/requests/{ref}/matter",
        marked("Say whose matter it is"),
        _subject,
        partial(_decided, dossier.decide_matter),
        MatterBody,
        binding=marked(
            "An internal matter of the organizations is no request for assistance: it is "
            "redirected (F2). The country is told the reason."
        ),
    ),
    Act(
        "ask_urgency",
        "/requests/{ref}/urgency",
        marked("Ask that it be treated as urgent"),
        _subject,
        partial(_decided, dossier.ask_urgency),
        UrgencyBody,
        marked("Ask for urgency"),
        marked("The desk decides. If it confirms, every date of this request draws nearer (F38)."),
    ),
    Act(
        "settle_urgency",
        "/requests/{ref}/urgency/settle",
        marked("Confirm or refuse the urgent mark"),
        _asked,
        partial(_decided, dossier.settle_urgency),
        UrgencySettled,
        marked("Decide"),
        marked("Confirmed, every date of this request draws nearer. Who asked cannot confirm."),
    ),
    Act(
        "judge_element",
        "/requests/{ref}/elements/{code}",
        marked("Give a verdict on a cyber element"),
        _element,
        _judge,
        VerdictBody,
        marked("Save the verdict"),
    ),
    Act(
        "add_standing_work",
        "/requests/{ref}/standing-work/new",
        marked("Record work of others in the country"),
        _subject,
        _add_work,
        StandingWorkBody,
        marked("Record it"),
    ),
)
acts.install(api, ACTS)
