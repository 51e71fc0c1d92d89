"""Matching: candidates with reasons, proposals, what entities answer, the country's consent."""

from typing import Annotated

from fastapi import Path, Response

from app.api.deps import AtDesk, Cursor, Items, Limit, Reference, page, router
from app.api.problems import ADDS, CHANGES, READS
from app.kit.pages import MOST, cut, decode
from app.matching import service as matching
from app.matching.schemas import (
    MatchConsentBody,
    MatchingView,
    NeedMark,
    OfferView,
    ProposalBody,
    ProposalLine,
    ProposalView,
    ReasonBody,
    ResponseBody,
)
from app.requests import concerns
from app.requests import service as dossier
from app.requests.schemas import AssignmentView, NeedView
from app.requests.tables import AssistanceRequest
from app.wiring.desk import Desk

api = router("matching")
Place = Annotated[int, Path(ge=1, le=2**31 - 1)]


def _standing(desk: Desk, request: AssistanceRequest) -> MatchingView:
    """Return where a matching stands, as far as it concerns who asks."""
    return matching.overview(desk.session, desk.shelf, request, desk.own())


@api.get("/requests/{ref}/matching", response_model=MatchingView, responses=READS)
def read_matching(desk: AtDesk, ref: Reference) -> Response:
    """Read the candidates as of now with the reasons, the latest proposal and the answers to it.

    An entity reads what concerns itself: the needs offered to it and its own answer.
    """
    request = desk.request(ref)
    return desk.show(_standing(desk, request))


@api.get("/requests/{ref}/matching/proposals", response_model=Items[ProposalLine], responses=READS)
def list_proposals(
    desk: AtDesk, ref: Reference, limit: Limit = MOST, cursor: Cursor | None = None
) -> Response:
    """List the proposals of a request, oldest first."""
    after = decode(cursor, (int,))[0] if cursor else 0
    rows = [
        r
        for r in matching.proposals(desk.session, desk.request(ref), desk.own())
        if r.number > after
    ]
    part = cut(rows, limit, lambda row: [row.number])
    return page(desk, [matching.line_of(row) for row in part.rows], part.next)


@api.get(
    "/requests/{ref}/matching/proposals/{number}", response_model=ProposalView, responses=READS
)
def read_proposal(desk: AtDesk, ref: Reference, number: Place) -> Response:
    """Read one proposal as it was stored, with the inputs that it rests on."""
    row = matching.proposal(desk.session, desk.request(ref), number, desk.own())
    return desk.show(matching.view_of(desk.session, row))


@api.post(
    "/requests/{ref}/matching/proposals",
    status_code=201,
    response_model=ProposalView,
    responses=ADDS,
)
def prepare_proposal(desk: AtDesk, ref: Reference, body: ProposalBody | None = None) -> Response:
    """Prepare a proposal from the needs as they stand; who declined is asked again only by name."""
    request = desk.request_to_add(ref)
    wish = body or ProposalBody()
    row = matching.prepare(desk.session, desk.shelf, desk.actor, request, wish)
    place = f"/api/v1/requests/{ref}/matching/proposals/{row.number}"
    return desk.created(matching.view_of(desk.session, row), place)


@api.post("/requests/{ref}/matching/responses", response_model=MatchingView, responses=CHANGES)
def respond(desk: AtDesk, ref: Reference, body: ResponseBody) -> Response:
    """Accept or decline the offered proposal for one's entity; who declines sees nothing newer."""
    request = desk.request_to_change(ref)
    matching.respond(desk.session, desk.shelf, desk.actor, request, body)
    last = matching.overview(desk.session, desk.shelf, request, desk.own())
    desk.settle(request)
    view = (
        matching.overview(desk.session, desk.shelf, request, desk.own()) if body.accepted else last
    )
    return desk.show(view, view.revision)


@api.post("/requests/{ref}/matching/consents", response_model=MatchingView, responses=CHANGES)
def consent(desk: AtDesk, ref: Reference, body: MatchConsentBody) -> Response:
    """Say whether one's country consents to the accepted proposal."""
    request = desk.request_to_change(ref)
    matching.consent(desk.session, desk.shelf, desk.actor, request, body)
    desk.settle(request)
    return desk.show(
        matching.overview(desk.session, desk.shelf, request, desk.own()), request.revision
    )


@api.post("/requests/{ref}/matching/basis", response_model=MatchingView, responses=CHANGES)
def confirm_basis(desk: AtDesk, ref: Reference, body: ReasonBody) -> Response:
    """Confirm, with a reason, a proposal whose basis in the compendium has changed."""
    request = desk.request_to_change(ref)
    matching.confirm_basis(desk.session, desk.actor, request, body)
    desk.settle(request)
    return desk.show(
        matching.overview(desk.session, desk.shelf, request, desk.own()), request.revision
    )


@api.put("/requests/{ref}/needs/{number:int}/mark", response_model=NeedView, responses=CHANGES)
def mark_need(desk: AtDesk, ref: Reference, number: Place, body: NeedMark) -> Response:
    """Say, with a reason, whether an entity is to answer for a need at all (F2, F15)."""
    request = desk.request_to_change(ref)
    row = matching.mark_need(desk.session, desk.shelf, desk.actor, request, (number, body))
    return desk.show(NeedView.model_validate(row), request.revision)


@api.get("/me/offers", response_model=Items[OfferView], responses=READS)
def list_offers(desk: AtDesk) -> Response:
    """List what one's entities were asked and how they answered, also where they are out."""
    return page(desk, matching.offers(desk.session, desk.actor))


@api.get("/requests/{ref}/assignments", response_model=Items[AssignmentView], responses=READS)
def list_assignments(desk: AtDesk, ref: Reference) -> Response:
    """List which entity answers for which need, by an accepted proposal."""
    request = desk.request(ref)
    own = concerns.newcomer(desk.session, desk.actor, request)
    return page(desk, dossier.assignments(desk.session, request, own))
