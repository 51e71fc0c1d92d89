"""The pages of an assessment: where it stands, one section with its questions, and one to print."""

import secrets
from collections.abc import Mapping, Sequence
from functools import partial
from itertools import pairwise
from typing import Any

from fastapi import Response

from app.assessment import service
from app.assessment.schemas import AnswerView, ConsultationView, RiskView, VisitView
from app.assessment.tables import Assessment
from app.kit.errors import NotFound
from app.requests import service as dossier
from app.requests.tables import AssistanceRequest
from app.web import acts, forms
from app.web.assessment.bodies import AnswerForm, answer_values
from app.web.assessment.choices import documents, evidence_choices
from app.web.assessment.levels import drawn
from app.web.assessment.reading import (
    PART,
    ROOT,
    answered,
    chosen,
    kind_of,
    mended,
    names_of,
    pack_of,
    place,
    statements,
    whole,
)
from app.web.assessment.sending import ACTS
from app.web.forms import Field
from app.web.frame import crumbs, framed
from app.web.texts import marked
from app.web.visit import AtVisit, Visit, router

api = router()
PUT_ANSWER = next(one for one in ACTS if one.operation == "put_answer")


@api.get(ROOT)
def page_assessment(desk: AtVisit, ref: str) -> Response:
    """Show where an assessment stands: plan, progress, fieldwork, findings, levels, signatures."""
    request = desk.request_within(ref)
    row = chosen(desk, request)
    shown: dict[str, Any] = {
        "lines": service.assessments(desk.session, request),
        "kind": kind_of(desk),
        "found": service.findings(desk.session, request),
        "needs": [n for n in dossier.needs(desk.session, request) if not n.dropped],
        "one": None,
        "at": partial(place, desk, ref),
    }
    if row is not None:
        shown |= _whole(desk, request, row)
    return framed(desk, request, PART, "assessment/whole.html", **shown)


def _whole(desk: Visit, request: AssistanceRequest, row: Assessment) -> dict[str, Any]:
    view, lacks = whole(desk, request, row)
    levels = service.profile_of(desk.session, desk.shelf, desk.reader, request, row)
    held = service.consultations(desk.session, row)
    return {
        "one": view.model_dump(),
        "lacks": mended(desk, request.reference, lacks),
        "sections": service.questionnaire(
            desk.session, desk.shelf, desk.reader, request, row
        ).sections,
        "levels": levels,
        "drawn": drawn(levels),
        "visits": [VisitView.model_validate(v) for v in service.visits(desk.session, row)],
        "held": [ConsultationView.model_validate(one) for one in held],
        "risk": _risk(desk, row),
        "names": names_of(desk, view, {}),
    }


def _risk(desk: Visit, row: Assessment) -> RiskView | None:
    try:
        return service.risk_view(desk.session, service.risk(desk.session, row))
    except NotFound:
        return None


@api.get(ROOT + "/sections/{code}")
def page_section(desk: AtVisit, ref: str, code: str) -> Response:
    """Show one section: what is answered, by which evidence, and what to ask next."""
    request = desk.request_within(ref)
    row = service.chosen(desk.session, request, kind_of(desk))
    asked = service.questionnaire(desk.session, desk.shelf, desk.reader, request, row)
    section = next((one for one in asked.sections if one.code == code), None)
    if section is None:
        raise NotFound("section.unknown", "This assessment has no such section.")
    pack = pack_of(desk, request)
    own = next(one for one in pack.questionnaire.sections if one.code == code)
    answers = answered(desk, row)
    open_now = desk.may("put_answer") and row.status in ("planned", "running")
    levels = service.profile_of(desk.session, desk.shelf, desk.reader, request, row)
    held = service.consultations(desk.session, row)
    shown = {
        "section": section,
        "own": own,
        "kind": kind_of(desk),
        "words": statements(pack.questionnaire),
        "answers": answers,
        "levels": {one.topic: one for one in levels.topics},
        "held": [ConsultationView.model_validate(one) for one in held],
        "open_now": open_now,
        "sheets": _sheets(desk, answers) if open_now else None,
        "names": names_of(desk, whole(desk, request, row)[0], answers),
        "at": partial(place, desk, ref),
        "once": partial(secrets.token_urlsafe, 16),
        "next": _after([one.code for one in asked.sections], code),
        "crumbs": crumbs(ref, (place(desk, ref), marked("Assessment"))),
    }
    return framed(desk, request, PART, "assessment/section.html", **shown)


def _after(codes: Sequence[str], code: str) -> str:
    """Return the code that follows one, empty after the last."""
    return dict(pairwise(codes)).get(code, "")


class Sheets:
    """Makes the form of a question when the page comes to it."""

    def __init__(self, desk: Visit, answers: Mapping[str, AnswerView]) -> None:
        """Take the answers that stand."""
        self.answers, self.papers = answers, documents(desk)

    def of(self, code: str) -> tuple[tuple[Field, ...], Mapping[str, Any]]:
        """Return the fields of a question and what stands in them."""
        known = self.answers.get(code)
        choices = {"kept": evidence_choices(known.evidence if known else ())}
        choices |= {"attachment": self.papers}
        fields = acts.own_fields(PUT_ANSWER, AnswerForm, choices, code)
        values = forms.shown_values(fields, answer_values(known) if known else {})
        return fields, values


def _sheets(desk: Visit, answers: Mapping[str, AnswerView]) -> Sheets:
    return Sheets(desk, answers)


@api.get(ROOT + "/print")
def page_questionnaire(desk: AtVisit, ref: str) -> Response:
    """Show every question of the assessment on paper, with what is answered, to take along."""
    request = desk.request_within(ref)
    row = service.chosen(desk.session, request, kind_of(desk))
    asked = service.questionnaire(desk.session, desk.shelf, desk.reader, request, row)
    wanted = {one.code: one for one in asked.sections}
    pack = pack_of(desk, request)
    shown = {
        "view": whole(desk, request, row)[0].model_dump(),
        "sections": [one for one in pack.questionnaire.sections if one.code in wanted],
        "topics": {b.topic for one in asked.sections for b in one.blocks},
        "answers": answered(desk, row),
        "crumbs": crumbs(ref, (place(desk, ref), marked("Assessment"))),
        "reference": request.reference,
        "title": request.title,
    }
    return desk.page("assessment/paper.html", shown)


acts.install(api, ACTS)
