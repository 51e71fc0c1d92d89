"""Changes of the compendium: proposed by one person, reviewed by another."""

from typing import Annotated, Literal

from fastapi import Query, Response

from app.api.deps import AtDesk, Cursor, Items, Limit, Number, page, router
from app.api.problems import ADDS, READS
from app.compendium import service as compendium
from app.compendium.schemas import ChangesBody, ChangesView, ReviewBody
from app.engine.areas import Areas
from app.kit.pages import DEFAULT, cut, decode
from app.matching import service as matching
from app.matching.schemas import ImpactView
from app.setting_up import WORKFLOW
from app.wiring.desk import Desk

api = router("compendium")
Status = Annotated[Literal["open", "approved", "rejected", "withdrawn"] | None, Query()]
ProposalKind = Annotated[Literal["change", "claim", "restore"] | None, Query()]


def areas_of(desk: Desk) -> Areas:
    """Return the areas whose codes entries may name: those of the newest pack."""
    return desk.shelf.latest(WORKFLOW).areas


@api.get("/compendium/proposals", response_model=Items[ChangesView], responses=READS)
def list_changes(
    desk: AtDesk,
    status: Status = None,
    kind: ProposalKind = None,
    cursor: Cursor | None = None,
    limit: Limit = DEFAULT,
) -> Response:
    """List what was proposed, oldest first; `kind=claim` are the claims of an omission (C65)."""
    after = decode(cursor, (int,))[0] if cursor else 0
    rows = compendium.proposals(desk.session, (status, kind), after, limit + 1)
    part = cut(rows, limit, lambda row: [row.id])
    return page(desk, [compendium.view_of(desk.session, row) for row in part.rows], part.next)


@api.post("/compendium/proposals", status_code=201, response_model=ChangesView, responses=ADDS)
def propose_change(desk: AtDesk, body: ChangesBody) -> Response:
    """Propose a change, claim an omission, or go back to an earlier version."""
    row = compendium.propose(desk.session, areas_of(desk), desk.actor, body)
    place = f"/api/v1/compendium/proposals/{row.id}"
    return desk.created(compendium.view_of(desk.session, row), place)


@api.get("/compendium/proposals/{number}", response_model=ChangesView, responses=READS)
def read_change(desk: AtDesk, number: Number) -> Response:
    """Read one proposal: what it would change, field by field, and what became of it."""
    row = compendium.proposal(desk.session, number)
    return desk.show(compendium.view_of(desk.session, row))


@api.post("/compendium/proposals/{number}/review", response_model=ChangesView, responses=ADDS)
def review_change(desk: AtDesk, number: Number, body: ReviewBody) -> Response:
    """Approve or reject what another person proposed; approved, it becomes a numbered version."""
    row = compendium.review(desk.session, areas_of(desk), desk.actor, number, body)
    matching.take_effect(desk.session, desk.shelf)
    return desk.show(compendium.view_of(desk.session, row))


@api.post("/compendium/proposals/{number}/withdraw", response_model=ChangesView, responses=ADDS)
def withdraw_change(desk: AtDesk, number: Number) -> Response:
    """Take one's own open proposal back."""
    row = compendium.withdraw(desk.session, desk.actor, number)
    return desk.show(compendium.view_of(desk.session, row))


@api.get("/compendium/proposals/{number}/impact", response_model=ImpactView, responses=READS)
def preview_change(desk: AtDesk, number: Number) -> Response:
    """Say which open requests a proposed change would touch, and how; nothing is changed."""
    row = compendium.proposal(desk.session, number)
    return desk.show(matching.impact(desk.session, desk.shelf, desk.actor, row))
