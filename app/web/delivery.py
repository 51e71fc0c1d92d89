"""The delivery of a request: programme, activities on a time line, duties, measures, closing."""

from typing import Any

from fastapi import Response

from app.assessment import service as assessment
from app.delivery import service as delivery
from app.delivery.schemas import (
    ActivityBody,
    ClosingBody,
    DeliveryView,
    EditActivity,
    IndicatorBody,
    MeasureBody,
    ReportBody,
    StatusBody,
)
from app.delivery.tables import Activity
from app.kit import clock, speech
from app.reports.neighbours import overlaps
from app.requests import concerns
from app.requests import service as dossier
from app.requests.schemas import ConditionMet
from app.requests.tables import AssistanceRequest
from app.web import acts
from app.web.acts import Act, Params, Subject
from app.web.assessment.reading import statements
from app.web.forms import Choices, as_typed
from app.web.frame import about, framed, of_request
from app.web.labels import named
from app.web.texts import marked
from app.web.timeline import time_line
from app.web.visit import AtVisit, Visit, router

api = router()
TAB = "delivery"
WORKFLOW = "needs_assessment"


@api.get("/requests/{ref}/delivery")
def page_delivery(desk: AtVisit, ref: str) -> Response:
    """Show the programme: components, time line, conditions, indicators, reports, closing."""
    request = desk.request(ref)
    newcomer = concerns.newcomer(desk.session, desk.actor, request)
    view: DeliveryView = desk.open_part(
        delivery.view_of(desk.session, desk.shelf, request, newcomer)
    )
    own = concerns.own_entities(desk.actor)
    spoken = speech.speech(desk.language, desk.house.texts, {})
    meets = overlaps(desk.session, desk.actor, request) if desk.may("list_overlaps") else []
    shown = {
        "view": view,
        "line": time_line(view.activities, mirrored=spoken.direction == "rtl"),
        "meets": meets,
        "own": own,
        "today": clock.today(),
    }
    return framed(desk, request, TAB, "request/delivery.html", **shown)


@api.get("/requests/{ref}/delivery/impact")
def page_impact(desk: AtVisit, ref: str) -> Response:
    """Compare the reassessment with its baseline, item by item (C50)."""
    request = desk.request_within(ref)
    view = assessment.impact(desk.session, desk.shelf, request)
    pack = desk.shelf.get(request.workflow, request.workflow_version)
    blocks = [one for section in pack.questionnaire.sections for one in section.blocks]
    shown = {
        "view": view,
        "named": {one.topic: one.label for one in blocks},
        "words": statements(pack.questionnaire),
    }
    return framed(desk, request, TAB, "request/impact.html", **shown)


def _crumb(params: Params) -> tuple[str, str]:
    return about(params["ref"], TAB), marked("Delivery")


def _whole(desk: Visit, params: Params) -> Subject:
    own = _own(desk)
    values = {"entity": own[0][0]} if len(own) == 1 else {}
    return of_request(desk.request(params["ref"]), _crumb(params), values=values)


def _activity(desk: Visit, params: Params) -> tuple[AssistanceRequest, Activity]:
    request = desk.request(params["ref"])
    return request, delivery.find(desk.session, request, int(params["number"]))


def _of_activity(desk: Visit, params: Params) -> Subject:
    request, row = _activity(desk, params)
    view = desk.open_part(delivery.activity_of(desk.session, row))
    values = {**view.model_dump(), "findings": [one.number for one in view.findings or ()]}
    whole = of_request(request, _crumb(params))
    return Subject(values, row.revision, whole.crumbs, (row.title,))


def _of_indicator(desk: Visit, params: Params) -> Subject:
    whole = _of_activity(desk, params)
    found = [one for one in whole.values["indicators"] if one["id"] == int(params["indicator"])]
    values = found[0] | {"measured_on": clock.today()} if found else {}
    lines = (*whole.lines, *(one["name"] for one in found))
    return Subject(values, whole.revision, whole.crumbs, lines)


def _to_change(desk: Visit, params: Params) -> tuple[AssistanceRequest, Activity]:
    request, row = _activity(desk, params)
    desk.matches(row.revision)
    return request, row


def _plan(desk: Visit, params: Params, body: ActivityBody) -> str:
    request = desk.request_to_add(params["ref"])
    delivery.add_activity(desk.session, desk.shelf, desk.actor, request, body)
    return about(params["ref"], TAB)


def _edit(desk: Visit, params: Params, body: EditActivity) -> str:
    request, row = _to_change(desk, params)
    delivery.edit_activity(desk.session, desk.shelf, desk.actor, request, (row, body))
    return about(params["ref"], TAB)


def _status(desk: Visit, params: Params, body: StatusBody) -> str:
    request, row = _to_change(desk, params)
    delivery.change_status(desk.session, desk.shelf, desk.actor, request, (row, body))
    return about(params["ref"], TAB)


def _indicate(desk: Visit, params: Params, body: IndicatorBody) -> str:
    request, row = _activity(desk, params)
    delivery.add_indicator(desk.session, desk.shelf, desk.actor, request, (row, body))
    return about(params["ref"], TAB)


