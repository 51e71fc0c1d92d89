"""What the fields of an assessment and a screening are called, by the form they stand in."""

from collections.abc import Iterator, Mapping

from app.web.texts import marked

LEFT_OUT = marked("The reason why this area is left out; empty means that it is assessed.")
PLAN = {
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
ANSWER = {
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
NEED = {
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
RESULT = {
    "topic": (marked("Topic"), ""),
    "text": (marked("What was found"), ""),
    "risk_factor": (marked("Risk factor behind it"), ""),
}
VISIT = {
    "country": (marked("Country"), ""),
    "place": (marked("Place"), ""),
    "host": (marked("Host"), marked("Who received the team.")),
    "starts_on": (marked("First day"), ""),
    "ends_on": (marked("Last day"), marked("Days are recorded once they have passed.")),
}
HEARD = {
    "group": (marked("Stakeholder group"), ""),
    "held_on": (marked("Held on"), ""),
    "who": (marked("Who was heard"), ""),
    "note": (marked("Note"), ""),
}
CONDITION = {
    "condition": (marked("Condition"), marked("What must be done; it goes with the help.")),
    "due_on": (marked("Condition due on"), ""),
    "reason": (marked("Reason"), marked("What you rest this on; it stays on record.")),
}
PRINCIPLE = {
    "finding": (marked("Finding"), marked("No better than the criteria allow.")),
    "infringing": (
        marked("The purpose itself offends against this principle"),
        marked("No condition cures that: the request is declined."),
    ),
    **CONDITION,
}
DECISION = {
    "outcome": (
        marked("Outcome"),
        marked("What the findings lead to, or something stricter."),
    ),
    "reason": (marked("Reason"), marked("The country reads it.")),
}
EARLIER = (
    marked("Reference of the earlier request"),
    marked("Of the same country, with a completed and valid assessment."),
)
FORMS: Mapping[str, Mapping[str, tuple[str, str]]] = {
    "PlanForm": PLAN,
    "EditForm": PLAN,
    "AnswerForm": ANSWER,
    "VisitBody": VISIT,
    "ConsultationBody": HEARD,
    "RiskForm": {"dated": (marked("Dated"), "")},
    "FindingBody": RESULT,
    "NeedForm": NEED,
    "ReuseBody": {"assessment_of": EARLIER},
    "AcknowledgeBody": {"country": (marked("For"), "")},
    "CriterionBody": {"verdict": (marked("Verdict"), ""), **CONDITION},
    "PrincipleBody": PRINCIPLE,
    "DecisionBody": DECISION,
}
"""By the form: what its fields are called, each with its hint."""


def _of_forms() -> Iterator[tuple[str, tuple[str, str]]]:
    for form, names in FORMS.items():
        yield from ((f"{form}.{name}", said) for name, said in names.items())


LABELS = dict(_of_forms())
"""The same by `Form.field`."""
