"""Administration: people and their roles, emergency openings, the decision log."""

from typing import Annotated, Any

from fastapi import Query, Response
from pydantic import BaseModel

from app.accounts import service as accounts
from app.compendium import service as compendium
from app.directory import interests
from app.directory import service as directory
from app.directory.schemas import GrantBody, InterestView, PersonBody
from app.kit import clock
from app.kit.text import Line
from app.ledger.places import Folder
from app.requests.schemas import GlassBody, GlassReadingView, GlassReview, GlassView
from app.requests.service import glass, proof
from app.requests.tables import GlassBreak
from app.web import acts
from app.web.acts import Act, Params, Subject
from app.web.forms import Choices
from app.web.pages import go
from app.web.texts import marked
from app.web.visit import GLASS, AtVisit, Visit, router

api = router()
CRUMB = ("/administration", marked("Administration"))
PEOPLE = ("/administration/people", marked("People"))
OPENINGS = ("/administration/openings", marked("Emergency openings"))
PAGE = 50
HOUR = 3600


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


@api.get("/administration/openings")
def page_openings(desk: AtVisit) -> Response:
    """List the emergency openings, those without review first."""
    found = [view_of(*one) for one in glass.breaks(desk.session, desk.actor)]
    shown = {"openings": found, "own": desk.actor.person_id, "crumbs": (CRUMB,)}
    return desk.page("administration/openings.html", shown)


@api.get("/administration/openings/{number:int}")
def page_opening(desk: AtVisit) -> Response:
    """Show one opening, and everything that was read through it."""
    row, reference = glass.opening(desk.session, desk.actor, int(desk.http.path_params["number"]))
    read = glass.readings(desk.session, row.id)
    shown = {
        "opening": view_of(row, reference),
        "readings": [GlassReadingView.model_validate(one) for one in read],
        "own": row.person_id == desk.actor.person_id,
        "crumbs": (CRUMB, OPENINGS),
    }
    return desk.page("administration/opening.html", shown)


@api.post("/administration/openings/close")
def page_close_opening(desk: AtVisit) -> Response:  # noqa: ARG001 - its form is held against it
    """Read through an opening no more."""
    response = go(OPENINGS[0])
    response.delete_cookie(GLASS, path="/", secure=True, httponly=True, samesite="lax")
    return response


@api.get("/administration/log")
def page_log(desk: AtVisit) -> Response:
    """Check the whole decision log, and say what was found."""
    proof.hold_short(desk.session)
    report = proof.verify(desk.session, Folder(desk.house.settings.anchors_place))
    shown = {"report": report, "at": clock.now(), "crumbs": (CRUMB,)}
    return desk.page("administration/log.html", shown)


def view_of(row: GlassBreak, reference: str) -> GlassView:
    """Return an opening as it is shown."""
    told = {name: getattr(row, name) for name in GlassView.model_fields if hasattr(row, name)}
    return GlassView(**told, reference=reference, open=row.until > clock.now())


def _people(_desk: Visit, _params: Params) -> Subject:
    return Subject({}, None, (CRUMB, PEOPLE))


def _number(params: Params) -> int:
    return int(params["number"])


def _person(desk: Visit, params: Params) -> Subject:
    row = directory.person_of(desk.session, _number(params))
    return Subject({}, None, (CRUMB, PEOPLE, (f"{PEOPLE[0]}/{row.id}", row.name)), (row.name,))


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


def _opening(desk: Visit, params: Params) -> Subject:
    row, reference = glass.opening(desk.session, desk.actor, _number(params))
    way = (CRUMB, OPENINGS, (f"{OPENINGS[0]}/{row.id}", reference))
    return Subject({}, None, way, (row.reason,))


def _break(desk: Visit, _params: Params, body: GlassBody) -> Response:
    row = glass.break_glass(desk.session, desk.actor, body)
    response = go(f"/requests/{body.reference}")
    response.set_cookie(
        GLASS, str(row.id), HOUR, path="/", secure=True, httponly=True, samesite="lax"
    )
    return response


def _review(desk: Visit, params: Params, body: GlassReview) -> str:
    row, _ = glass.review(desk.session, desk.actor, _number(params), body)
    return f"{OPENINGS[0]}/{row.id}"


def _entities(desk: Visit) -> Choices:
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
        left_out=("grants",),
    ),
    Act(
        "invite",
        "/administration/people/{number:int}/invitation",
        marked("Send an invitation"),
        _person,
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
        {"entity": _entities},
    ),
    Act(
        "end_grant",
        "/administration/people/{number:int}/roles/{grant:int}/end",
        marked("End a role"),
        _person,
        _end_grant,
        button=marked("End it"),
        binding=marked("The person loses the role at once. That it was held stays known."),
    ),
    Act(
        "suspend",
        "/administration/people/{number:int}/suspension",
        marked("Suspend a person"),
        _person,
        _suspend,
        button=marked("Suspend"),
        binding=marked("Every session and token of this person is dead at once."),
    ),
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
    ),
)
acts.install(api, ACTS)
