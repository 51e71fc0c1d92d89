"""What must stay and what goes for good, by pages: holds and erasures of one request."""

from typing import Annotated

from fastapi import Query, Response
from pydantic import BaseModel

from app.kit.text import Line
from app.requests.access import REFERENCE
from app.requests.tables import AssistanceRequest
from app.retention import service as retention
from app.retention.schemas import ReasonBody
from app.web import acts
from app.web.acts import Act, Params, Subject
from app.web.administration import CRUMB
from app.web.pages import go
from app.web.texts import marked
from app.web.visit import AtVisit, Visit, router

api = router()
HERE = ("/administration/retention", marked("Holds and erasures"))


@api.get("/administration/retention")
def page_retention(desk: AtVisit, ref: Annotated[Line, Query(max_length=30)] = "") -> Response:
    """Ask of which request."""
    wanted = ref.upper()
    if REFERENCE.match(wanted):
        return go(f"{HERE[0]}/{wanted}")
    shown = {"asked": ref, "crumbs": (CRUMB,) if desk.may("list_people") else ()}
    return desk.page("administration/retention.html", shown)


@api.get("/administration/retention/{ref}")
def page_held(desk: AtVisit, ref: str) -> Response:
    """Show the holds of a request; to administrators what an erasure takes, and what is against."""
    request = retention.find(desk.session, desk.actor, ref)
    erases = desk.may("read_erasure")
    going = list(retention.going(desk.session, request)) if erases else []
    shown = {
        "reference": request.reference,
        "holds": retention.holds(desk.session, request),
        "erases": erases,
        "dropped": sum(one.rows for one in going if one.dropped),
        "emptied": sum(one.rows for one in going if not one.dropped),
        "against": retention.against(desk.session, desk.shelf, request) if erases else [],
        "wish": _wish(desk, request) if erases else None,
        "crumbs": (HERE,),
    }
    return desk.page("administration/held.html", shown)


def _wish(desk: Visit, request: AssistanceRequest) -> dict[str, object] | None:
    """Return the wish to erase that waits, or what was erased, and whether it is one's own."""
    row = retention.latest(desk.session, request)
    if row is None:
        return None
    told = {"reason": row.reason, "asked_at": row.asked_at, "erased_at": row.erased_at}
    return told | {"own": row.asked_by in desk.actor.persons}


def _place_of(params: Params) -> str:
    return f"{HERE[0]}/{params['ref']}"


def _found(desk: Visit, params: Params) -> Subject:
    request = retention.find(desk.session, desk.actor, params["ref"])
    return Subject({}, None, (HERE, (_place_of(params), request.reference)))


def _held(desk: Visit, params: Params) -> Subject:
    request = retention.find(desk.session, desk.actor, params["ref"])
    number = int(params["number"])
    reasons = [one.reason for one in retention.holds(desk.session, request) if one.number == number]
    way = (HERE, (_place_of(params), request.reference))
    return Subject({}, None, way, tuple(reasons))


def _locked(desk: Visit, params: Params) -> AssistanceRequest:
    return retention.find(desk.session, desk.actor, params["ref"], lock=True)


def _place(desk: Visit, params: Params, body: ReasonBody) -> str:
    retention.place(desk.session, desk.actor, _locked(desk, params), body)
    return _place_of(params)


def _lift(desk: Visit, params: Params, body: ReasonBody) -> str:
    request = _locked(desk, params)
    retention.lift(desk.session, desk.actor, request, int(params["number"]), body)
    return _place_of(params)


def _ask(desk: Visit, params: Params, body: ReasonBody) -> str:
    retention.ask(desk.session, desk.shelf, desk.actor, _locked(desk, params), body)
    return _place_of(params)


def _confirm(desk: Visit, params: Params, _body: BaseModel) -> str:
    retention.confirm(desk.session, desk.shelf, desk.actor, _locked(desk, params))
    return _place_of(params)


ONE = "/administration/retention/{ref}"
ACTS = (
    Act(
        "place_hold",
        ONE + "/holds/new",
        marked("Hold a request"),
        _found,
        _place,
        ReasonBody,
        marked("Hold it"),
        marked(
            "Nothing of it is erased until another person lifts the hold. The reason names no "
            "content: it stays readable."
        ),
    ),
    Act(
        "lift_hold",
        ONE + "/holds/{number:int}/lift",
        marked("Lift a hold"),
        _held,
        _lift,
        ReasonBody,
        marked("Lift it"),
        marked("Without another hold the request may be erased from then on."),
    ),
    Act(
        "ask_erasure",
        ONE + "/erasure/new",
        marked("Ask for an erasure"),
        _found,
        _ask,
        ReasonBody,
        marked("Ask for it"),
        marked(
            "Another administrator must confirm it within seven days. Then its words, documents "
            "and key are gone for good; reference, states and dates stay."
        ),
    ),
    Act(
        "confirm_erasure",
        ONE + "/erasure/confirm",
        marked("Confirm an erasure"),
        _found,
        _confirm,
        button=marked("Erase it for good"),
        binding=marked(
            "Its words, documents and key are gone for good at once. Nobody can bring them back."
        ),
    ),
)
acts.install(api, ACTS)
