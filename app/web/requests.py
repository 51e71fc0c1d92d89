"""One request: where it stands, whose turn it is, and what one may do now."""

from fastapi import Response

from app.web.doings import doings_of
from app.web.frame import framed
from app.web.visit import AtVisit, router

api = router()


@api.get("/requests/{ref}")
def page_request(desk: AtVisit, ref: str) -> Response:
    """Show where a request stands, whose turn it is, and what one may do now."""
    request = desk.request(ref)
    return framed(desk, request, "", "request/overview.html", doings=doings_of(desk, request))
