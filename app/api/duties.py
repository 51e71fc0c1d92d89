"""Separation of duties: recusals, declared interests, delegations."""

from fastapi import Response

from app.api.deps import AtDesk, Items, Number, Reference, page, router
from app.api.problems import ADDS, READS
from app.directory import delegations, interests
from app.directory.schemas import (
    DelegationBody,
    DelegationView,
    InterestBody,
    InterestView,
    RecusalBody,
)
from app.lifecycle.vocabulary import ACTS
from app.requests.service import recusals

api = router("duties")


@api.post("/requests/{ref}/recusals", status_code=201, response_model=InterestView, responses=ADDS)
def recuse(desk: AtDesk, ref: Reference, body: RecusalBody) -> Response:
    """Recuse oneself: one acts in this request no more, in any role; nobody takes it back."""
    request = desk.to_add(desk.found(ref))
    row = recusals.recuse(desk.session, desk.actor, request, body.reason)
    return desk.created(InterestView.model_validate(row), f"/api/v1/requests/{ref}/recusals")


@api.get("/requests/{ref}/recusals", response_model=Items[InterestView], responses=READS)
def list_recusals(desk: AtDesk, ref: Reference) -> Response:
    """List the recusals of a request: all for the desk and auditors, else one's own."""
    return page(desk, recusals.recusals(desk.session, desk.actor, desk.request(ref)))


@api.post("/me/interests", status_code=201, response_model=InterestView, responses=ADDS)
def declare_interest(desk: AtDesk, body: InterestBody) -> Response:
    """Declare an interest in an entity or a country: one judges nothing of theirs meanwhile."""
    row = interests.declare(desk.session, desk.actor, body)
    return desk.created(InterestView.model_validate(row), "/api/v1/me/interests")


@api.get("/me/interests", response_model=Items[InterestView], responses=READS)
def list_interests(desk: AtDesk) -> Response:
    """List what one has declared, recusals included."""
    rows = interests.interests(desk.session, desk.actor.person_id or 0)
    return page(desk, [InterestView.model_validate(row) for row in rows])


@api.post(
    "/me/interests/{number}/end", status_code=201, response_model=InterestView, responses=ADDS
)
def end_interest(desk: AtDesk, number: Number) -> Response:
    """End an interest from this moment on; a recusal is never taken back."""
    row = interests.end(desk.session, desk.actor, number)
    return desk.created(InterestView.model_validate(row), "/api/v1/me/interests")


@api.get("/people/{number}/interests", response_model=Items[InterestView], responses=READS)
def list_interests_of(desk: AtDesk, number: Number) -> Response:
    """List what a person has declared (desk and auditors)."""
    rows = interests.interests(desk.session, number)
    return page(desk, [InterestView.model_validate(row) for row in rows])


@api.post("/me/delegations", status_code=201, response_model=DelegationView, responses=ADDS)
def delegate(desk: AtDesk, body: DelegationBody) -> Response:
    """Lend one of one's own grants to another person, for at most 90 days.

    The delegate sends `Delegation: <id>` with each call that is made on behalf of the lender.
    """
    known = {t for pack in desk.shelf for one in pack.definition.transitions for t in [one.trigger]}
    made = delegations.delegate(desk.session, desk.actor, body, known | set(ACTS))
    return desk.created(made, "/api/v1/me/delegations")


@api.get("/me/delegations", response_model=Items[DelegationView], responses=READS)
def list_delegations(desk: AtDesk) -> Response:
    """List the delegations one has given and received, oldest first."""
    return page(desk, delegations.delegations(desk.session, desk.actor))


@api.post(
    "/me/delegations/{number}/revocation",
    status_code=201,
    response_model=DelegationView,
    responses=ADDS,
)
def revoke_delegation(desk: AtDesk, number: Number) -> Response:
    """Revoke a delegation that one has given, or give back one received: at once."""
    revoked = delegations.revoke(desk.session, desk.actor, number)
    return desk.created(revoked, "/api/v1/me/delegations")
