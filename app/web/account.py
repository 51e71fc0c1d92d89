"""The pages of one's own account: sessions, password, second factor, recovery codes."""

from collections.abc import Callable, Mapping
from functools import partial
from typing import Annotated

from fastapi import APIRouter, Path, Response

from app.accounts import factors, recovery, sessions
from app.accounts import service as accounts
from app.accounts.sessions import Opened
from app.directory import oneself
from app.kit.errors import (
    Conflict,
    Forbidden,
    Invalid,
    Refusal,
    TooMany,
    Unauthenticated,
    Unavailable,
)
from app.web.pages import Word, go, own_form, provider_of, render, status_of
from app.wiring import entering
from app.wiring.desk import AtDesk, Desk
from app.wiring.house import House
from app.wiring.porch import AtPorch, Guest, with_cookie, without_cookie

api = APIRouter(include_in_schema=False)

Number = Annotated[int, Path(ge=1, le=2**63 - 1)]
FAULTS = (Conflict, Forbidden, Invalid, TooMany, Unavailable)
"""What a page tells; who is not signed in is answered as by any other door."""


@api.get("/account")
def page_account(desk: AtDesk) -> Response:
    """Show who one is and where one is signed in; who is not goes to the entrance."""
    return _at_home(desk, lambda: _account(desk))


def _at_home(desk: Desk, work: Callable[[], Response]) -> Response:
    try:
        return desk.carry_out(work)
    except Unauthenticated:
        return without_cookie(go("/sign-in"))


def _account(desk: Desk) -> Response:
    provider = provider_of(desk.http)
    ways = accounts.ways_of(desk.session, desk.actor.person_id or 0)
    return render(
        "account.html",
        forms="'self'" + (f" {provider.origin}" if provider else ""),
        provider=provider is not None and accounts.OIDC in ways,
        password=accounts.LOCAL in ways,
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


@api.get("/account/password")
def page_password(desk: AtDesk) -> Response:
    """Ask for the present password and another one."""
    return _at_home(desk, lambda: _changing(desk.csrf or ""))


def _changing(csrf: str, fault: Refusal | None = None) -> Response:
    status = status_of(fault) if fault else 200
    return render("password_change.html", status, csrf=csrf, fault=fault)


@api.post("/account/password")
async def page_change_password(
    guest: AtPorch, present: Word, password: Word, csrf: Word = ""
) -> Response:
    """Change one's password; every other session ends."""
    own_form(guest.http, guest.house, csrf)
    sent = (guest.house, guest.http.headers, (present, password))
    try:
        opened = await guest.run(partial(entering.change_password, *sent))
    except FAULTS as fault:
        return _changing(csrf, fault)
    return with_cookie(go("/account"), opened)


@api.get("/account/second-factor")
def page_device(desk: AtDesk) -> Response:
    """Show whether one has a device, and how many recovery codes are left."""
    return _at_home(desk, lambda: _device(desk))


def _device(desk: Desk) -> Response:
    person = desk.actor.person_id or 0
    enrolled = factors.enrolled(desk.session, person)
    codes = recovery.view(desk.session, person)
    return render("device.html", csrf=desk.csrf or "", enrolled=enrolled, left=codes.left)


@api.post("/account/second-factor")
def page_begin_device(desk: AtDesk, csrf: Word = "") -> Response:
    """Give a new device to confirm; what it reads is shown this once."""
    own_form(desk.http, desk.house, csrf)

    def begun() -> Response:
        uri = factors.begin_own(desk.session, desk.actor)
        return render("device_new.html", csrf=csrf, uri=uri, key=factors.key_in(uri))

    try:
        return desk.carry_out(begun)
    except FAULTS as fault:
        return render("device_refused.html", status_of(fault), fault=fault)


@api.post("/account/second-factor/confirmation")
async def page_confirm_device(guest: AtPorch, code: Word, csrf: Word = "") -> Response:
    """Put the device into force, and show its first recovery codes."""
    return await _codes(guest, entering.confirm_second_factor, code, csrf)


@api.post("/account/recovery-codes")
async def page_make_codes(guest: AtPorch, code: Word, csrf: Word = "") -> Response:
    """Make recovery codes anew, by a code of the device, and show them this once."""
    return await _codes(guest, entering.step_up, code, csrf)


Giving = Callable[[House, Mapping[str, str], str], Opened | None]


async def _codes(guest: Guest, give: Giving, code: str, csrf: str) -> Response:
    own_form(guest.http, guest.house, csrf)
    try:
        opened = await guest.run(partial(give, guest.house, guest.http.headers, code))
        if opened is None:
            raise Forbidden("recovery.session", "Sign in with a browser.")
        codes = await guest.run(partial(entering.make_codes, guest.house, opened.secret))
    except FAULTS as fault:
        return render("device_refused.html", status_of(fault), fault=fault)
    return with_cookie(render("recovery_codes.html", codes=codes), opened)


@api.post("/account/second-factor/removal")
def page_remove_device(desk: AtDesk, csrf: Word = "") -> Response:
    """Take one's lost device out of force; every session ends."""
    own_form(desk.http, desk.house, csrf)

    def removed() -> Response:
        factors.remove_for(desk.session, desk.actor, desk.actor.person_id or 0)
        return without_cookie(go("/sign-in"))

    try:
        return desk.carry_out(removed)
    except FAULTS as fault:
        return render("device_refused.html", status_of(fault), fault=fault)
