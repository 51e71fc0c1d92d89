"""What is one's own besides the way in: notices, tokens, delegations, the language."""

from collections.abc import Callable
from typing import Annotated

from fastapi import Query, Response
from pydantic import BaseModel

from app.directory import delegations, oneself
from app.directory import service as directory
from app.directory.schemas import (
    DelegationBody,
    LanguageBody,
    TokenBody,
    TokenView,
)
from app.kit import clock
from app.kit.errors import NotFound
from app.lifecycle.vocabulary import ACTS as OF_DEFINITIONS
from app.outbox import service as outbox
from app.requests.service import watch
from app.web import acts
from app.web.acts import Act, Params, Subject
from app.web.forms import Choices
from app.web.labels import named
from app.web.pages import go, render, speaking_from_now
from app.web.texts import marked
from app.web.visit import BEHALF, AtVisit, Visit, router

api = router()
PAGE = 50
CRUMB = ("/account", marked("Your account"))


@api.get("/account/tokens")
def page_tokens(desk: AtVisit) -> Response:
    """List one's tokens, without their secrets."""
    rows = directory.tokens(desk.session, desk.actor.person_id or 0)
    views = [TokenView.model_validate(row) for row in rows]
    return desk.page(
        "account/tokens.html", {"tokens": views, "now": clock.now(), "crumbs": (CRUMB,)}
    )


@api.get("/account/delegations")
def page_delegations(desk: AtVisit) -> Response:
    """List the delegations one has given and received."""
    found = delegations.delegations(desk.session, desk.actor)
    own = desk.actor.person_id
    shown = {
        "given": [one for one in found if one.person_id == own],
        "received": [one for one in found if one.delegate_id == own],
        "now": clock.now(),
        "crumbs": (CRUMB,),
    }
    return desk.page("account/delegations.html", shown)


@api.get("/account/notices")
def page_notices(
    desk: AtVisit, cursor: Annotated[str | None, Query(max_length=300)] = None
) -> Response:
    """List what one was told, newest first, with what it is about where one may still know."""
    found = outbox.notices(desk.session, desk.actor.person_id or 0, cursor, PAGE)
    about = watch.events_named(desk.session, desk.actor, [row.event_id for row in found.rows])
    told = [(row.code, row.at, row.read_at, about.get(row.event_id)) for row in found.rows]
    shown = {"notices": told, "next": found.next, "crumbs": (CRUMB,)}
    return desk.page("account/notices.html", shown)


@api.post("/account/notices/read")
def page_read_notices(desk: AtVisit) -> Response:
    """Note that the newest notices have been read."""
    person = desk.actor.person_id or 0
    for row in outbox.notices(desk.session, person, None, PAGE).rows:
        outbox.mark_read(desk.session, person, row.id)
    return go("/account/notices")


@api.post("/account/delegations/{number:int}/take-up")
def page_take_up(desk: AtVisit) -> Response:
    """Act under a delegation from now on; each call is judged by it, and recorded under both."""
    number = int(desk.http.path_params["number"])
    delegations.assume(desk.session, desk.actor, number)
    response = go("/")
    response.set_cookie(BEHALF, str(number), path="/", secure=True, httponly=True, samesite="lax")
    return response


@api.post("/account/delegations/lay-down")
def page_lay_down(desk: AtVisit) -> Response:  # noqa: ARG001 - its form is held against it
    """Act in one's own name again."""
    response = go("/account/delegations")
    response.delete_cookie(BEHALF, path="/", secure=True, httponly=True, samesite="lax")
    return response


def _own(place: str, name: str) -> Callable[[Visit, Params], Subject]:
    def find(_desk: Visit, _params: Params) -> Subject:
        return Subject({}, None, (CRUMB, (place, name)))

    return find


def _token(desk: Visit, params: Params) -> Subject:
    """Return which token is revoked. Raises NotFound."""
    rows = directory.tokens(desk.session, desk.actor.person_id or 0)
    found = [row for row in rows if row.id == _number(params)]
    if not found:
        raise NotFound("token.unknown", "There is no such token.")
    return Subject({}, None, (CRUMB, TOKENS), (found[0].name,))


def _delegation(desk: Visit, params: Params) -> Subject:
    """Return which delegation ends: whose role, and who acts in it. Raises NotFound."""
    known = delegations.delegations(desk.session, desk.actor)
    found = [one for one in known if one.id == _number(params)]
    if not found:
        raise NotFound("delegation.unknown", "You have no such delegation.")
    return Subject({}, None, (CRUMB, DELEGATIONS), shown={"lent": found[0]})


