"""The pages by which people come in and go: password, second factor, links, identity provider."""

from dataclasses import asdict
from functools import partial
from typing import TYPE_CHECKING, Annotated

from fastapi import APIRouter, Form, Path, Request, Response
from itsdangerous import BadData, URLSafeTimedSerializer

from app.accounts import links, sessions
from app.accounts import service as accounts
from app.accounts.identity import Errand
from app.directory import oneself
from app.kit import keys
from app.kit.errors import Malformed, Refusal, Unauthenticated
from app.web.pages import go, own_form, render
from app.wiring import entering
from app.wiring.desk import AtDesk
from app.wiring.house import House
from app.wiring.porch import AtPorch, Guest, with_cookie, without_cookie

if TYPE_CHECKING:
    from app.accounts.oidc import Provider

api = APIRouter(include_in_schema=False)

ERRAND = "__Host-entente-errand"
ERRAND_SECONDS = 600
Word = Annotated[str, Form(max_length=400)]
Number = Annotated[int, Path(ge=1, le=2**63 - 1)]
STATUS = {"TooMany": 429, "Unauthenticated": 401, "Unavailable": 503, "Forbidden": 403}


def provider_of(http: Request) -> "Provider | None":
    """Return the installation's identity provider, if it has one."""
    found: Provider | None = http.app.state.provider
    return found


def _status(fault: Refusal) -> int:
    return next((STATUS[k.__name__] for k in type(fault).__mro__ if k.__name__ in STATUS), 422)


def _entrance(http: Request, fault: Refusal | None = None, login: str = "") -> Response:
    provider = provider_of(http)
    forms = "'self'" + (f" {provider.origin}" if provider else "")
    status = _status(fault) if fault else 200
    shown = {"provider": provider is not None, "login": login, "fault": fault}
    return render("sign_in.html", status, forms, **shown)


@api.get("/sign-in")
def page_sign_in(http: Request) -> Response:
    """Show the ways in."""
    return _entrance(http)


@api.post("/sign-in")
async def page_enter(guest: AtPorch, login: Word, password: Word) -> Response:
    """Sign in by login and password."""
    try:
        opened = await guest.run(
            partial(entering.sign_in, guest.house, guest.visitor, login, password)
        )
    except Refusal as fault:
        return _entrance(guest.http, fault, login)
    place = "/sign-in/second-factor" if opened.row.pending else "/account"
    return with_cookie(go(place), opened)


@api.get("/sign-in/second-factor")
def page_second_factor() -> Response:
    """Ask for the code of the device."""
    return render("second_factor.html", fault=None)


@api.post("/sign-in/second-factor")
async def page_enter_second_factor(guest: AtPorch, code: Word) -> Response:
    """Complete a sign-in that waits for its second factor."""
    try:
        opened = await guest.run(
            partial(entering.give_second_factor, guest.house, guest.secret, code)
        )
    except Refusal as fault:
        return render("second_factor.html", _status(fault), fault=fault)
    return with_cookie(go("/account"), opened)


@api.post("/sign-in/forgotten")
async def page_ask_reset(guest: AtPorch, login: Word) -> Response:
    """Have a link sent; the page is the same for every address."""
    try:
        await guest.run(partial(entering.ask_reset, guest.house, guest.visitor, login))
    except Refusal as fault:
        return _entrance(guest.http, fault, login)
    return render("asked.html", fault=None)


def _choosing(http: Request, action: str, link: str, fault: Refusal | None = None) -> Response:
    provider = provider_of(http) if action == INVITATION else None
    forms = "'self'" + (f" {provider.origin}" if provider else "")
    shown = {"action": action, "link": link, "provider": provider is not None, "fault": fault}
    return render("password.html", _status(fault) if fault else 200, forms, **shown)


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
async def page_visit_provider(guest: AtPorch, link: Word = "", fresh: Word = "") -> Response:
    """Send the browser to the identity provider; what ties its answer to it goes into a cookie.

    `fresh` asks that the provider has the person prove anew who it is, as a step-up needs it.
    """
    provider = provider_of(guest.http)
    if provider is None:
        raise Malformed("oidc.none", "This installation has no identity provider.")
    errand = Errand.begin(link=link, fresh=bool(fresh))
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
        place = "/sign-in/second-factor" if opened.row.pending else "/account"
        response = with_cookie(go(place), opened)
    response.delete_cookie(ERRAND, path="/", secure=True, httponly=True, samesite="lax")
    return response


def _errand(guest: Guest) -> Errand:
    kept = guest.http.cookies.get(ERRAND, "")
    try:
        return Errand(**_errands(guest.house).loads(kept, max_age=ERRAND_SECONDS))
    except (BadData, TypeError) as fault:
        raise Unauthenticated("oidc.errand", "This visit is over: sign in again.") from fault


@api.get("/account")
def page_account(desk: AtDesk) -> Response:
    """Show who one is and where one is signed in; who is not goes to the entrance."""
    try:
        return desk.carry_out(lambda: _account(desk))
    except Unauthenticated:
        return without_cookie(go("/sign-in"))


def _account(desk: AtDesk) -> Response:
    provider = provider_of(desk.http)
    return render(
        "account.html",
        forms="'self'" + (f" {provider.origin}" if provider else ""),
        provider=provider is not None,
        person=desk.actor.name,
        csrf=desk.csrf or "",
        sessions=sessions.views(desk.session, desk.actor),
        grants=oneself.me(desk.actor).grants,
        fault=None,
    )


@api.post("/sign-out")
async def page_sign_out(guest: AtPorch, csrf: Word = "") -> Response:
    """Sign out; the browser forgets what it kept."""
    own_form(guest.http, guest.house, csrf)
    await guest.run(partial(entering.sign_out, guest.house, guest.secret))
    return without_cookie(go("/sign-in"))


@api.post("/account/sessions/{number}/end")
def page_end_session(desk: AtDesk, number: Number, csrf: Word = "") -> Response:
    """End one of one's own sessions."""
    own_form(desk.http, desk.house, csrf)

    def ended() -> Response:
        accounts.end_session(desk.session, desk.actor, number)
        return go("/account")

    return desk.carry_out(ended)
