"""Holds and erasures: what must stay, and what goes for good."""

from fastapi import Response

from app.api.deps import AtDesk, Items, Number, Reference, page, router
from app.api.problems import ADDS, READS, shown, speech_of
from app.requests.tables import AssistanceRequest
from app.retention import service as retention
from app.retention.schemas import AgainstView, ErasureView, GoingView, HoldView, ReasonBody
from app.wiring.desk import Desk

api = router("retention")


@api.get("/requests/{ref}/holds", response_model=Items[HoldView], responses=READS)
def list_holds(desk: AtDesk, ref: Reference) -> Response:
    """List the legal holds of a request, those that were lifted too."""
    request = retention.find(desk.session, desk.actor, ref)
    return page(desk, retention.holds(desk.session, request))


@api.post("/requests/{ref}/holds", status_code=201, response_model=Items[HoldView], responses=ADDS)
def place_hold(desk: AtDesk, ref: Reference, body: ReasonBody) -> Response:
    """Hold a request: nothing of it is erased until another person lifts this."""
    request = retention.find(desk.session, desk.actor, ref, lock=True)
    row = retention.place(desk.session, desk.actor, request, body)
    held = {"items": retention.holds(desk.session, request), "next": None}
    return desk.created(held, f"/api/v1/requests/{ref}/holds/{row.number}")


@api.post("/requests/{ref}/holds/{number}/lift", response_model=Items[HoldView], responses=ADDS)
def lift_hold(desk: AtDesk, ref: Reference, number: Number, body: ReasonBody) -> Response:
    """Lift a hold that another person placed."""
    request = retention.find(desk.session, desk.actor, ref, lock=True)
    retention.lift(desk.session, desk.actor, request, number, body)
    return page(desk, retention.holds(desk.session, request))


@api.get("/requests/{ref}/erasure", response_model=ErasureView, responses=READS)
def read_erasure(desk: AtDesk, ref: Reference) -> Response:
    """Say what an erasure would take, and what stands against it: nothing is changed."""
    request = retention.find(desk.session, desk.actor, ref)
    return desk.show(_view(desk, request))


@api.post("/requests/{ref}/erasure", status_code=201, response_model=ErasureView, responses=ADDS)
def ask_erasure(desk: AtDesk, ref: Reference, body: ReasonBody) -> Response:
    """Ask that a request that has ended be erased; another administrator must confirm."""
    request = retention.find(desk.session, desk.actor, ref, lock=True)
    retention.ask(desk.session, desk.shelf, desk.actor, request, body)
    return desk.created(_view(desk, request), f"/api/v1/requests/{ref}/erasure")


@api.post("/requests/{ref}/erasure/confirm", response_model=ErasureView, responses=ADDS)
def confirm_erasure(desk: AtDesk, ref: Reference) -> Response:
    """Confirm what another administrator asked for: the content is gone for good."""
    request = retention.find(desk.session, desk.actor, ref, lock=True)
    retention.confirm(desk.session, desk.shelf, desk.actor, request)
    return desk.show(_view(desk, request))


def _view(desk: Desk, request: AssistanceRequest) -> ErasureView:
    going = retention.going(desk.session, request)
    reasons = retention.against(desk.session, desk.shelf, request)
    latest = retention.latest(desk.session, request)
    return ErasureView(
        reference=request.reference,
        going=[GoingView(table=g.table, rows=g.rows, dropped=g.dropped) for g in going],
        against=[
            AgainstView(code=one.code, message=one.message)
            for one in shown(tuple(reasons), speech_of(desk.http))
        ],
        asked_by=latest.asked_by if latest else None,
        asked_at=latest.asked_at if latest else None,
        reason=latest.reason if latest else "",
        erased_at=latest.erased_at if latest else None,
    )
