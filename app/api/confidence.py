"""What is held in confidence: levels, named grants, protected parts, and who opened what."""

from fastapi import Response

from app.api.deps import AtDesk, Items, Number, Reference, page, router
from app.api.problems import ADDS, CHANGES, READS
from app.requests import service as dossier
from app.requests.schemas import RequestView
from app.requests.schemas.confidence import (
    LevelBody,
    LoweringBody,
    LoweringView,
    NamedGrantBody,
    NamedGrantView,
    OpeningBody,
    OpeningView,
    ProtectedBody,
    ProtectedOpened,
    ProtectedView,
)
from app.requests.service import levels, named, protected

api = router("confidence")


@api.put("/requests/{ref}/level", response_model=RequestView, responses=CHANGES)
def raise_level(desk: AtDesk, ref: Reference, body: LevelBody) -> Response:
    """Raise the level of a request; it holds at once."""
    request = desk.request_to_change(ref)
    levels.raise_level(desk.session, desk.actor, request, body)
    view = dossier.view_of(desk.session, desk.shelf, desk.reader, request)
    return desk.show(view, request.revision)


@api.get("/requests/{ref}/lowerings", response_model=Items[LoweringView], responses=READS)
def list_lowerings(desk: AtDesk, ref: Reference) -> Response:
    """List the lowerings that were proposed."""
    rows = levels.listed(desk.session, desk.request_within(ref))
    return page(desk, [levels.view_of(desk.session, row) for row in rows])


@api.post("/requests/{ref}/lowerings", status_code=201, response_model=LoweringView, responses=ADDS)
def propose_lowering(desk: AtDesk, ref: Reference, body: LoweringBody) -> Response:
    """Propose to lower a level; it takes another person, and every country of the request."""
    request = desk.request_to_add(ref)
    row = levels.propose(desk.session, desk.actor, request, body)
    where = f"/api/v1/requests/{ref}/lowerings"
    return desk.created(levels.view_of(desk.session, row), where, request.revision)


@api.post(
    "/requests/{ref}/lowerings/{number}/confirmation",
    response_model=LoweringView,
    responses=CHANGES,
)
def confirm_lowering(desk: AtDesk, ref: Reference, number: Number) -> Response:
    """Stand behind a lowering as another person; the last that is needed carries it out."""
    request = desk.request_to_change(ref)
    row = levels.confirm(desk.session, desk.actor, request, number)
    return desk.show(levels.view_of(desk.session, row), request.revision)


@api.post(
    "/requests/{ref}/lowerings/{number}/refusal", response_model=LoweringView, responses=CHANGES
)
def refuse_lowering(desk: AtDesk, ref: Reference, number: Number) -> Response:
    """Let a proposed lowering fall."""
    request = desk.request_to_change(ref)
    row = levels.end(desk.session, desk.actor, request, number)
    return desk.show(levels.view_of(desk.session, row), request.revision)


@api.get("/requests/{ref}/named-grants", response_model=Items[NamedGrantView], responses=READS)
def list_named_grants(desk: AtDesk, ref: Reference) -> Response:
    """List who may see or open what, and until when."""
    rows = named.listed(desk.session, desk.actor, desk.request(ref))
    return page(desk, [named.view_of(desk.session, row) for row in rows])


@api.post(
    "/requests/{ref}/named-grants", status_code=201, response_model=NamedGrantView, responses=ADDS
)
def give_named_grant(desk: AtDesk, ref: Reference, body: NamedGrantBody) -> Response:
    """Let one named person see or open something; from the desk it takes the country's word."""
    request = desk.request_to_add(ref)
    row = named.give(desk.session, desk.actor, request, body)
    where = f"/api/v1/requests/{ref}/named-grants/{row.number}"
    return desk.created(named.view_of(desk.session, row), where, request.revision)


@api.post(
    "/requests/{ref}/named-grants/{number}/agreement",
    response_model=NamedGrantView,
    responses=CHANGES,
)
def agree_named_grant(desk: AtDesk, ref: Reference, number: Number) -> Response:
    """Agree for the country to a grant that the desk proposes."""
    request = desk.request_to_change(ref)
    row = named.one(desk.session, request, number)
    named.agree(desk.session, desk.actor, request, row)
    return desk.show(named.view_of(desk.session, row), request.revision)


@api.post(
    "/requests/{ref}/named-grants/{number}/revocation",
    response_model=NamedGrantView,
    responses=CHANGES,
)
def revoke_named_grant(desk: AtDesk, ref: Reference, number: Number) -> Response:
    """Revoke a grant; it is dead at once."""
    request = desk.request_to_change(ref)
    row = named.one(desk.session, request, number)
    named.revoke(desk.session, desk.actor, request, row)
    return desk.show(named.view_of(desk.session, row), request.revision)


@api.get("/requests/{ref}/protected", response_model=Items[ProtectedView], responses=READS)
def list_protected(desk: AtDesk, ref: Reference) -> Response:
    """List the protected parts, none of them opened: groups, country and region."""
    return page(desk, protected.listed(desk.session, desk.request_within(ref)))


@api.post(
    "/requests/{ref}/protected", status_code=201, response_model=ProtectedView, responses=ADDS
)
def add_protected(desk: AtDesk, ref: Reference, body: ProtectedBody) -> Response:
    """Record who is at risk: only what is needed, sealed at once."""
    request = desk.request_to_add(ref)
    row = protected.add(desk.session, desk.actor, request, body)
    where = f"/api/v1/requests/{ref}/protected/{row.number}"
    return desk.created(protected.view_of(row), where, request.revision)


@api.get("/requests/{ref}/protected/{number}", response_model=ProtectedView, responses=READS)
def read_protected(desk: AtDesk, ref: Reference, number: Number) -> Response:
    """Read one protected part without opening it."""
    row = protected.one(desk.session, desk.request_within(ref), number)
    return desk.show(protected.view_of(row))


@api.post(
    "/requests/{ref}/protected/{number}/openings", response_model=ProtectedOpened, responses=ADDS
)
def open_protected(desk: AtDesk, ref: Reference, number: Number, body: OpeningBody) -> Response:
    """Open a protected part by a named grant; the opening is recorded before the answer leaves."""
    desk.once_only()
    request = desk.request_within(ref)
    return desk.show(protected.open_part(desk.session, desk.actor, request, number, body.reason))


@api.get("/requests/{ref}/openings", response_model=Items[OpeningView], responses=READS)
def list_openings(desk: AtDesk, ref: Reference) -> Response:
    """List who opened what and why."""
    rows = protected.openings(desk.session, desk.actor, desk.request(ref))
    return page(desk, [OpeningView.model_validate(row) for row in rows])
