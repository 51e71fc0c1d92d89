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
from app.web.labels import Named
from app.web.texts import marked

LEFT_OUT = marked("The reason why this area is left out; empty means that it is assessed.")
PLAN: dict[str, Named] = {
    "kind": (
        marked("Kind"),
        marked("A comprehensive one opens all help; a rapid one only the first, in an emergency."),
    ),
    "starts_on": (marked("First day in the country"), ""),
    "ends_on": (marked("Last day in the country"), ""),
    "place": (marked("Place"), ""),
    "team": (marked("Team"), marked("One a line: name; entity; role.")),
    "hosts": (marked("Counterparts in the country"), marked("One a line: name; office.")),
    "waived_a": (marked("Area A is left out because"), LEFT_OUT),
    "waived_b": (marked("Area B is left out because"), LEFT_OUT),
    "waived_c": (marked("Area C is left out because"), LEFT_OUT),
    "waived_d": (marked("Area D is left out because"), LEFT_OUT),
    "waived_e": (marked("Area E is left out because"), LEFT_OUT),
    "comprehensive_due": (
        marked("Day of the comprehensive assessment"),
        marked("For a rapid one only: when the comprehensive one follows."),
    ),
    "void": (
        marked("Give this assessment up"),
        marked("What it found stays on record, but nothing rests on it any more."),
    ),
}
ANSWER: dict[str, Named] = {
    "value": (marked("Answer"), ""),
    "note": (marked("Note"), marked("Where it does not apply, say why.")),
    "answered_on": (marked("Answered on"), marked("Empty means today.")),
    "kept": (marked("Evidence that stays"), marked("Untick what no longer supports the answer.")),
    "kind": (marked("Further evidence: kind"), ""),
    "source": (marked("Source"), marked("Which document, law, person or place.")),
    "dated": (marked("Dated"), ""),
    "in_country": (marked("Seen in the country"), ""),
    "attachment": (marked("Document of this request"), ""),
}
NEED: dict[str, Named] = {
    "findings": (marked("Findings that it rests on"), ""),
    "number": (
        marked("Need of the request"),
        marked("Choose one, or describe a new one below."),
    ),
    "area": (marked("Area of the new need"), ""),
    "topic": (marked("Topic"), ""),
    "kind": (marked("Kind of assistance"), marked("Its code, such as training.")),
    "text": (marked("What is needed"), ""),
    "priority": (marked("Priority"), marked("1 is the most urgent, 5 the least.")),
}
RESULT: dict[str, Named] = {
    "topic": (marked("Topic"), ""),
    "text": (marked("What was found"), ""),
    "risk_factor": (marked("Risk factor behind it"), ""),
}
VISIT: dict[str, Named] = {
    "country": (marked("Country"), ""),
    "place": (marked("Place"), ""),
    "host": (marked("Host"), marked("Who received the team.")),
    "starts_on": (marked("First day"), ""),
    "ends_on": (marked("Last day"), marked("Days are recorded once they have passed.")),
}
HEARD: dict[str, Named] = {
    "group": (marked("Stakeholder group"), ""),
    "held_on": (marked("Held on"), ""),
    "who": (marked("Who was heard"), ""),
    "note": (marked("Note"), ""),
}
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
        labels=PLAN,
    ),
    Act(
        "edit_assessment",
        ROOT + "/edit",
        marked("Change the plan"),
        acting.planned,
        acting.edit,
        EditForm,
        labels=PLAN,
    ),
    Act(
        "put_answer",
        ROOT + "/answers/{code}",
        marked("Answer a question"),
        acting.to_answer,
        acting.answer,
        AnswerForm,
        choices={"kept": choices.evidence, "attachment": choices.documents},
        labels=ANSWER,
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
        labels=VISIT,
    ),
    Act(
        "add_consultation",
        ROOT + "/consultations",
        marked("Record a consultation"),
        acting.written,
        acting.adding(service.add_consultation, "consultations"),
        ConsultationBody,
        choices={"group": choices.groups},
        labels=HEARD,
    ),
    Act(
        "put_risk",
        ROOT + "/risk",
        marked("Crime and risk assessment"),
        acting.risk_now,
        acting.put_risk,
        RiskForm,
        left_out=("content",),
        labels={"dated": (marked("Dated"), "")},
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
        labels=RESULT,
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
        labels=NEED,
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
        labels={
            "assessment_of": (
                marked("Reference of the earlier request"),
                marked("Of the same country, with a completed and valid assessment."),
            )
        },
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
        labels={"country": (marked("For"), ""), "note": (marked("Note"), "")},
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