def _lending(desk: Visit, _params: Params) -> Subject:
    """Return what one may lend: of where one holds no role nothing is asked."""
    grants = desk.actor.grants
    places = [
        *(["country"] if any(one.country for one in grants) else []),
        *(["entity"] if any(one.entity for one in grants) else []),
    ]
    only = grants[0] if len(grants) == 1 else None
    held = {"role": only.role, "country": only.country, "entity": only.entity} if only else {}
    fields = ("person_id", "role", *places, "valid_from", "valid_to", "acts")
    return Subject(held, None, (CRUMB, DELEGATIONS), fields=fields)


def _number(params: Params) -> int:
    return int(params["number"])


def _issue(desk: Visit, _params: Params, body: TokenBody) -> Response:
    wanted = (desk.actor.person_id or 0, body)
    secret, row = directory.issue_token(desk.session, desk.actor, desk.house.key, wanted)
    shown = {"token": TokenView.model_validate(row), "secret": secret, "crumbs": (CRUMB, TOKENS)}
    return render(desk.http, "account/token_made.html", face=desk.face, shown=shown)


def _revoke_token(desk: Visit, params: Params, _body: BaseModel) -> str:
    directory.revoke_token(desk.session, desk.actor, _number(params))
    return TOKENS[0]


def _delegate(desk: Visit, _params: Params, body: DelegationBody) -> str:
    known = {one.trigger for pack in desk.shelf for one in pack.definition.transitions}
    delegations.delegate(desk.session, desk.actor, body, known | set(OF_DEFINITIONS))
    return DELEGATIONS[0]


def _revoke_delegation(desk: Visit, params: Params, _body: BaseModel) -> str:
    delegations.revoke(desk.session, desk.actor, _number(params))
    return DELEGATIONS[0]


def _language(desk: Visit, _params: Params) -> Subject:
    person = directory.person_of(desk.session, desk.actor.person_id or 0)
    return Subject({"language": person.language}, None, (CRUMB,))


def _choose(desk: Visit, _params: Params, body: LanguageBody) -> Response:
    chosen = oneself.choose_language(desk.session, desk.actor, body.language)
    return speaking_from_now(go(CRUMB[0]), chosen)


def _roles(desk: Visit) -> Choices:
    return [(role, role) for role in sorted({grant.role for grant in desk.actor.grants})]


def _countries(desk: Visit) -> Choices:
    return [(one, one) for one in sorted({g.country for g in desk.actor.grants if g.country})]


def _entities(desk: Visit) -> Choices:
    return named(desk, sorted({g.entity for g in desk.actor.grants if g.entity}))


def _acts(desk: Visit) -> Choices:
    """Return what one's roles may do: steps of the way, then what is done within a state."""
    roles = {grant.role for grant in desk.actor.grants}
    definitions = [pack.definition for pack in desk.shelf]
    steps = {t.trigger: t.label for d in definitions for t in d.transitions if roles & {*t.by}}
    within = {
        name: OF_DEFINITIONS[name]
        for one in definitions
        for state in one.states.values()
        for name, by in state.acts.items()
        if roles.intersection(by)
    }
    return sorted(steps.items()) + sorted(within.items())


TOKENS = ("/account/tokens", marked("Tokens"))
DELEGATIONS = ("/account/delegations", marked("Delegations"))
ACTS = (
    Act(
        "issue_token",
        "/account/tokens/new",
        marked("Make a token for a program"),
        _own(*TOKENS),
        _issue,
        TokenBody,
        marked("Make the token"),
        marked(
            "Whoever has the token acts as you, within what it is allowed. "
            "Its secret is shown once."
        ),
        shown_once=True,
    ),
    Act(
        "revoke_token",
        "/account/tokens/{number:int}/revoke",
        marked("Revoke a token"),
        _token,
        _revoke_token,
        button=marked("Revoke"),
        binding=marked("The program that uses it stops at once."),
    ),
    Act(
        "delegate",
        "/account/delegations/new",
        marked("Lend a role of yours"),
        _lending,
        _delegate,
        DelegationBody,
        marked("Lend it"),
        marked(
            "The other person acts for you until the end that you set; "
            "four eyes count you both as one."
        ),
        {"role": _roles, "country": _countries, "entity": _entities, "acts": _acts},
    ),
    Act(
        "revoke_delegation",
        "/account/delegations/{number:int}/revoke",
        marked("End a delegation"),
        _delegation,
        _revoke_delegation,
        button=marked("End it"),
        binding=marked("It ends at once."),
        leaf="account/delegation_leaf.html",
    ),
    Act(
        "choose_language",
        "/account/language",
        marked("Your language"),
        _language,
        _choose,
        LanguageBody,
        marked("Use it"),
        marked("Pages in this browser and mails to you are in this language from now on."),
    ),
)
acts.install(api, ACTS)
