"""The pages by which people come in and go: password, second factor, links, identity provider."""

from dataclasses import asdict
from functools import partial
from typing import Annotated, Any
from urllib.parse import quote

from fastapi import APIRouter, Form, Request, Response
from itsdangerous import BadData, URLSafeTimedSerializer

from app.accounts import links
from app.accounts.identity import Errand
from app.accounts.sessions import Opened
from app.kit import keys
from app.kit.errors import Malformed, Refusal, Unauthenticated
from app.web.pages import Word, forms_of, go, place_of_ours, provider_of, render, status_of
from app.web.tell import told
from app.wiring import entering
from app.wiring.house import House
from app.wiring.porch import AtPorch, Guest, with_cookie

api = APIRouter(include_in_schema=False)

Place = Annotated[str, Form(max_length=2000)]
ERRAND = "__Host-entente-errand"
ERRAND_SECONDS = 600


def _entrance(
    http: Request, fault: Refusal | None = None, login: str = "", place: str = "/"
) -> Response:
    provider = provider_of(http)
    forms = forms_of(provider)
    status = status_of(fault) if fault else 200
    shown: dict[str, Any] = {
        "provider": provider is not None,
        "login": login,
        "place": place,
    }
    shown |= {"fault": told(fault) if fault else None}
    return render(http, "sign_in.html", status, forms=forms, shown=shown)


@api.get("/sign-in")
def page_sign_in(http: Request) -> Response:
    """Show the ways in; `next` is where one wanted to go."""
    return _entrance(http, place=place_of_ours(http.query_params.get("next", "/")))


@api.post("/sign-in")
async def page_enter(guest: AtPorch, login: Word, password: Word, place: Place = "/") -> Response:
    """Sign in by login and password, and go on to where one wanted to go."""
    try:
        opened = await guest.run(
            partial(entering.sign_in, guest.house, guest.visitor, login, password)
        )
    except Refusal as fault:
        return _entrance(guest.http, fault, login, place_of_ours(place))
    return with_cookie(go(_onwards(opened, place_of_ours(place))), opened)


def _onwards(opened: Opened, place: str) -> str:
    """Return where somebody who came in goes on to: first to the second factor, if it is due."""
    return f"/sign-in/second-factor?next={quote(place)}" if opened.row.pending else place


@api.get("/sign-in/second-factor")
def page_second_factor(http: Request) -> Response:
    """Ask for the code of the device."""
    place = place_of_ours(http.query_params.get("next", "/"))
    return render(http, "second_factor.html", shown={"place": place})


@api.post("/sign-in/second-factor")
async def page_enter_second_factor(guest: AtPorch, code: Word, place: Place = "/") -> Response:
    """Complete a sign-in that waits for its second factor."""
    try:
        opened = await guest.run(
            partial(entering.give_second_factor, guest.house, guest.secret, code)
        )
    except Refusal as fault:
        again = {"place": place_of_ours(place), "fault": told(fault)}
        return render(guest.http, "second_factor.html", status_of(fault), shown=again)
    return with_cookie(go(place_of_ours(place)), opened)


@api.get("/sign-in/recovery")
def page_recovery(http: Request) -> Response:
    """Ask for a recovery code in the place of the device's."""
    return render(http, "recovery.html")


@api.post("/sign-in/recovery")
async def page_enter_recovery(guest: AtPorch, code: Word) -> Response:
    """Complete a sign-in without the device."""
    try:
        opened = await guest.run(
            partial(entering.give_recovery_code, guest.house, guest.secret, code)
        )
    except Refusal as fault:
        return render(guest.http, "recovery.html", status_of(fault), shown={"fault": told(fault)})
    return with_cookie(go("/account/second-factor"), opened)


@api.post("/sign-in/forgotten")
async def page_ask_reset(guest: AtPorch, login: Word) -> Response:
    """Have a link sent; the page is the same for every address."""
    try:
        await guest.run(partial(entering.ask_reset, guest.house, guest.visitor, login))
    except Refusal as fault:
        return _entrance(guest.http, fault, login)
    return render(guest.http, "asked.html")


