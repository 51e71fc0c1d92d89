"""The directory: who one is, people and their roles, tokens, countries."""

from typing import Annotated

from fastapi import Query, Response

from app.api.deps import AtDesk, Cursor, Items, Limit, Number, page, router
from app.api.problems import ADDS, READS
from app.directory import service as directory
from app.directory.colleagues import colleagues
from app.directory.oneself import choose_language as choose
from app.directory.oneself import me
from app.directory.schemas import (
    ColleagueView,
    CountryView,
    GrantBody,
    LanguageBody,
    LanguageView,
    Me,
    PersonBody,
    PersonView,
    TokenBody,
    TokenMade,
    TokenView,
)
from app.directory.tables import Person
from app.kit.errors import NotFound
from app.kit.text import Alpha3, Line
from app.wiring.desk import Desk

api = router("directory")
Like = Annotated[Line, Query(max_length=100)]


def _view(desk: Desk, person: Person) -> PersonView:
    return directory.views(desk.session, [person])[0]


@api.get("/me", response_model=Me, responses=READS)
def read_me(desk: AtDesk) -> Response:
    """Say who one is, in which roles and scopes."""
    return desk.show(me(desk.actor, desk.csrf))


@api.get("/countries", response_model=Items[CountryView], responses=READS)
def list_countries(desk: AtDesk) -> Response:
    """List Member States and observer States, in the order of the language asked for."""
    return page(desk, directory.countries(desk.session, desk.language))


@api.get("/countries/{alpha3}", response_model=CountryView, responses=READS)
def read_country(desk: AtDesk, alpha3: Alpha3) -> Response:
    """Read one country with its groups and their dates."""
    found = directory.countries(desk.session, desk.language, [alpha3])
    if not found:
        raise NotFound("country.unknown", "There is no such Member or observer State.")
    return desk.show(found[0])


@api.post("/me/language", status_code=201, response_model=LanguageView, responses=ADDS)
def choose_language(desk: AtDesk, body: LanguageBody) -> Response:
    """Choose the language in which one is written to."""
    chosen = choose(desk.session, desk.actor, body.language)
    return desk.created(LanguageView(language=chosen), "/api/v1/me")


@api.get("/people", response_model=Items[PersonView], responses=READS)
def list_people(
    desk: AtDesk, like: Like = "", cursor: Cursor | None = None, limit: Limit = 50
) -> Response:
    """List people (administrators); `like` are words of their names or addresses."""
    found = directory.people(desk.session, cursor, limit, like)
    return page(desk, directory.views(desk.session, found.rows), found.next)


@api.get("/colleagues", response_model=Items[ColleagueView], responses=READS)
def list_colleagues(desk: AtDesk, like: Like = "") -> Response:
    """Find people to choose from by words of their names; strangers by their whole address."""
    return page(desk, colleagues(desk.session, desk.actor, like))


@api.post("/people", status_code=201, response_model=PersonView, responses=ADDS)
def enrol(desk: AtDesk, body: PersonBody) -> Response:
    """Add a person (administrators)."""
    person = directory.enrol(desk.session, desk.actor, body)
    return desk.created(_view(desk, person), f"/api/v1/people/{person.id}")


@api.get("/people/{number}", response_model=PersonView, responses=READS)
def read_person(desk: AtDesk, number: Number) -> Response:
    """Read one person (administrators)."""
    return desk.show(_view(desk, directory.person_of(desk.session, number)))


@api.post("/people/{number}/grants", status_code=201, response_model=PersonView, responses=ADDS)
def grant(desk: AtDesk, number: Number, body: GrantBody) -> Response:
    """Give a person a role (administrators, never to themselves)."""
    person = directory.grant(desk.session, desk.actor, number, body)
    return desk.created(_view(desk, person), f"/api/v1/people/{number}")


@api.post(
    "/people/{number}/grants/{grant_id}/end",
    status_code=201,
    response_model=PersonView,
    responses=ADDS,
)
def end_grant(desk: AtDesk, number: Number, grant_id: Number) -> Response:
    """End a role from this moment on (administrators); that it was held stays known."""
    person = directory.end_grant(desk.session, desk.actor, number, grant_id)
    return desk.created(_view(desk, person), f"/api/v1/people/{number}")


@api.post("/people/{number}/suspension", status_code=201, response_model=PersonView, responses=ADDS)
def suspend(desk: AtDesk, number: Number) -> Response:
    """Suspend a person: every token is dead at once."""
    person = directory.suspend(desk.session, desk.actor, number)
    return desk.created(_view(desk, person), f"/api/v1/people/{number}")


@api.get("/me/tokens", response_model=Items[TokenView], responses=READS)
def list_tokens(desk: AtDesk) -> Response:
    """List one's own tokens, without their secrets."""
    rows = directory.tokens(desk.session, desk.actor.person_id or 0)
    return page(desk, [TokenView.model_validate(row) for row in rows])


@api.post("/people/{number}/tokens", status_code=201, response_model=TokenMade, responses=ADDS)
def issue_token(desk: AtDesk, number: Number, body: TokenBody) -> Response:
    """Make a token for oneself, or for a program (administrators). The secret is shown once."""
    desk.once_only()
    wanted = (number, body)
    secret, row = directory.issue_token(desk.session, desk.actor, desk.house.key, wanted)
    view = TokenView.model_validate(row)
    return desk.created(TokenMade(**view.model_dump(), secret=secret), "/api/v1/me/tokens")


@api.post(
    "/me/tokens/{number}/revocation", status_code=201, response_model=TokenView, responses=ADDS
)
def revoke_token(desk: AtDesk, number: Number) -> Response:
    """Revoke a token: it is dead at once, on every worker."""
    row = directory.revoke_token(desk.session, desk.actor, number)
    return desk.created(TokenView.model_validate(row), "/api/v1/me/tokens")
