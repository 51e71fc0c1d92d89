"""Records of one person by pages: what makes them look alike, and joining them for good."""

from fastapi import Response
from pydantic import BaseModel

from app.accounts import duplicates, joining
from app.accounts.schemas import JoinBody
from app.directory import service as directory
from app.web import acts
from app.web.acts import Act, Params, Subject
from app.web.administration import CRUMB, PEOPLE
from app.web.texts import marked
from app.web.visit import AtVisit, Visit, router

api = router()
ALIKE = ("/administration/duplicates", marked("Same person suspected"))


@api.get("/administration/duplicates")
def page_duplicates(desk: AtVisit) -> Response:
    """Show which persons may be one and the same."""
    found = duplicates.suspected(desk.session)
    numbers = {number for one in found for number in (one.first, one.second)}
    names = directory.names(desk.session, numbers)
    shown = {"suspected": found, "names": names, "crumbs": (CRUMB,)}
    return desk.page("administration/duplicates.html", shown)


@api.get("/administration/people/{number:int}/join")
def page_join(desk: AtVisit) -> Response:
    """Show which record is to be joined to a person's, or was last."""
    number = int(desk.http.path_params["number"])
    join = joining.read(desk.session, number)
    people = [join.kept_id, join.joined_id, join.asked_by, join.confirmed_by]
    shown = {
        "join": join,
        "names": directory.names(desk.session, people),
        "own": join.asked_by in desk.actor.persons,
        "crumbs": (CRUMB, ALIKE),
    }
    return desk.page("administration/join.html", shown)


def _place(number: int) -> str:
    return f"{PEOPLE[0]}/{number}/join"


def _kept(desk: Visit, params: Params) -> Subject:
    row = directory.person_of(desk.session, int(params["number"]))
    return Subject({}, None, (CRUMB, ALIKE), (row.name,))


def _waiting(desk: Visit, params: Params) -> Subject:
    join = joining.read(desk.session, int(params["number"]))
    names = directory.names(desk.session, [join.kept_id, join.joined_id])
    return Subject({}, None, (CRUMB, ALIKE), (*names.values(), join.reason))


def _ask(desk: Visit, params: Params, body: JoinBody) -> str:
    joining.ask(desk.session, desk.actor, int(params["number"]), body)
    return _place(int(params["number"]))


def _confirm(desk: Visit, params: Params, _body: BaseModel) -> str:
    joining.confirm(desk.session, desk.actor, int(params["number"]))
    return _place(int(params["number"]))


ACTS = (
    Act(
        "ask_join",
        "/administration/people/{number:int}/join/new",
        marked("Join two records of one person"),
        _kept,
        _ask,
        JoinBody,
        marked("Ask for it"),
        marked(
            "Another administrator confirms it within seven days. The person named above is "
            "kept; roles, tokens and ways of signing in of the other record pass to it."
        ),
    ),
    Act(
        "confirm_join",
        "/administration/people/{number:int}/join/confirm",
        marked("Confirm that two records are one person"),
        _waiting,
        _confirm,
        button=marked("Join them for good"),
        binding=marked(
            "It is final. Both ways of signing in lead to one record, four eyes count both as one, "
            "and both are told by mail."
        ),
    ),
)
acts.install(api, ACTS)