def _choosing(http: Request, action: str, link: str, fault: Refusal | None = None) -> Response:
    provider = provider_of(http) if action == INVITATION else None
    forms = forms_of(provider)
    shown: dict[str, Any] = {
        "action": action,
        "link": link,
        "provider": provider is not None,
    }
    status = status_of(fault) if fault else 200
    shown |= {"fault": told(fault) if fault else None}
    return render(http, "password.html", status, forms=forms, shown=shown)


INVITATION, RESET = "/sign-in/invitation", "/sign-in/reset"
PURPOSE = {INVITATION: links.INVITATION, RESET: links.RESET}


@api.get(INVITATION)
def page_invitation(http: Request, link: str = "") -> Response:
    """Let an invited person choose a password, or the organization's account."""
    return _choosing(http, INVITATION, link)


@api.get(RESET)
def page_reset(http: Request, link: str = "") -> Response:
    """Let a person choose another password."""
    return _choosing(http, RESET, link)


@api.post(INVITATION)
async def page_accept_invitation(guest: AtPorch, link: Word, password: Word) -> Response:
    """Keep the password of an invited person."""
    return await _keep(guest, INVITATION, link, password)


@api.post(RESET)
async def page_complete_reset(guest: AtPorch, link: Word, password: Word) -> Response:
    """Keep another password."""
    return await _keep(guest, RESET, link, password)


async def _keep(guest: Guest, action: str, link: str, password: str) -> Response:
    sent = (guest.house, guest.visitor, PURPOSE[action], (link, password))
    try:
        login = await guest.run(partial(entering.choose_password, *sent))
    except Refusal as fault:
        return _choosing(guest.http, action, link, fault)
    return _entrance(guest.http, login=login)


def _errands(house: House) -> URLSafeTimedSerializer:
    return URLSafeTimedSerializer(house.ring.current(keys.SESSION)[1], salt="errand")


@api.post("/sign-in/provider")
async def page_visit_provider(
    guest: AtPorch, link: Word = "", fresh: Word = "", place: Place = "/"
) -> Response:
    """Send the browser to the identity provider; what ties its answer to it goes into a cookie.

    `fresh` asks that the provider has the person prove anew who it is, as a step-up needs it;
    `place` is where one wanted to go.
    """
    provider = provider_of(guest.http)
    if provider is None:
        raise Malformed("oidc.none", "This installation has no identity provider.")
    errand = Errand.begin(link=link, fresh=bool(fresh), place=place_of_ours(place))
    try:
        response = go(await guest.run(partial(provider.address, errand)))
    except Refusal as fault:
        return _entrance(guest.http, fault)
    kept = _errands(guest.house).dumps(asdict(errand))
    response.set_cookie(
        ERRAND, kept, ERRAND_SECONDS, path="/", secure=True, httponly=True, samesite="lax"
    )
    return response


@api.get("/oidc/callback")
async def page_come_back(guest: AtPorch) -> Response:
    """Take up somebody who comes back from the identity provider."""
    provider = provider_of(guest.http)
    try:
        if provider is None:
            raise Malformed("oidc.none", "This installation has no identity provider.")
        errand = _errand(guest)
        came = partial(provider.identity, errand, dict(guest.http.query_params))
        identity = await guest.run(came)
        entry = partial(entering.sign_in_as, guest.house, guest.visitor, identity, errand.link)
        opened = await guest.run(entry)
    except Refusal as fault:
        response = _entrance(guest.http, fault)
    else:
        response = with_cookie(go(_onwards(opened, errand.place)), opened)
    response.delete_cookie(ERRAND, path="/", secure=True, httponly=True, samesite="lax")
    return response


def _errand(guest: Guest) -> Errand:
    kept = guest.http.cookies.get(ERRAND, "")
    try:
        return Errand(**_errands(guest.house).loads(kept, max_age=ERRAND_SECONDS))
    except (BadData, TypeError) as fault:
        raise Unauthenticated("oidc.errand", "This visit is over: sign in again.") from fault
