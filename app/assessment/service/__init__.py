"""What one can do with assessments; split by subject, used as one module."""

from app.assessment.service.answers import answer_revision, answers, put_answer
from app.assessment.service.asking import questionnaire
from app.assessment.service.choosing import chosen
from app.assessment.service.facts import assessment_facts
from app.assessment.service.fieldwork import (
    add_consultation,
    add_visit,
    consultations,
    put_risk,
    risk,
    risk_revision,
    risk_view,
    visits,
)
from app.assessment.service.gains import gains
from app.assessment.service.plans import edit, plan
from app.assessment.service.reading import assessments, impact, profile_of, view_of
from app.assessment.service.results import add_finding, findings, rest_need
from app.assessment.service.reuse import reuse
from app.assessment.service.signing import acknowledge, countersign, reopen, sign

__all__ = [
    "acknowledge",
    "add_consultation",
    "add_finding",
    "add_visit",
    "answer_revision",
    "answers",
    "assessment_facts",
    "assessments",
    "chosen",
    "consultations",
    "countersign",
    "edit",
    "findings",
    "gains",
    "impact",
    "plan",
    "profile_of",
    "put_answer",
    "put_risk",
    "questionnaire",
    "reopen",
    "rest_need",
    "reuse",
    "risk",
    "risk_revision",
    "risk_view",
    "sign",
    "view_of",
    "visits",
]
