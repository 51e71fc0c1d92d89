"""Delivery: the joint programme, activities and indicators, reports, the closing statement."""

from fastapi import Response

from app.api.deps import AtDesk, Items, Number, Reference, page, router
from app.api.problems import ADDS, CHANGES, READS
from app.delivery import service as delivery
from app.delivery.schemas import (
    ActivityBody,
    ActivityView,
    ClosingBody,
    ClosingView,
    DeliveryView,
    DepartureBody,
    DepartureView,
    EditActivity,
    IndicatorBody,
    LeadBody,
    MeasureBody,
    ReportBody,
    ReportView,
    StatusBody,
)
from app.delivery.tables import Activity
from app.reports.neighbours import overlaps
from app.reports.schemas import MeetingView
from app.requests import concerns
from app.requests.tables import AssistanceRequest
from app.wiring.desk import Desk

api = router("delivery")
ROOT = "/requests/{ref}/delivery"
ONE = ROOT + "/activities/{number}"


@api.get(ROOT, response_model=DeliveryView, responses=READS)
def read_delivery(desk: AtDesk, ref: Reference) -> Response:
    """Read the programme whole: components, activities, duties, reports, closing and results.

    An entity that is only asked to join reads what concerns itself.
    """
    request = desk.request(ref)
    own = concerns.newcomer(desk.session, desk.actor, request)
    return desk.show(delivery.view_of(desk.session, desk.shelf, request, own), request.revision)


@api.get("/requests/{ref}/overlaps", response_model=Items[MeetingView], responses=READS)
def list_overlaps(desk: AtDesk, ref: Reference) -> Response:
    """List the requests that this one meets in topic, country or region, and time (F53)."""
    return page(desk, overlaps(desk.session, desk.actor, desk.request(ref)))


@api.post(ROOT + "/activities", status_code=201, response_model=ActivityView, responses=ADDS)
def add_activity(desk: AtDesk, ref: Reference, body: ActivityBody) -> Response:
    """Plan an activity that rests on findings of the assessment."""
    request = desk.request_to_add(ref)
    row = delivery.add_activity(desk.session, desk.shelf, desk.actor, request, body)
    return _made(desk, request, row)


@api.get(ONE, response_model=ActivityView, responses=READS)
def read_activity(desk: AtDesk, ref: Reference, number: Number) -> Response:
    """Read one activity; its ETag is its own revision."""
    row = delivery.find(desk.session, desk.request(ref), number)
    return _shown(desk, row)


@api.patch(ONE, response_model=ActivityView, responses=CHANGES)
def edit_activity(desk: AtDesk, ref: Reference, number: Number, body: EditActivity) -> Response:
    """Change an activity by merge patch; If-Match is the activity's revision."""
    request, row = _to_change(desk, ref, number)
    delivery.edit_activity(desk.session, desk.shelf, desk.actor, request, (row, body))
    return _shown(desk, row)


@api.post(ONE + "/status", response_model=ActivityView, responses=CHANGES)
def change_status(desk: AtDesk, ref: Reference, number: Number, body: StatusBody) -> Response:
    """Start, suspend, resume, complete or stop an activity; If-Match is the activity's revision."""
    request, row = _to_change(desk, ref, number)
    delivery.change_status(desk.session, desk.shelf, desk.actor, request, (row, body))
    return _shown(desk, row)


@api.post(ONE + "/indicators", status_code=201, response_model=ActivityView, responses=ADDS)
def add_indicator(desk: AtDesk, ref: Reference, number: Number, body: IndicatorBody) -> Response:
    """Say by what an activity is measured."""
    request = desk.request(ref)
    row = delivery.find(desk.session, request, number)
    delivery.add_indicator(desk.session, desk.shelf, desk.actor, request, (row, body))
    return _made(desk, request, row)


@api.put(ONE + "/indicators/{indicator}", response_model=ActivityView, responses=CHANGES)
def measure(
    desk: AtDesk, ref: Reference, number: Number, indicator: Number, body: MeasureBody
) -> Response:
    """Record a measurement; If-Match is the activity's revision."""
    request, row = _to_change(desk, ref, number)
    delivery.measure(desk.session, desk.shelf, desk.actor, request, (row, indicator, body))
    return _shown(desk, row)


@api.post(ROOT + "/reports", status_code=201, response_model=ReportView, responses=ADDS)
def report(desk: AtDesk, ref: Reference, body: ReportBody) -> Response:
    """Report on an entity's component."""
    request = desk.request_to_add(ref)
    row = delivery.report(desk.session, desk.shelf, desk.actor, request, body)
    return desk.created(ReportView.model_validate(row), f"/api/v1/requests/{ref}/delivery")


@api.post(ROOT + "/departures", response_model=DepartureView, responses=CHANGES)
def leave_programme(desk: AtDesk, ref: Reference, body: DepartureBody) -> Response:
    """Take an entity out of the programme: its needs alone are matched again."""
    request = desk.request_to_change(ref)
    left = delivery.leave(desk.session, desk.shelf, desk.actor, request, body)
    return desk.show(left, request.revision)


@api.put(ROOT + "/lead", response_model=DeliveryView, responses=CHANGES)
def name_lead(desk: AtDesk, ref: Reference, body: LeadBody) -> Response:
    """Name who leads the programme from now on, where the lead has left."""
    request = desk.request_to_change(ref)
    delivery.name_lead(desk.session, desk.shelf, desk.actor, request, body)
    return desk.show(delivery.view_of(desk.session, desk.shelf, request), request.revision)


@api.put(ROOT + "/closing", response_model=ClosingView, responses=CHANGES)
def close(desk: AtDesk, ref: Reference, body: ClosingBody) -> Response:
    """Write the closing statement; If-Match is the request's revision."""
    request = desk.request_to_change(ref)
    row = delivery.close(desk.session, desk.shelf, desk.actor, request, body)
    return desk.show(ClosingView.model_validate(row), request.revision)


def _to_change(desk: Desk, ref: str, number: int) -> tuple[AssistanceRequest, Activity]:
    request = desk.request(ref)
    row = delivery.find(desk.session, request, number)
    desk.matches(row.revision)
    return request, row


def _shown(desk: Desk, row: Activity) -> Response:
    return desk.show(delivery.activity_of(desk.session, row), row.revision)


def _made(desk: Desk, request: AssistanceRequest, row: Activity) -> Response:
    location = f"/api/v1/requests/{request.reference}/delivery/activities/{row.number}"
    return desk.created(delivery.activity_of(desk.session, row), location, row.revision)
