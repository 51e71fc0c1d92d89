"""What people send to an assessment: its plan, answers, fieldwork, findings and signatures."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

from app.assessment import service
from app.assessment.schemas import (
    AcknowledgeBody,
    ReuseBody,
)
from app.assessment.tables import Assessment
from app.kit import clock
from app.kit.errors import NotFound
from app.requests import access
from app.requests.tables import AssistanceRequest
from app.web.acts import Params, Subject
from app.web.assessment.bodies import (
    AnswerForm,
    EditForm,
    NeedForm,
    PlanForm,
    RiskForm,
    answer_values,
    plan_values,
)
from app.web.assessment.reading import (
    PART,
    answered,
    kind_of,
    names_of,
    pack_of,
    place,
    statements,
    whole,
)
from app.web.frame import about, crumbs
from app.web.texts import marked
from app.web.visit import Visit

Find = Callable[[Visit, Params], Subject]


def _asked(desk: Visit, params: Params, act: str = "") -> tuple[AssistanceRequest, Assessment]:
    """Return the assessment that is meant, for whom the state lets do the act."""
    request = desk.request(params["ref"])
    row = service.chosen(desk.session, request, kind_of(desk))
    own = "self_assessment.write" if row.kind == "self" else "assessment.write"
    access.permit(desk.session, desk.shelf, desk.actor, request, act or own)
    return request, row


def _subject(desk: Visit, params: Params, **kept: Any) -> Subject:
    back = (place(desk, params["ref"]), marked("Assessment"))
    return Subject(crumbs=crumbs(params["ref"], back), **kept)


def to_plan(desk: Visit, params: Params) -> Subject:
    """Find where a new assessment is planned."""
    request = desk.request(params["ref"])
    acts = ("assessment.write", "self_assessment.write")
    if not any(desk.acts.get(act) for act in acts):
        access.permit(desk.session, desk.shelf, desk.actor, request, acts[0])
    rest = (name for name in PlanForm.model_fields if name not in ("kind", "void"))
    return replace(_subject(desk, params), fields=("kind", *rest))


def plan(desk: Visit, params: Params, body: PlanForm) -> str:
    """Plan one."""
    request = desk.request_to_add(params["ref"])
    service.plan(desk.session, desk.shelf, desk.actor, request, body.plan())
    return f"{about(params['ref'], PART)}?kind={body.kind}"


def planned(desk: Visit, params: Params) -> Subject:
    """Find the plan as it stands."""
    request, row = _asked(desk, params)
    view = whole(desk, request, row)[0]
    return _subject(desk, params, values=plan_values(view), revision=row.revision)


def edit(desk: Visit, params: Params, body: EditForm) -> str:
    """Change the plan."""
    request, kind = _decided_on(desk, params), kind_of(desk)
    service.edit(desk.session, desk.shelf, desk.actor, request, (kind, body.change()))
    return place(desk, params["ref"])


def _decided_on(desk: Visit, params: Params) -> AssistanceRequest:
    request = desk.request(params["ref"])
    desk.matches(service.chosen(desk.session, request, kind_of(desk)).revision)
    return request


def to_answer(desk: Visit, params: Params) -> Subject:
    """Find a question with its answer; each answer has its own revision."""
    request, row = _asked(desk, params)
    words = statements(pack_of(desk, request).questionnaire).get(params["code"])
    if words is None:
        raise NotFound("question.unknown", "The questionnaire has no such question.")
    desk.within()
    view = desk.open_part(answered(desk, row).get(params["code"]))
    values = answer_values(view) if view else {}
    shown = {"code": params["code"], "words": words, "answer": view}
    return _subject(desk, params, values=values, revision=view.revision if view else 0, shown=shown)


def answer(desk: Visit, params: Params, body: AnswerForm) -> str:
    """Answer a question."""
    request, kind, code = desk.request(params["ref"]), kind_of(desk), params["code"]
    desk.matches(service.answer_revision(desk.session, request, kind, code) or 0)
    before = answered(desk, service.chosen(desk.session, request, kind)).get(code)
    given = (kind, code, body.answer(before.evidence if before else ()))
    service.put_answer(desk.session, desk.shelf, desk.actor, request, given)
    return place(desk, params["ref"], f"sections/{section_of(desk, request, code)}", f"q-{code}")


def section_of(desk: Visit, request: AssistanceRequest, code: str) -> str:
    """Return the section that a question stands in."""
    for section in pack_of(desk, request).questionnaire.sections:
        own = [one.code for block in section.blocks for one in block.questions]
        if code in own or code in {one.code for one in section.rights_questions}:
            return section.code
    return ""


def written(desk: Visit, params: Params) -> Subject:
    """Find an assessment that is being written."""
    _asked(desk, params)
    return _subject(desk, params)


Add = Callable[[Any, Any, Any, AssistanceRequest, tuple[Any, Any]], Any]


def adding(add: Add, mark: str) -> Callable[[Visit, Params, Any], str]:
    """Return what adds a part to an assessment, and goes back to where it stands."""

    def carry_out(desk: Visit, params: Params, body: Any) -> str:
        request = desk.request_to_add(params["ref"])
        add(desk.session, desk.shelf, desk.actor, request, (kind_of(desk), body))
        return place(desk, params["ref"], mark=mark)

    return carry_out


def risk_now(desk: Visit, params: Params) -> Subject:
    """Find the crime and risk assessment as it stands."""
    request, row = _asked(desk, params)
    revision = service.risk_revision(desk.session, request, kind_of(desk))
    if revision is None:
        return _subject(desk, params, values={"dated": clock.today()}, revision=0)
    desk.within()
    view = desk.open_part(service.risk_view(desk.session, service.risk(desk.session, row)))
    values = {**view.content, "dated": view.dated}
    return _subject(desk, params, values=values, revision=revision)


def put_risk(desk: Visit, params: Params, body: RiskForm) -> str:
    """Write the crime and risk assessment."""
    request, kind = desk.request(params["ref"]), kind_of(desk)
    desk.matches(service.risk_revision(desk.session, request, kind) or 0)
    service.put_risk(desk.session, desk.shelf, desk.actor, request, (kind, body))
    return place(desk, params["ref"], mark="risk")


def rest_need(desk: Visit, params: Params, body: NeedForm) -> str:
    """Let a need rest on findings."""
    request = desk.request_to_add(params["ref"])
    service.rest_need(desk.session, desk.shelf, desk.actor, request, body.need())
    return place(desk, params["ref"], mark="findings")


def to_rest(desk: Visit, params: Params) -> Subject:
    """Find a request whose needs may rest on findings."""
    request = desk.request(params["ref"])
    access.permit(desk.session, desk.shelf, desk.actor, request, "assessment.write")
    return _subject(desk, params)


def reuse(desk: Visit, params: Params, body: ReuseBody) -> str:
    """Let an earlier assessment serve."""
    request = desk.request_to_add(params["ref"])
    service.reuse(desk.session, desk.shelf, desk.actor, request, body)
    return about(params["ref"], PART)


def to_sign(act: str) -> Find:
    """Return what finds an assessment that is to be signed, and all that it lacks."""

    def find(desk: Visit, params: Params) -> Subject:
        request = desk.request(params["ref"])
        row = service.chosen(desk.session, request, kind_of(desk))
        own = "self_assessment.write" if row.kind == "self" else act
        access.permit(desk.session, desk.shelf, desk.actor, request, own)
        view, lacks = whole(desk, request, row)
        names = names_of(desk, view, {})
        shown = {"view": view.model_dump(), "lacks": lacks, "names": names}
        return _subject(desk, params, revision=row.revision, shown=shown)

    return find


def sign(desk: Visit, params: Params, _body: Any) -> str:
    """Sign."""
    request = _decided_on(desk, params)
    service.sign(desk.session, desk.shelf, desk.actor, request, kind_of(desk))
    return place(desk, params["ref"])


def acknowledge(desk: Visit, params: Params, body: AcknowledgeBody) -> str:
    """Acknowledge for a government."""
    request = _decided_on(desk, params)
    service.acknowledge(desk.session, desk.shelf, desk.actor, request, (kind_of(desk), body))
    return place(desk, params["ref"])


def countersign(desk: Visit, params: Params, _body: Any) -> str:
    """Countersign."""
    request = _decided_on(desk, params)
    service.countersign(desk.session, desk.shelf, desk.actor, request, kind_of(desk))
    return place(desk, params["ref"])
