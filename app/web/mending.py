"""Where what stands against a step can be mended: the page of each reason, for who may open it."""

from collections.abc import Iterable
from dataclasses import dataclass

from app.kit.errors import Blocker
from app.requests.tables import AssistanceRequest
from app.web.frame import BESIDE, TABS, about
from app.web.visit import Visit

FIELD_OF = {
    "request.title_missing": "edit/what#title",
    "request.summary_missing": "edit/what#summary",
    "request.authority_missing": "edit/who#authority",
    "request.regional_needs_countries": "edit/who#countries",
    "request.needs_missing": "needs/new",
    "request.need_text_missing": "needs/{need}/edit#text",
}
"""The field that mends a reason, for who may change the texts."""
PART_OF = {
    "clarification.open": "clarifications#question-{question}",
    "assessment.incomplete": "assessment",
    "need.without_finding": "needs#need-{need}",
    "consent.sharing_refused": "consents",
}
"""The part of the request where a reason is mended, where its room does not say it."""
ROOMS = {
    **dict.fromkeys(("matter", "elements", "urgency"), "triage"),
    **dict.fromkeys(("need", "needs"), "needs"),
    "clarification": "clarifications",
    "assessment": "assessment",
    "screening": "screening",
    **dict.fromkeys(("match", "proposal", "consent"), "matching"),
    **dict.fromkeys(("programme", "activity", "delivery", "condition", "closing"), "delivery"),
}
"""The part of the request that a room has; a reason's code begins with its room."""
READS = {part: operation for part, operation, _ in (*TABS, *BESIDE)}


@dataclass(frozen=True, slots=True)
class Missing:
    """One reason against going on, and the address where it is mended, if there is one."""

    blocker: Blocker
    address: str


def lacks_of(desk: Visit, reference: str, blockers: Iterable[Blocker]) -> list[Missing]:
    """Return reasons with where each can be mended by this person."""
    return [Missing(one, _place(desk, reference, one)) for one in blockers]


def _place(desk: Visit, reference: str, blocker: Blocker) -> str:
    field = FIELD_OF.get(blocker.code, "")
    if field and desk.may("edit_request"):
        return about(reference, field.format_map(dict(blocker.params)))
    part = PART_OF.get(blocker.code) or ROOMS.get(blocker.code.partition(".")[0], "")
    if not part or not desk.may(READS[part.partition("#")[0]]):
        return ""
    return about(reference, part.format_map(dict(blocker.params)))


def missing_in(desk: Visit, request: AssistanceRequest, part: str) -> dict[str, Blocker]:
    """Return the fields of one form without which the request cannot go on, each with why."""
    onward = next(iter(desk.options(request)), None)
    found = {}
    for one in onward.blockers if onward else ():
        place, _, field = FIELD_OF.get(one.code, "").format_map(dict(one.params)).partition("#")
        if field and place == part:
            found[field] = one
    return found
