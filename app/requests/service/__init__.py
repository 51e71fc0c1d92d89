"""What one can do with a dossier; split by subject, used as one module."""

from app.requests.service.documents import document
from app.requests.service.drafts import add_need, edit, edit_need, open_draft
from app.requests.service.facts import (
    clarification_facts,
    consent_facts,
    element_verdicts,
    need_facts,
    open_conditions,
    record_facts,
    text_facts,
)
from app.requests.service.lines import line_of, lines
from app.requests.service.lists import beginnings, count, search
from app.requests.service.parts import (
    add_comment,
    add_standing_work,
    answer,
    ask,
    consent,
    judge_element,
    meet_condition,
)
from app.requests.service.reading import (
    assignments,
    attachments,
    clarifications,
    comments,
    conditions,
    consents,
    elements,
    label,
    needs,
    standing_work,
    status_of,
    versions,
    view_of,
)
from app.requests.service.suggesting import suggestions
from app.requests.service.triage import ask_urgency, decide_matter, settle_urgency

__all__ = [
    "add_comment",
    "add_need",
    "add_standing_work",
    "answer",
    "ask",
    "ask_urgency",
    "assignments",
    "attachments",
    "beginnings",
    "clarification_facts",
    "clarifications",
    "comments",
    "conditions",
    "consent",
    "consent_facts",
    "consents",
    "count",
    "decide_matter",
    "document",
    "edit",
    "edit_need",
    "element_verdicts",
    "elements",
    "judge_element",
    "label",
    "line_of",
    "lines",
    "meet_condition",
    "need_facts",
    "needs",
    "open_conditions",
    "open_draft",
    "record_facts",
    "search",
    "settle_urgency",
    "standing_work",
    "status_of",
    "suggestions",
    "text_facts",
    "versions",
    "view_of",
]
