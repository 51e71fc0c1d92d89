"""The in-country assessment: plan, answers, fieldwork, findings, signatures; and the impact."""

from typing import Annotated

from fastapi import Path, Query, Response

from app.api.deps import AtDesk, Items, Reference, page, router
from app.api.problems import ADDS, CHANGES, READS, BlockerView, shown, speech_of
from app.assessment import service as assessment
from app.assessment.schemas import (
    AcknowledgeBody,
    AnswerBody,
    AnswerView,
    AssessmentLine,
    AssessmentView,
    ConsultationBody,
    ConsultationView,
    EditPlan,
    FindingBody,
    FindingView,
    Kind,
    NeedOnFindings,
    PlanBody,
    ReuseBody,
    RiskBody,
    RiskView,
    VisitBody,
    VisitView,
)
from app.assessment.tables import Assessment
from app.assessment.views import ImpactView, ProfileView, QuestionnaireView
from app.requests import service as dossier
from app.requests.schemas import NeedView
from app.requests.tables import AssistanceRequest
from app.wiring.desk import Desk

api = router("assessment")
ONE = "/requests/{ref}/assessment"
Which = Annotated[
    Kind | None, Query(description="Which kind is meant; without it the gate-opening one.")
]
Code = Annotated[str, Path(pattern=r"^[A-Za-z0-9_.]{1,60}$")]
PUTS = CHANGES | {201: {"description": "Created"}}


class AssessmentWhole(AssessmentView):
    """An assessment whole; `lacks` is everything that stands against its completion."""

    lacks: list[BlockerView]


def _whole(desk: Desk, request: AssistanceRequest, row: Assessment) -> AssessmentWhole:
    desk.session.flush()
    view, lacks = assessment.view_of(desk.session, desk.shelf, request, row)
    return AssessmentWhole(**dict(view), lacks=shown(lacks, speech_of(desk.http)))


def _shown(desk: Desk, request: AssistanceRequest, row: Assessment) -> Response:
    return desk.show(_whole(desk, request, row), row.revision)


def _decided_on(desk: Desk, request: AssistanceRequest, kind: Kind | None) -> None:
    """Hold If-Match against the assessment's revision: one signs what one has seen."""
    desk.matches(assessment.chosen(desk.session, request, kind).revision)


def _hold(desk: Desk, revision: int | None) -> None:
    """Hold If-Match against a part's revision; what is new needs none."""
    if revision is not None or desk.condition is not None:
        desk.matches(revision or 0)


@api.get("/requests/{ref}/assessments", response_model=Items[AssessmentLine], responses=READS)
def list_assessments(desk: AtDesk, ref: Reference) -> Response:
    """List the assessments of a request, of every kind, and the ones that serve it."""
    return page(desk, assessment.assessments(desk.session, desk.request_within(ref)))


@api.post(ONE, status_code=201, response_model=AssessmentWhole, responses=ADDS)
def plan_assessment(desk: AtDesk, ref: Reference, body: PlanBody) -> Response:
    """Plan an assessment."""
    request = desk.request_to_add(ref)
    row = assessment.plan(desk.session, desk.shelf, desk.actor, request, body)
    where = f"/api/v1/requests/{ref}/assessment?kind={row.kind}"
    return desk.created(_whole(desk, request, row), where, row.revision)


@api.get(ONE, response_model=AssessmentWhole, responses=READS)
def read_assessment(desk: AtDesk, ref: Reference, kind: Which = None) -> Response:
    """Read an assessment whole: plan, signatures, progress, and what it still lacks."""
    request = desk.request_within(ref)
    return _shown(desk, request, assessment.chosen(desk.session, request, kind))


@api.patch(ONE, response_model=AssessmentWhole, responses=CHANGES)
def edit_assessment(desk: AtDesk, ref: Reference, body: EditPlan, kind: Which = None) -> Response:
    """Change the plan by merge patch; If-Match names the assessment's own revision."""
    request = desk.request(ref)
    _decided_on(desk, request, kind)
    row = assessment.edit(desk.session, desk.shelf, desk.actor, request, (kind, body))
    return _shown(desk, request, row)


