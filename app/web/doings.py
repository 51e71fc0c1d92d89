"""What one may do with a request now, what not and why, and what is for others to do."""

from dataclasses import dataclass

from app.engine.definition import WorkflowDefinition
from app.engine.machine import Option
from app.engine.vocabulary import SYSTEM
from app.lifecycle.vocabulary import ACTS
from app.requests import access
from app.requests.tables import AssistanceRequest
from app.web.frame import about
from app.web.mending import Missing, lacks_of
from app.web.visit import Visit

PLACES = {
    "request.edit": "filing",
    "urgency.ask": "urgency",
    "urgency.settle": "urgency/settle",
    "triage.write": "triage",
    "clarification.answer": "clarifications",
    "assessment.write": "assessment",
    "self_assessment.write": "assessment",
    "assessment.sign": "assessment",
    "assessment.acknowledge": "assessment",
    "assessment.countersign": "assessment",
    "screening.write": "screening",
    "screening.decide": "screening",
    "screening.confirm": "screening",
    "matching.write": "matching",
    "matching.respond": "matching",
    "match.consent": "matching",
    "delivery.write": "delivery",
    "closing.write": "delivery",
    "delivery.report": "delivery",
    "delivery.measure": "delivery",
    "condition.meet": "delivery",
    "programme.leave": "delivery",
    "programme.lead": "delivery",
    "clarification.ask": "clarifications/new",
    "consent.write": "consents",
    "attachment.add": "documents",
    "comment.add": "remarks/new",
}
"""Where each act is done, in the order in which they are told: of those at one place the first."""
ASKED, CONFIRMED = "asked", "confirmed"
"""How an urgent mark stands that is to be settled, and one that is."""


@dataclass(frozen=True, slots=True)
class Doing:
    """One thing that one may do: its text in English, and where."""

    text: str
    address: str


@dataclass(frozen=True, slots=True)
class Shut:
    """One thing that would be one's to do, and what stands against it, with where it is mended."""

    text: str
    lacks: tuple[Missing, ...]


@dataclass(frozen=True, slots=True)
class Others:
    """One thing that is for others to do: for whom, and by which paragraph."""

    text: str
    roles: tuple[str, ...]
    cite: str = ""


@dataclass(frozen=True, slots=True)
class Doings:
    """All of it, for one person; `turn`: it is this person's, and that of `beside` as well."""

    turn: bool
    beside: tuple[str, ...]
    acts: tuple[Doing, ...]
    steps: tuple[Doing, ...]
    shut: tuple[Shut, ...]
    others: tuple[Others, ...]


def doings_of(desk: Visit, request: AssistanceRequest) -> Doings:
    """Return what this person may do with a request now, and what not."""
    definition = desk.shelf.get(request.workflow, request.workflow_version).definition
    roles = access.standing_of(desk.session, request).roles(desk.actor)
    options = desk.options(request)
    turn = definition.states[request.state].turn
    others = _acts_of_others(desk, definition, request)
    return Doings(
        not roles.isdisjoint(turn),
        tuple(role for role in turn if role not in roles),
        _acts(desk, request),
        tuple(_step(request, one) for one in options if one.allowed),
        (*_shut_acts(desk, request), *_shut_steps(desk, request, options)),
        (*others, *_steps_of_others(definition, request, roles)),
    )


def _acts(desk: Visit, request: AssistanceRequest) -> tuple[Doing, ...]:
    """Return the acts that are open, one a place."""
    found: dict[str, Doing] = {}
    for act, part in PLACES.items():
        if desk.acts.get(act) and _has_occasion(act, request.urgency):
            found.setdefault(part, Doing(ACTS[act], about(request.reference, part)))
    return tuple(found.values())


def _has_occasion(act: str, urgency: str) -> bool:
    """Whether there is an occasion for an act: an urgent mark is asked for once, then settled."""
    if act == "urgency.settle":
        return urgency == ASKED
    return act != "urgency.ask" or urgency not in (ASKED, CONFIRMED)


def _step(request: AssistanceRequest, option: Option) -> Doing:
    move = option.transition
    return Doing(move.label, about(request.reference, f"moves/{move.trigger}"))


def _shut_acts(desk: Visit, request: AssistanceRequest) -> list[Shut]:
    """Return the acts for which one has the role, yet something stands against."""
    return [
        Shut(ACTS[act], tuple(lacks_of(desk, request.reference, against)))
        for act, against in desk.hindrances.items()
        if against
    ]


def _shut_steps(desk: Visit, request: AssistanceRequest, options: list[Option]) -> list[Shut]:
    return [
        Shut(one.transition.label, tuple(lacks_of(desk, request.reference, one.blockers)))
        for one in options
        if not one.allowed
    ]


def _acts_of_others(
    desk: Visit, definition: WorkflowDefinition, request: AssistanceRequest
) -> list[Others]:
    """Return the acts that take roles which one does not hold here."""
    roles = definition.states[request.state].acts
    return [
        Others(ACTS[act], roles[act]) for act, against in desk.hindrances.items() if against is None
    ]


def _steps_of_others(
    definition: WorkflowDefinition, request: AssistanceRequest, own: frozenset[str]
) -> list[Others]:
    """Return the steps from here that take roles which one does not hold here."""
    found = []
    for one in definition.transitions:
        by = tuple(role for role in one.by if role != SYSTEM)
        if request.state in one.source and by and own.isdisjoint(by):
            found.append(Others(one.label, by, one.cite))
    return found
