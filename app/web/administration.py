"""Administration: people and their roles."""

from dataclasses import replace
from typing import Annotated, Any

from fastapi import Query, Response
from pydantic import BaseModel

from app.accounts import service as accounts
from app.compendium import service as compendium
from app.directory import interests
from app.directory import service as directory
from app.directory.schemas import GrantBody, InterestView, PersonBody
from app.kit import clock
from app.kit.errors import NotFound
from app.kit.text import Line
from app.web import acts
from app.web.acts import Act, Params, Subject
from app.web.forms import Choices
from app.web.texts import marked
from app.web.visit import AtVisit, Visit, router

api = router()
CRUMB = ("/administration", marked("Administration"))
PEOPLE = ("/administration/people", marked("People"))
OPENINGS = ("/administration/openings", marked("Emergency openings"))
PAGE = 50


@api.get("/administration")
def page_administration(desk: AtVisit) -> Response:
    """Show what there is to administer."""
    parts = [
        (*PEOPLE, desk.may("list_people")),
        (*OPENINGS, desk.may("list_glass")),
        ("/administration/retention", marked("Holds and erasures"), desk.may("read_erasure")),
        ("/workflow", marked("Definitions and frameworks"), desk.may("list_workflows")),
        ("/administration/webhooks", marked("Webhooks"), desk.may("page_all_webhooks")),
        ("/administration/log", marked("Decision log"), desk.may("verify_log")),
        (
            "/administration/duplicates",
            marked("Same person suspected"),
            desk.may("list_suspected_duplicates"),
        ),
    ]
    return desk.page("administration/home.html", {"parts": [one[:2] for one in parts if one[2]]})


@api.get("/administration/people")
def page_people(
    desk: AtVisit,
    like: Annotated[Line, Query(max_length=100)] = "",
    cursor: Annotated[str | None, Query(max_length=300)] = None,
) -> Response:
    """List people with their roles; `like` are words of their names or addresses."""
    found = directory.people(desk.session, cursor, PAGE, like)
    views = directory.views(desk.session, found.rows)
    shown = {"people": views, "next": found.next, "like": like, "crumbs": (CRUMB,)}
    return desk.page("administration/people.html", shown)


@api.get("/administration/people/{number:int}")
def page_person(desk: AtVisit) -> Response:
    """Show one person: roles, tokens of a program, declared interests."""
    number = int(desk.http.path_params["number"])
    person = directory.views(desk.session, [directory.person_of(desk.session, number)])[0]
    rows = interests.interests(desk.session, number) if desk.may("list_interests_of") else []
    shown = {
        "person": person,
        "interests": [InterestView.model_validate(row) for row in rows],
        "own": number == desk.actor.person_id,
        "crumbs": (CRUMB, PEOPLE),
    }
    return desk.page("administration/person.html", shown)


def _people(_desk: Visit, _params: Params) -> Subject:
    return Subject({}, None, (CRUMB, PEOPLE))


def _number(params: Params) -> int:
    return int(params["number"])


def _person(desk: Visit, params: Params) -> Subject:
    row = directory.person_of(desk.session, _number(params))
    return Subject({}, None, (CRUMB, PEOPLE, (f"{PEOPLE[0]}/{row.id}", row.name)), (row.name,))


def _invited(desk: Visit, params: Params) -> Subject:
    """Return whom an invitation is for, with the address that it goes to."""
    row, known = directory.person_of(desk.session, _number(params)), _person(desk, params)
    return replace(known, lines=(*known.lines, *filter(None, [row.email])))


def _held(desk: Visit, params: Params) -> Subject:
    """Return whose role is ended, and which."""
    known = _person(desk, params)
    row = directory.person_of(desk.session, _number(params))
    view = directory.views(desk.session, [row])[0]
    grants = [one for one in view.grants if one.id == int(params["grant"])]
    if not grants:
        raise NotFound("grant.unknown", "This person has no such grant.")
    return replace(known, shown={"grant": grants[0]})


def _enrol(desk: Visit, _params: Params, body: PersonBody) -> str:
    person = directory.enrol(desk.session, desk.actor, body)
    return f"{PEOPLE[0]}/{person.id}"


def _invite(desk: Visit, params: Params, _body: BaseModel) -> str:
    accounts.invite(desk.session, desk.actor, _number(params))
    return f"{PEOPLE[0]}/{_number(params)}"


def _grant(desk: Visit, params: Params, body: GrantBody) -> str:
    directory.grant(desk.session, desk.actor, _number(params), body)
    return f"{PEOPLE[0]}/{_number(params)}"


def _end_grant(desk: Visit, params: Params, _body: BaseModel) -> str:
    directory.end_grant(desk.session, desk.actor, _number(params), int(params["grant"]))
    return f"{PEOPLE[0]}/{_number(params)}"


def _suspend(desk: Visit, params: Params, _body: BaseModel) -> str:
    directory.suspend(desk.session, desk.actor, _number(params))
    return f"{PEOPLE[0]}/{_number(params)}"


def entities_of(desk: Visit) -> Choices:
    """Return the entities of the compendium to choose from."""
    found: Any = compendium.entities(desk.session, clock.now(), clock.now())
    return [(one.code, one.name) for one in found]


ACTS = (
    Act(
        "enrol",
        "/administration/people/new",
        marked("Add a person"),
        _people,
        _enrol,
        PersonBody,
        marked("Add"),
        marked("Nobody is told yet, and no role is given: both are steps of their own."),
        left_out=("grants",),
    ),
    Act(
        "invite",
        "/administration/people/{number:int}/invitation",
        marked("Send an invitation"),
        _invited,
        _invite,
        button=marked("Send"),
        binding=marked("A link to choose a password goes to the person's address."),
    ),
    Act(
        "grant",
        "/administration/people/{number:int}/roles/new",
        marked("Give a role"),
        _person,
        _grant,
        GrantBody,
        marked("Give it"),
        marked(
            "The person may act in this role from this moment on, also where they are signed in."
        ),
        {"entity": entities_of},
    ),
    Act(
        "end_grant",
        "/administration/people/{number:int}/roles/{grant:int}/end",
        marked("End a role"),
        _held,
        _end_grant,
        button=marked("End it"),
        binding=marked("The person loses the role at once. That it was held stays known."),
        leaf="administration/grant_leaf.html",
    ),
    Act(
        "suspend",
        "/administration/people/{number:int}/suspension",
        marked("Suspend a person"),
        _person,
        _suspend,
        button=marked("Suspend"),
        binding=marked(
            "Every session and token of this person is dead at once. Nobody lifts a suspension: "
            "who comes back is added anew."
        ),
    ),
)
acts.install(api, ACTS)