@api.get(f"{ONE}/questionnaire", response_model=QuestionnaireView, responses=READS)
def read_questionnaire(desk: AtDesk, ref: Reference, kind: Which = None) -> Response:
    """Read what to ask next, with minutes and suggestions from an earlier assessment."""
    request = desk.request_within(ref)
    row = assessment.chosen(desk.session, request, kind)
    return desk.show(assessment.questionnaire(desk.session, desk.shelf, desk.reader, request, row))


@api.get(f"{ONE}/answers", response_model=Items[AnswerView], responses=READS)
def list_answers(desk: AtDesk, ref: Reference, kind: Which = None) -> Response:
    """List the answers with their evidence."""
    row = assessment.chosen(desk.session, desk.request_within(ref), kind)
    return page(desk, assessment.answers(desk.session, row))


@api.put(f"{ONE}/answers/{{code}}", response_model=AnswerView, responses=PUTS)
def put_answer(
    desk: AtDesk, ref: Reference, code: Code, body: AnswerBody, kind: Which = None
) -> Response:
    """Answer a question; changing an answer needs If-Match with its own revision."""
    request = desk.request(ref)
    before = assessment.answer_revision(desk.session, request, kind, code)
    _hold(desk, before)
    given = (kind, code, body)
    view = assessment.put_answer(desk.session, desk.shelf, desk.actor, request, given)
    if before is None:
        return desk.created(view, f"/api/v1/requests/{ref}/assessment/answers", view.revision)
    return desk.show(view, view.revision)


@api.get(f"{ONE}/profile", response_model=ProfileView, responses=READS)
def read_profile(desk: AtDesk, ref: Reference, kind: Which = None) -> Response:
    """Read the maturity profile: what is claimed beside what is evidenced."""
    request = desk.request_within(ref)
    row = assessment.chosen(desk.session, request, kind)
    return desk.show(assessment.profile_of(desk.session, desk.shelf, desk.reader, request, row))


@api.get(f"{ONE}/visits", response_model=Items[VisitView], responses=READS)
def list_visits(desk: AtDesk, ref: Reference, kind: Which = None) -> Response:
    """List the visits."""
    row = assessment.chosen(desk.session, desk.request_within(ref), kind)
    found = assessment.visits(desk.session, row)
    return page(desk, [VisitView.model_validate(one) for one in found])


@api.post(f"{ONE}/visits", status_code=201, response_model=VisitView, responses=ADDS)
def add_visit(desk: AtDesk, ref: Reference, body: VisitBody, kind: Which = None) -> Response:
    """Record days spent in the country."""
    request = desk.request_to_add(ref)
    row = assessment.add_visit(desk.session, desk.shelf, desk.actor, request, (kind, body))
    where = f"/api/v1/requests/{ref}/assessment/visits"
    return desk.created(VisitView.model_validate(row), where)


@api.get(f"{ONE}/consultations", response_model=Items[ConsultationView], responses=READS)
def list_consultations(desk: AtDesk, ref: Reference, kind: Which = None) -> Response:
    """List the consultations."""
    row = assessment.chosen(desk.session, desk.request_within(ref), kind)
    found = assessment.consultations(desk.session, row)
    return page(desk, [ConsultationView.model_validate(one) for one in found])


@api.post(f"{ONE}/consultations", status_code=201, response_model=ConsultationView, responses=ADDS)
def add_consultation(
    desk: AtDesk, ref: Reference, body: ConsultationBody, kind: Which = None
) -> Response:
    """Record a meeting with a stakeholder group."""
    request = desk.request_to_add(ref)
    row = assessment.add_consultation(desk.session, desk.shelf, desk.actor, request, (kind, body))
    where = f"/api/v1/requests/{ref}/assessment/consultations"
    return desk.created(ConsultationView.model_validate(row), where)


@api.get(f"{ONE}/risk", response_model=RiskView, responses=READS)
def read_risk(desk: AtDesk, ref: Reference, kind: Which = None) -> Response:
    """Read the crime and risk assessment."""
    row = assessment.chosen(desk.session, desk.request_within(ref), kind)
    view = assessment.risk_view(desk.session, assessment.risk(desk.session, row))
    return desk.show(view, view.revision)


