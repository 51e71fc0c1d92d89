"""What a step of the way does, and to whom: told on its page before it is taken."""

from collections.abc import Mapping
from dataclasses import dataclass

from app.engine.machine import Option
from app.matching import service as matching
from app.requests import service as dossier
from app.requests.tables import AssistanceRequest
from app.web.texts import marked
from app.web.visit import Visit

DOES: Mapping[str, str] = {
    "file_request": marked(
        "The request counts as filed: others than its coordinators see it from then on."
    ),
    "start_screening": marked("A new round of screening opens."),
    "carry_conditions": marked("The conditions of the screening become duties of the request."),
    "reopen_assessment": marked(
        "The assessment counts as complete no more: screening, match and consent follow anew."
    ),
    "file_appeal": marked("The country's one appeal is recorded; there is no second."),
    "dismiss_appeal": marked("The appeal is dismissed."),
    "grant_appeal": marked("The appeal is granted."),
    "start_matching": marked(
        "Earlier proposals are put aside. Who declined stays out of the next one."
    ),
    "offer_proposal": marked("Their focal points see the request from then on."),
    "accept_proposal": marked("The proposal counts as accepted by every entity."),
    "decline_proposal": marked("The proposal counts as declined."),
    "end_offers": marked("No entity is waited for any more."),
    "offer_replacement": marked("Who is at work goes on meanwhile."),
    "decline_replacement": marked("The open needs wait again; who is at work goes on."),
    "end_replacement": marked("Nobody is asked any more to take over open needs."),
    "open_programme": marked("The needs are given to their entities, and help may begin."),
    "stop_activities": marked("What is finished stays finished; all other activities stop."),
    "keep_lesson": marked("Everybody who is signed in can read the lesson from then on."),
}
"""What each effect of a transition means for people."""
OFFERING = frozenset({"offer_proposal", "offer_replacement"})
"""The effects by which what is prepared is put to its entities."""


@dataclass(frozen=True, slots=True)
class Following:
    """What a step does: whither it leads, whose turn it is then, what else, who is asked and told.

    `now` and `then` are called as the reader calls them, `public` as the country does where the
    reader does not; `asked` are entities with the numbers of their needs.
    """

    now: str
    then: str
    public: str
    ends: bool
    turn: tuple[str, ...]
    days: int | None
    does: tuple[str, ...]
    asked: Mapping[str, list[str]]
    told: tuple[str, ...]


def following(desk: Visit, request: AssistanceRequest, option: Option) -> Following:
    """Return what a step from where a request stands does."""
    states = desk.shelf.get(request.workflow, request.workflow_version).definition.states
    target, transition = states[option.target], option.transition
    urgent = target.urgent_due_days if request.urgency == "confirmed" else None
    then = dossier.label(desk.reader, target)
    public = desk.reader.texts.text(target.public, desk.reader.language)
    return Following(
        now=dossier.label(desk.reader, states[request.state]),
        then=then,
        public="" if public == then else public,
        ends=target.final,
        turn=target.turn,
        days=None if target.pauses else urgent or target.due_days,
        does=tuple(DOES[one] for one in transition.effects),
        asked=_asked(desk, request) if OFFERING.intersection(transition.effects) else {},
        told=transition.notify,
    )


def _asked(desk: Visit, request: AssistanceRequest) -> dict[str, list[str]]:
    """Return who will be asked for which needs by what is prepared."""
    found: dict[str, list[str]] = {}
    rows = matching.proposals(desk.session, request, desk.own())
    if rows and rows[-1].status == "prepared":
        for one in matching.view_of(desk.session, rows[-1]).assignments:
            if not one.kept:
                found.setdefault(one.entity, []).append(str(one.need))
    return found
