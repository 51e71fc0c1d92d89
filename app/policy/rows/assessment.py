"""The in-country assessment and the impact."""

from app.policy.rule import Rule

WRITE = ("assessment.write",)
EITHER = ("assessment.write", "self_assessment.write")
"""A government leads its self-assessment; the kind decides which act it is."""

ROWS = (
    Rule("list_assessments", "read", within=True),
    Rule("read_assessment", "read", within=True),
    Rule("plan_assessment", "write", acts=EITHER),
    Rule("edit_assessment", "write", acts=EITHER),
    Rule("read_questionnaire", "read", within=True),
    Rule("list_answers", "read", within=True),
    Rule("put_answer", "write", acts=EITHER),
    Rule("read_profile", "read", within=True),
    Rule("list_visits", "read", within=True),
    Rule("add_visit", "write", acts=EITHER),
    Rule("list_consultations", "read", within=True),
    Rule("add_consultation", "write", acts=EITHER),
    Rule("read_risk", "read", within=True),
    Rule("put_risk", "write", acts=EITHER),
    Rule("list_findings", "read", within=True),
    Rule("add_finding", "write", acts=EITHER),
    Rule("list_rested_needs", "read"),
    Rule("rest_need", "write", acts=WRITE),
    Rule("reuse", "write", acts=WRITE),
    Rule("sign", "decide", acts=("assessment.sign", "self_assessment.write")),
    Rule("acknowledge", "decide", acts=("assessment.acknowledge",), second="who signed"),
    Rule("countersign", "decide", acts=("assessment.countersign",), second="who signed"),
    Rule("read_impact", "read", within=True),
)