def _measure(desk: Visit, params: Params, body: MeasureBody) -> str:
    request, row = _to_change(desk, params)
    given = (row, int(params["indicator"]), body)
    delivery.measure(desk.session, desk.shelf, desk.actor, request, given)
    return about(params["ref"], TAB)


def _report(desk: Visit, params: Params, body: ReportBody) -> str:
    request = desk.request_to_add(params["ref"])
    delivery.report(desk.session, desk.shelf, desk.actor, request, body)
    return about(params["ref"], TAB)


def _closing(desk: Visit, params: Params) -> Subject:
    request = desk.request(params["ref"])
    view = desk.open_part(delivery.view_of(desk.session, desk.shelf, request))
    values = view.closing.model_dump() if view.closing else {}
    return of_request(request, _crumb(params), values=values)


def _close(desk: Visit, params: Params, body: ClosingBody) -> str:
    request = desk.request_to_change(params["ref"])
    delivery.close(desk.session, desk.shelf, desk.actor, request, body)
    return about(params["ref"], TAB)


def _condition(desk: Visit, params: Params) -> Subject:
    request = desk.request(params["ref"])
    number = int(params["number"])
    found = [c.text for c in dossier.conditions(desk.session, request) if c.number == number]
    return Subject({}, request.revision, of_request(request, _crumb(params)).crumbs, tuple(found))


def _meet(desk: Visit, params: Params, body: ConditionMet) -> str:
    request = desk.request_to_change(params["ref"])
    given = (int(params["number"]), body)
    dossier.meet_condition(desk.session, desk.shelf, desk.actor, request, given)
    return about(params["ref"], TAB)


def _own(desk: Visit) -> Choices:
    """Return the entities that somebody may speak for here."""
    request = desk.request(desk.http.path_params["ref"])
    view = delivery.view_of(desk.session, desk.shelf, request)
    own = concerns.own_entities(desk.actor)
    return named(desk, [o.entity for o in view.components if not own or o.entity in own])


def _needs(desk: Visit) -> Choices:
    request = desk.request(desk.http.path_params["ref"])
    needs = [one for one in dossier.needs(desk.session, request) if not one.dropped]
    return [(str(one.number), as_typed(one.number, one.text)) for one in needs]


def _findings(desk: Visit) -> Choices:
    request = desk.request(desk.http.path_params["ref"])
    if not desk.within():
        return []
    found = assessment.findings(desk.session, request)
    return [(str(one.number), as_typed(one.number, one.text)) for one in found]


def _listed(name: str) -> Any:
    def choices(desk: Visit) -> Choices:
        entries = desk.shelf.latest(WORKFLOW).areas.code_lists()[name]
        return [(one.code, one.label) for one in entries]

    return choices


OF_ACTIVITY = {
    "entity": _own,
    "need": _needs,
    "findings": _findings,
    "kind": _listed("assistance_kinds"),
    "objectives": _listed("objectives"),
    "targets": _listed("stakeholders"),
}
ONE = "/requests/{ref}/delivery/activities/{number:int}"
ACTS = (
    Act(
        "add_activity",
        "/requests/{ref}/delivery/activities/new",
        marked("Plan an activity"),
        _whole,
        _plan,
        ActivityBody,
        marked("Plan it"),
        choices=OF_ACTIVITY,
    ),
    Act(
        "edit_activity",
        ONE + "/edit",
        marked("Change an activity"),
        _of_activity,
        _edit,
        EditActivity,
        choices=OF_ACTIVITY,
    ),
    Act(
        "change_status",
        ONE + "/status",
        marked("Say where an activity stands"),
        _of_activity,
        _status,
        StatusBody,
        binding=marked("What is done or stopped stays so: plan another activity to go on."),
    ),
    Act(
        "add_indicator",
        ONE + "/indicators/new",
        marked("Say by what it is measured"),
        _of_activity,
        _indicate,
        IndicatorBody,
    ),
    Act(
        "measure",
        ONE + "/indicators/{indicator:int}",
        marked("Record a measurement"),
        _of_indicator,
        _measure,
        MeasureBody,
    ),
    Act(
        "report",
        "/requests/{ref}/delivery/reports/new",
        marked("Report"),
        _whole,
        _report,
        ReportBody,
        marked("Send the report"),
        marked("Everybody who works on the request reads it; a report is not taken back."),
        choices={"entity": _own},
    ),
    Act(
        "close",
        "/requests/{ref}/delivery/closing",
        marked("Closing statement"),
        _closing,
        _close,
        ClosingBody,
        binding=marked("It can be changed until another person closes the request by it."),
    ),
    Act(
        "meet_condition",
        "/requests/{ref}/conditions/{number:int}",
        marked("Say how a condition was met"),
        _condition,
        _meet,
        ConditionMet,
        binding=marked("The condition counts as met from then on, under your name."),
    ),
)
acts.install(api, ACTS)