@api.put(f"{ONE}/risk", response_model=RiskView, responses=PUTS)
def put_risk(desk: AtDesk, ref: Reference, body: RiskBody, kind: Which = None) -> Response:
    """Write the crime and risk assessment; changing it needs If-Match with its own revision."""
    request = desk.request(ref)
    before = assessment.risk_revision(desk.session, request, kind)
    _hold(desk, before)
    row = assessment.put_risk(desk.session, desk.shelf, desk.actor, request, (kind, body))
    view = assessment.risk_view(desk.session, row)
    if before is None:
        return desk.created(view, f"/api/v1/requests/{ref}/assessment/risk", view.revision)
    return desk.show(view, view.revision)


@api.get(f"{ONE}/findings", response_model=Items[FindingView], responses=READS)
def list_findings(desk: AtDesk, ref: Reference) -> Response:
    """List the findings of a request, those of a reused assessment among them."""
    found = assessment.findings(desk.session, desk.request_within(ref))
    return page(desk, found)


@api.post(f"{ONE}/findings", status_code=201, response_model=FindingView, responses=ADDS)
def add_finding(desk: AtDesk, ref: Reference, body: FindingBody, kind: Which = None) -> Response:
    """Record what was found on a topic."""
    request = desk.request_to_add(ref)
    made = assessment.add_finding(desk.session, desk.shelf, desk.actor, request, (kind, body))
    return desk.created(made, f"/api/v1/requests/{ref}/assessment/findings")


@api.get(f"{ONE}/needs", response_model=Items[NeedView], responses=READS)
def list_rested_needs(desk: AtDesk, ref: Reference) -> Response:
    """List the needs with the findings that each rests on."""
    return page(desk, dossier.needs(desk.session, desk.request(ref)))


@api.post(f"{ONE}/needs", status_code=201, response_model=NeedView, responses=ADDS)
def rest_need(desk: AtDesk, ref: Reference, body: NeedOnFindings) -> Response:
    """Add a need that rests on findings, or let one of the request's rest on them."""
    request = desk.request_to_add(ref)
    view = assessment.rest_need(desk.session, desk.shelf, desk.actor, request, body)
    return desk.created(view, f"/api/v1/requests/{ref}/assessment/needs")


@api.post(f"{ONE}/sign", response_model=AssessmentWhole, responses=CHANGES)
def sign(desk: AtDesk, ref: Reference, kind: Which = None) -> Response:
    """Sign an assessment; If-Match names the assessment's own revision."""
    request = desk.request(ref)
    _decided_on(desk, request, kind)
    row = assessment.sign(desk.session, desk.shelf, desk.actor, request, kind)
    return _shown(desk, request, row)


@api.post(f"{ONE}/acknowledgements", response_model=AssessmentWhole, responses=CHANGES)
def acknowledge(
    desk: AtDesk, ref: Reference, body: AcknowledgeBody, kind: Which = None
) -> Response:
    """Say for a government that it has seen the assessment; If-Match as for signing."""
    request = desk.request(ref)
    _decided_on(desk, request, kind)
    row = assessment.acknowledge(desk.session, desk.shelf, desk.actor, request, (kind, body))
    return _shown(desk, request, row)


@api.post(f"{ONE}/countersignature", response_model=AssessmentWhole, responses=CHANGES)
def countersign(desk: AtDesk, ref: Reference, kind: Which = None) -> Response:
    """Countersign as a second person; with nothing lacking this completes the assessment."""
    request = desk.request(ref)
    _decided_on(desk, request, kind)
    row = assessment.countersign(desk.session, desk.shelf, desk.actor, request, kind)
    return _shown(desk, request, row)


@api.post(f"{ONE}/reuse", status_code=201, response_model=AssessmentWhole, responses=ADDS)
def reuse(desk: AtDesk, ref: Reference, body: ReuseBody) -> Response:
    """Let the valid assessment of another request of the same country serve this one."""
    request = desk.request_to_add(ref)
    assessment.reuse(desk.session, desk.shelf, desk.actor, request, body)
    row = assessment.chosen(desk.session, request, None)
    where = f"/api/v1/requests/{ref}/assessment"
    return desk.created(_whole(desk, request, row), where, row.revision)


@api.get("/requests/{ref}/delivery/impact", response_model=ImpactView, responses=READS)
def read_impact(desk: AtDesk, ref: Reference) -> Response:
    """Compare the reassessment with its baseline; "not_measured" is not zero."""
    return desk.show(assessment.impact(desk.session, desk.shelf, desk.request_within(ref)))
