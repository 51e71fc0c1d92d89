"""Emergency openings: who reads a request through broken glass, what was read, and the review."""

from collections.abc import Iterable
from typing import Any

from fastapi import Response

from app.directory import service as directory
from app.kit import clock
from app.requests.schemas import GlassBody, GlassReadingView, GlassReview, GlassView
from app.requests.service import glass
from app.requests.tables import GlassBreak
from app.web import acts
from app.web.acts import Act, Params, Subject
from app.web.administration import CRUMB, OPENINGS
from app.web.pages import go
from app.web.texts import marked
from app.web.visit import GLASS, AtVisit, Visit, router

api = router()
HOUR = 3600


@api.get("/administration/openings")
def page_openings(desk: AtVisit) -> Response:
    """List the emergency openings, those without review first."""
    found = [view_of(*one) for one in glass.breaks(desk.session, desk.actor)]
    shown = {"openings": found, "names": _names(desk, found), "crumbs": (CRUMB,)}
    return desk.page("administration/openings.html", shown)


@api.get("/administration/openings/{number:int}")
def page_opening(desk: AtVisit) -> Response:
    """Show one opening, and everything that was read through it."""
    told = _told(desk, int(desk.http.path_params["number"]))
    own = told["opening"].person_id == desk.actor.person_id
    more = {"own": own, "crumbs": (CRUMB, OPENINGS)}
    return desk.page("administration/opening.html", told | more)


def _told(desk: Visit, number: int) -> dict[str, Any]:
    """Return what is told of one opening: itself, who had a hand in it, what was read."""
    row, reference = glass.opening(desk.session, desk.actor, number)
    view = view_of(row, reference)
    read = [GlassReadingView.model_validate(one) for one in glass.readings(desk.session, row.id)]
    return {"opening": view, "readings": read, "names": _names(desk, [view])}


def _names(desk: Visit, found: Iterable[GlassView]) -> dict[int, str]:
    """Return the names of those who opened, and of those who reviewed it."""
    numbers = {number for one in found for number in (one.person_id, one.reviewed_by)}
    return directory.names(desk.session, numbers)


@api.post("/administration/openings/close")
def page_close_opening(desk: AtVisit) -> Response:  # noqa: ARG001 - its form is held against it
    """Read through an opening no more."""
    response = go(OPENINGS[0])
    response.delete_cookie(GLASS, path="/", secure=True, httponly=True, samesite="lax")
    return response


def view_of(row: GlassBreak, reference: str) -> GlassView:
    """Return an opening as it is shown."""
    told = {name: getattr(row, name) for name in GlassView.model_fields if hasattr(row, name)}
    return GlassView(**told, reference=reference, open=row.until > clock.now())


def _opening(desk: Visit, params: Params) -> Subject:
    told = _told(desk, int(params["number"]))
    one = told["opening"]
    return Subject(
        {}, None, (CRUMB, OPENINGS, (f"{OPENINGS[0]}/{one.id}", one.reference)), shown=told
    )


def _break(desk: Visit, _params: Params, body: GlassBody) -> Response:
    row = glass.break_glass(desk.session, desk.actor, body)
    response = go(f"/requests/{body.reference}")
    response.set_cookie(
        GLASS, str(row.id), HOUR, path="/", secure=True, httponly=True, samesite="lax"
    )
    return response


def _review(desk: Visit, params: Params, body: GlassReview) -> str:
    row, _ = glass.review(desk.session, desk.actor, int(params["number"]), body)
    return f"{OPENINGS[0]}/{row.id}"


ACTS = (
    Act(
        "break_glass",
        "/administration/openings/new",
        marked("Open a request in an emergency"),
        lambda _desk, _params: Subject({}, None, (CRUMB, OPENINGS)),
        _break,
        GlassBody,
        marked("Open it for 60 minutes"),
        marked(
            "You read one request for 60 minutes. Its country and the auditors are told at once, "
            "each page is recorded, and an auditor reviews it within five days."
        ),
    ),
    Act(
        "review_glass",
        "/administration/openings/{number:int}/review",
        marked("Review an opening"),
        _opening,
        _review,
        GlassReview,
        marked("Decide"),
        marked("Your finding is final. It stands in the decision log under your name."),
        leaf="administration/opening_leaf.html",
    ),
)
acts.install(api, ACTS)
