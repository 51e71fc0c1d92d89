"""The acts of an assessment: their addresses, forms, and what they bind."""

from app.assessment import service
from app.assessment.schemas import (
    AcknowledgeBody,
    ConsultationBody,
    FindingBody,
    ReuseBody,
    VisitBody,
)
from app.web.acts import Act
from app.web.assessment import acting, choices
from app.web.assessment.bodies import AnswerForm, EditForm, NeedForm, PlanForm, RiskForm
from app.web.assessment.reading import ROOT
from app.web.texts import marked

ACTS = (
    Act(
        "plan_assessment",
        ROOT + "/plan",
        marked("Plan an assessment"),
        acting.to_plan,
        acting.plan,
        PlanForm,
        marked("Plan"),
        left_out=("void",),
    ),
    Act(
        "edit_assessment",
        ROOT + "/edit",
        marked("Change the plan"),
        acting.planned,
        acting.edit,
        EditForm,
    ),
    Act(
        "put_answer",
        ROOT + "/answers/{code}",
        marked("Answer a question"),
        acting.to_answer,
        acting.answer,
        AnswerForm,
        choices={"kept": choices.evidence, "attachment": choices.documents},
        leaf="assessment/question.html",
    ),
    Act(
        "add_visit",
        ROOT + "/visits",
        marked("Record a visit"),
        acting.written,
        acting.adding(service.add_visit, "visits"),
        VisitBody,
        choices={"country": choices.countries},
    ),
    Act(
        "add_consultation",
        ROOT + "/consultations",
        marked("Record a consultation"),
        acting.written,
        acting.adding(service.add_consultation, "consultations"),
        ConsultationBody,
        choices={"group": choices.groups},
    ),
    Act(
        "put_risk",
        ROOT + "/risk",
        marked("Crime and risk assessment"),
        acting.risk_now,
        acting.put_risk,
        RiskForm,
        left_out=("content",),
        fields=choices.risk_fields,
    ),
    Act(
        "add_finding",
        ROOT + "/findings",
        marked("Record a finding"),
        acting.written,
        acting.adding(service.add_finding, "findings"),
        FindingBody,
        choices={"topic": choices.topics},
    ),
    Act(
        "rest_need",
        ROOT + "/needs",
        marked("Let a need rest on findings"),
        acting.to_rest,
        acting.rest_need,
        NeedForm,
        choices={
            "findings": choices.findings,
            "number": choices.needs,
            "area": choices.areas,
            "topic": choices.topics,
        },
    ),
    Act(
        "reuse",
        ROOT + "/reuse",
        marked("Reuse an earlier assessment"),
        acting.to_rest,
        acting.reuse,
        ReuseBody,
        marked("Reuse it"),
        marked("The earlier assessment serves this request as well, with its findings."),
    ),
    Act(
        "sign",
        ROOT + "/sign",
        marked("Sign the assessment"),
        acting.to_sign("assessment.sign"),
        acting.sign,
        button=marked("Sign"),
        binding=marked(
            "You sign for what it says. Any change afterwards takes the signature away."
        ),
        leaf="assessment/lacks.html",
    ),
    Act(
        "acknowledge",
        ROOT + "/acknowledgements",
        marked("Acknowledge the assessment"),
        acting.to_sign("assessment.acknowledge"),
        acting.acknowledge,
        AcknowledgeBody,
        marked("Acknowledge"),
        marked("Your government says that it has seen the assessment of its country."),
        choices={"country": choices.countries},
        leaf="assessment/lacks.html",
    ),
    Act(
        "countersign",
        ROOT + "/countersignature",
        marked("Countersign the assessment"),
        acting.to_sign("assessment.countersign"),
        acting.countersign,
        button=marked("Countersign"),
        binding=marked(
            "You sign as the second person. That completes the assessment; it changes no more,"
            " and help may rest on it."
        ),
        leaf="assessment/lacks.html",
    ),
)
