"""The timeline of a request: what happened, by kind, with the differences of texts."""

from typing import Annotated

from fastapi import Query, Response
from pydantic import BaseModel, Field

from app.kit.pages import decode, encode
from app.kit.text import Name
from app.requests import service as dossier
from app.requests import timeline
from app.requests.schemas import TextVersionView
from app.requests.tables import AssistanceRequest
from app.web.differences import Changed, by_event
from app.web.frame import about, framed
from app.web.telling import Teller
from app.web.visit import AtVisit, Visit, router

api = router()
EVENTS = 50


class Asked(BaseModel):
    """What of the timeline is shown: some kinds or all, from an event or from where a page ends."""

    kind: list[Name] = Field([], max_length=100)
    event: int = Field(1, ge=1, le=2**31 - 1)
    cursor: str | None = Field(None, max_length=300)


@api.get("/requests/{ref}/timeline")
def page_timeline(desk: AtVisit, ref: str, asked: Annotated[Asked, Query()]) -> Response:
    """Show what happened, oldest first, of some kinds or all; each event has its own address."""
    request = desk.request(ref)
    after = decode(asked.cursor, (int,))[0] if asked.cursor else asked.event - 1
    events = timeline.read(desk.session, desk.actor, request, after, EVENTS + 1, asked.kind)
    ear = timeline.ear_of(desk.session, desk.actor, request)
    base = f"{about(request.reference)}/timeline"
    shown = {
        "base": base,
        "events": timeline.views(desk.session, events[:EVENTS], ear),
        "more": encode([events[EVENTS - 1].number]) if len(events) > EVENTS else "",
        "kinds": timeline.kinds(desk.session, desk.actor, request),
        "chosen": asked.kind,
        "changed": _changed(desk, request),
        "teller": Teller(desk.shelf.get(request.workflow, request.workflow_version), base),
    }
    return framed(desk, request, "timeline", "request/timeline.html", **shown)


def _changed(desk: Visit, request: AssistanceRequest) -> dict[int, list[Changed]]:
    """Return what each event changed of the texts, for who reads within the request."""
    if not desk.within():
        return {}
    rows = dossier.versions(desk.session, request)
    versions = [TextVersionView.model_validate(row) for row in rows]
    view = dossier.view_of(desk.session, desk.shelf, desk.reader, request).model_dump()
    needs = {f"need:{one['number']}": one for one in view["needs"]}
    return by_event(versions, {"request": view} | needs)
