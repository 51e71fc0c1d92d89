"""The matching of a request: who covers which need, who is proposed, why, and what was answered."""

from fastapi import Response
from pydantic import BaseModel

from app.kit.text import Name, Prose
from app.matching import service as matching
from app.matching.schemas import (
    AskAgain,
    MatchingView,
    NeedMark,
    ProposalBody,
    ProposalView,
    ReasonBody,
)
from app.requests import service as dossier
from app.requests.tables import AssistanceRequest
from app.web import acts
from app.web.acts import Act, Params, Subject
from app.web.answering import to_answer, to_consent
from app.web.candidates import compared, coverage, why_not
from app.web.following import OFFERING
from app.web.forms import Choices
from app.web.frame import about, framed, of_request
from app.web.labels import named
from app.web.texts import marked
from app.web.visit import AtVisit, Visit, router

api = router()
TAB = "matching"
SHOWN = 4
"""So many proposals stand side by side."""


@api.get("/requests/{ref}/matching")
def page_matching(desk: AtVisit, ref: str) -> Response:
    """Show the coverage, the proposal with its reasons, and the answers to it."""
    request = desk.request(ref)
    view: MatchingView = desk.open_part(
        matching.overview(desk.session, desk.shelf, request, desk.own())
    )
    needs = [one for one in dossier.needs(desk.session, request) if not one.dropped]
    proposal = None if _over(desk, request, view.proposal) else view.proposal
    content = proposal.content if proposal else view.outlook
    numbers = [one.number for one in needs]
    shown = {
        "view": view,
        "proposal": proposal,
        "content": content,
        "rows": coverage(view.candidates or (), proposal or content, numbers),
        "needs": needs,
        "texts": {one.number: one.text for one in needs},
        "to_answer": to_answer(desk, proposal),
        "to_consent": to_consent(desk, request, proposal),
        "against": why_not(content),
        "what_if": WHAT_IF,
        "offers": [o for o in desk.options(request) if OFFERING.intersection(o.transition.effects)],
        "flagged": [one for one in view.basis or () if _flagged(one.treatment, one.confirmed_at)],
    }
    return framed(desk, request, TAB, "request/matching.html", **shown)


def _over(desk: Visit, request: AssistanceRequest, view: ProposalView | None) -> bool:
    """Whether the latest proposal came to nothing, and another may be prepared."""
    states = desk.shelf.get(request.workflow, request.workflow_version).definition.states
    again = "matching.write" in states[request.state].acts
    return again and view is not None and view.status in ("declined", "superseded")


def _flagged(treatment: str, confirmed: object) -> bool:
    return treatment == "flagged" and confirmed is None


WHAT_IF = {
    "reachable": marked("somebody answered for {entity}"),
    "capacity": marked("{entity} had capacity"),
    "not_declined": marked("{entity} had not declined"),
    "covers": marked("a mandate of {entity} covered need {need}"),
    "leads": marked("{entity} led in the subject of need {need}"),
    "out": marked("{entity} could not be asked"),
}
"""What could be different, in words."""


@api.get("/requests/{ref}/matching/proposals")
def page_proposals(desk: AtVisit, ref: str) -> Response:
    """Show the latest proposals side by side, and what each changed."""
    request = desk.request(ref)
    rows = matching.proposals(desk.session, request, desk.own())
    views: list[ProposalView] = [
        desk.open_part(matching.view_of(desk.session, row)) for row in rows[-SHOWN:]
    ]
    needs = [one for one in dossier.needs(desk.session, request) if not one.dropped]
    shown = {
        "proposals": views,
        "earlier": len(rows) - len(views),
        "needs": needs,
        "given": compared(views),
    }
    return framed(desk, request, TAB, "request/proposals.html", **shown)


class PrepareBody(BaseModel):
    """A new proposal; an entity that declined is asked again by name alone, with a reason."""

    again: Name | None = None
    why_again: Prose = ""


def _subject(desk: Visit, params: Params) -> Subject:
    return of_request(desk.request(params["ref"]), _back(params))


def _back(params: Params) -> tuple[str, str]:
    return about(params["ref"], TAB), marked("Matching")


def _prepare(desk: Visit, params: Params, body: PrepareBody) -> str:
    request = desk.request_to_add(params["ref"])
    again = (AskAgain(entity=body.again, reason=body.why_again),) if body.again else ()
    wish = ProposalBody(ask_again=again)
    desk.sent = (wish,)
    matching.prepare(desk.session, desk.shelf, desk.actor, request, wish)
    return about(params["ref"], TAB)


def _marking(desk: Visit, params: Params) -> Subject:
    request = desk.request(params["ref"])
    number = int(params["number"])
    found = [one.text for one in dossier.needs(desk.session, request) if one.number == number]
    whole = of_request(request, _back(params))
    return Subject({}, whole.revision, whole.crumbs, tuple(found))


def _mark(desk: Visit, params: Params, body: NeedMark) -> str:
    request = desk.request_to_change(params["ref"])
    given = (int(params["number"]), body)
    matching.mark_need(desk.session, desk.shelf, desk.actor, request, given)
    return about(params["ref"], TAB)


def _confirm(desk: Visit, params: Params, body: ReasonBody) -> str:
    request = desk.request_to_change(params["ref"])
    matching.confirm_basis(desk.session, desk.actor, request, body)
    desk.settle(request)
    return about(params["ref"], TAB)


def _here(desk: Visit) -> AssistanceRequest:
    return desk.request(desk.http.path_params["ref"])


def _declined(desk: Visit) -> Choices:
    rows = matching.proposals(desk.session, _here(desk), desk.own())
    said = [a for row in rows for a in matching.view_of(desk.session, row).responses]
    return named(desk, sorted({a.entity for a in said if not a.accepted}))


ACTS = (
    Act(
        "prepare_proposal",
        "/requests/{ref}/matching/prepare",
        marked("Prepare a proposal"),
        _subject,
        _prepare,
        PrepareBody,
        marked("Prepare it"),
        marked("Nobody is asked yet: you look at it first, then offer it."),
        {"again": _declined},
    ),
    Act(
        "mark_need",
        "/requests/{ref}/needs/{number:int}/mark",
        marked("Say whether an entity is to answer for a need"),
        _marking,
        _mark,
        NeedMark,
        binding=marked("A marked need is put to nobody, and the proposal says why."),
    ),
    Act(
        "confirm_basis",
        "/requests/{ref}/matching/basis",
        marked("Let the proposal stand"),
        _subject,
        _confirm,
        ReasonBody,
        marked("Let it stand"),
        marked("The mandates behind it have changed. Your reason is kept with it."),
    ),
)
acts.install(api, ACTS)
