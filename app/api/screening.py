"""Screening: findings on criteria and principles, decision, appeal, consents and conditions."""

from typing import Annotated

from fastapi import Path, Response

from app.api.deps import AtDesk, Items, Number, Reference, page, router
from app.api.problems import ADDS, CHANGES, READS, speech_of
from app.requests import service as dossier
from app.requests.schemas import ConditionMet, ConditionView, ConsentBody, ConsentView
from app.requests.tables import AssistanceRequest
from app.screening import service
from app.screening.schemas import (
    AppealView,
    ConfirmationBody,
    CriterionBody,
    DecisionBody,
    PrincipleBody,
    RoundView,
    ScreeningView,
)
from app.wiring.desk import Desk
from app.wiring.messages import sentence

api = router("screening")

CriterionCode = Annotated[str, Path(pattern=r"^P[1-9]\.[1-9][0-9]?$")]
PrincipleCode = Annotated[str, Path(pattern=r"^P[1-9]$")]


def _at_hand(desk: Desk, ref: str) -> AssistanceRequest:
    """Return the request of a screening that is to be changed, with If-Match held against it."""
    request = desk.request(ref)
    desk.matches(service.current(desk.session, request).revision)
    return request


def _show(desk: Desk, request: AssistanceRequest) -> Response:
    view = service.view_of(desk.session, desk.shelf, desk.reader, request)
    worded = [
        reason.model_copy(
            update={"message": sentence(reason.code, reason.params, speech_of(desk.http))}
        )
        for reason in view.derived.reasons
    ]
    derived = view.derived.model_copy(update={"reasons": worded})
    return desk.show(view.model_copy(update={"derived": derived}), view.revision)


@api.get("/requests/{ref}/screening", response_model=ScreeningView, responses=READS)
def read_screening(desk: AtDesk, ref: Reference) -> Response:
    """Read the round at hand: all criteria by principle, the derived outcome, the decision."""
    return _show(desk, desk.request_within(ref))


@api.put(
    "/requests/{ref}/screening/criteria/{code}", response_model=ScreeningView, responses=CHANGES
)
def put_criterion(
    desk: AtDesk, ref: Reference, code: CriterionCode, body: CriterionBody
) -> Response:
    """Write a verdict on one criterion; If-Match takes the revision of the screening."""
    request = _at_hand(desk, ref)
    service.write_criterion(desk.session, desk.shelf, desk.actor, request, (code, body))
    return _show(desk, request)


@api.put(
    "/requests/{ref}/screening/principles/{code}", response_model=ScreeningView, responses=CHANGES
)
def put_principle(
    desk: AtDesk, ref: Reference, code: PrincipleCode, body: PrincipleBody
) -> Response:
    """Write the finding on one principle; If-Match takes the revision of the screening."""
    request = _at_hand(desk, ref)
    service.write_principle(desk.session, desk.shelf, desk.actor, request, (code, body))
    return _show(desk, request)


@api.post("/requests/{ref}/screening/recheck", response_model=ScreeningView, responses=CHANGES)
def recheck(desk: AtDesk, ref: Reference) -> Response:
    """Let the rules look again at what is there today."""
    request = _at_hand(desk, ref)
    service.recheck(desk.session, desk.shelf, desk.actor, request)
    return _show(desk, request)


@api.post("/requests/{ref}/screening/decision", response_model=ScreeningView, responses=CHANGES)
def decide(desk: AtDesk, ref: Reference, body: DecisionBody) -> Response:
    """Decide the outcome: as derived from the findings, or stricter."""
    request = _at_hand(desk, ref)
    service.decide(desk.session, desk.shelf, desk.actor, request, body)
    return _show(desk, request)


@api.post("/requests/{ref}/screening/confirmation", response_model=ScreeningView, responses=CHANGES)
def confirm(desk: AtDesk, ref: Reference, body: ConfirmationBody | None = None) -> Response:
    """Confirm the decision as a second person."""
    request = _at_hand(desk, ref)
    service.confirm(desk.session, desk.shelf, desk.actor, request, body or ConfirmationBody())
    return _show(desk, request)


@api.get("/requests/{ref}/screening/rounds", response_model=Items[RoundView], responses=READS)
def list_rounds(desk: AtDesk, ref: Reference) -> Response:
    """List the earlier rounds, newest first."""
    return page(desk, service.earlier_rounds(desk.session, desk.request_within(ref)))


@api.get("/requests/{ref}/screening/appeal", response_model=AppealView, responses=READS)
def read_appeal(desk: AtDesk, ref: Reference) -> Response:
    """Read the appeal against a decline."""
    row = service.appeal_of(desk.session, desk.request_within(ref))
    return desk.show(AppealView.model_validate(row))


@api.get("/requests/{ref}/consents", response_model=Items[ConsentView], responses=READS)
def list_consents(desk: AtDesk, ref: Reference) -> Response:
    """List what the countries decided on sharing, publication and matches."""
    rows = dossier.consents(desk.session, desk.request(ref))
    return page(desk, [ConsentView.model_validate(row) for row in rows])


@api.post("/requests/{ref}/consents", status_code=201, response_model=ConsentView, responses=ADDS)
def add_consent(desk: AtDesk, ref: Reference, body: ConsentBody) -> Response:
    """Record a country's word on sharing or publication."""
    request = desk.request_to_add(ref)
    row = dossier.consent(desk.session, desk.shelf, desk.actor, request, body)
    return desk.created(ConsentView.model_validate(row), f"/api/v1/requests/{ref}/consents")


@api.get("/requests/{ref}/conditions", response_model=Items[ConditionView], responses=READS)
def list_conditions(desk: AtDesk, ref: Reference) -> Response:
    """List the conditions of the screening."""
    rows = dossier.conditions(desk.session, desk.request(ref))
    return page(desk, [ConditionView.model_validate(row) for row in rows])


@api.post(
    "/requests/{ref}/conditions/{number}/met", response_model=ConditionView, responses=CHANGES
)
def meet_condition(desk: AtDesk, ref: Reference, number: Number, body: ConditionMet) -> Response:
    """Say how a condition has been met; If-Match takes the revision of the request."""
    request = desk.request_to_change(ref)
    row = dossier.meet_condition(desk.session, desk.shelf, desk.actor, request, (number, body))
    return desk.show(ConditionView.model_validate(row), request.revision)
