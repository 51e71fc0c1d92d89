"""Broken glass: an administrator's emergency reading of one request, and its review."""

from fastapi import Response

from app.api.deps import AtDesk, Items, Number, page, router
from app.api.problems import ADDS, READS
from app.kit import clock
from app.requests.schemas import GlassBody, GlassReadingView, GlassReview, GlassView
from app.requests.service import glass
from app.requests.tables import GlassBreak

api = router("break-glass")


def _view(row: GlassBreak, reference: str) -> GlassView:
    shown = {name: getattr(row, name) for name in GlassView.model_fields if hasattr(row, name)}
    return GlassView(**shown, reference=reference, open=row.until > clock.now())


@api.post("/break-glass", status_code=201, response_model=GlassView, responses=ADDS)
def break_glass(desk: AtDesk, body: GlassBody) -> Response:
    """Open one request for reading, for 60 minutes (administrators); country and auditors are told.

    Send `Break-Glass: <id>` with each call that reads it; each is recorded.
    """
    row = glass.break_glass(desk.session, desk.actor, body)
    return desk.created(_view(row, body.reference), f"/api/v1/break-glass/{row.id}")


@api.get("/break-glass", response_model=Items[GlassView], responses=READS)
def list_glass(desk: AtDesk) -> Response:
    """List the openings, those without review first: one's own, or all of them (auditors)."""
    return page(desk, [_view(*one) for one in glass.breaks(desk.session, desk.actor)])


@api.get("/break-glass/{number}/readings", response_model=Items[GlassReadingView], responses=READS)
def list_glass_readings(desk: AtDesk, number: Number) -> Response:
    """List what was read through one opening, oldest first."""
    row, _ = glass.opening(desk.session, desk.actor, number)
    shown = glass.readings(desk.session, row.id)
    return page(desk, [GlassReadingView.model_validate(one) for one in shown])


@api.post("/break-glass/{number}/review", status_code=201, response_model=GlassView, responses=ADDS)
def review_glass(desk: AtDesk, number: Number, body: GlassReview) -> Response:
    """Say whether there was ground for it, as an auditor, within five days."""
    row, reference = glass.review(desk.session, desk.actor, number, body)
    return desk.created(_view(row, reference), f"/api/v1/break-glass/{number}")
