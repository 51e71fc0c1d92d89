"""The pages of one's own account: sessions, password, second factor, recovery codes."""

from collections.abc import Callable, Mapping
from functools import partial
from typing import Annotated, Any

from fastapi import Form, Path, Response

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
    Unavailable,
)
from app.web.errors import face_of
from app.web.pages import (
    Word,
    forms_of,
    go,
    own_form,
    place_of_ours,
    provider_of,
    render,
    status_of,
)
from app.web.tell import told
from app.web.visit import AtVisit, router, seconds_left
from app.webhooks import service as webhooks
from app.wiring import entering
from app.wiring.house import House
from app.wiring.porch import AtPorch, Guest, with_cookie, without_cookie

api = router()

Place = Annotated[str, Form(max_length=2000)]
Number = Annotated[int, Path(ge=1, le=2**63 - 1)]
FAULTS = (Conflict, Forbidden, Invalid, TooMany, Unavailable)
"""What a page tells; who is not signed in is answered as everywhere."""


@api.get("/account")
def page_account(desk: AtVisit) -> Response:
    """Show who one is and where one is signed in; who is not goes to the entrance."""
    provider = provider_of(desk.http)
    ways = accounts.ways_of(desk.session, desk.actor.person_id or 0)
    shown = {
        "provider": provider is not None and accounts.OIDC in ways,
        "password": accounts.LOCAL in ways,
        "person": desk.actor.name,
        "sessions": sessions.views(desk.session, desk.actor),
        "stopped": webhooks.any_disabled(desk.session, desk.actor),
        "grants": oneself.me(desk.actor).grants,
    }
    return desk.page("account.html", shown, forms=forms_of(provider))


@api.post("/sign-out")
async def page_sign_out(guest: AtPorch, csrf: Word = "") -> Response:
    """Sign out; the browser forgets what it kept."""
    own_form(guest.http, guest.house, csrf)
    await guest.run(partial(entering.sign_out, guest.house, guest.secret))
    return without_cookie(go("/sign-in"))


@api.post("/account/sessions/{number}/end")
def page_end_session(desk: AtVisit, number: Number) -> Response:
    """End one of one's own sessions."""
    accounts.end_session(desk.session, desk.actor, number)
    return go("/account")


@api.get("/account/password")
def page_password(desk: AtVisit) -> Response:
    """Ask for the present password and another one."""
    return desk.page("password_change.html")


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
        return _refused(guest, "password_change.html", fault)
    return with_cookie(go("/account"), opened)


@api.get("/account/second-factor")
def page_device(desk: AtVisit) -> Response:
    """Show whether one has a device, and how many recovery codes are left."""
    person = desk.actor.person_id or 0
    enrolled = factors.enrolled(desk.session, person)
    left = recovery.view(desk.session, person).left
    return desk.page("device.html", {"enrolled": enrolled, "left": left})


@api.get("/account/stay")
def page_stay(desk: AtVisit) -> Response:
    """Count as use of the session, and say for how many seconds it stands now: for scripts."""
    return Response(str(seconds_left(desk.actor)), media_type="text/plain")


@api.post("/account/second-factor")
def page_begin_device(desk: AtVisit) -> Response:
    """Give a new device to confirm; what it reads is shown this once."""
    uri = factors.begin_own(desk.session, desk.actor)
    return desk.page("device_new.html", {"uri": uri, "key": factors.key_in(uri)})


@api.post("/account/second-factor/confirmation")
async def page_confirm_device(guest: AtPorch, code: Word, csrf: Word = "") -> Response:
    """Put the device into force, and show its first recovery codes."""
    return await _codes(guest, entering.confirm_second_factor, code, csrf)


@api.post("/account/recovery-codes")
async def page_make_codes(guest: AtPorch, code: Word, csrf: Word = "") -> Response:
    """Make recovery codes anew, by a code of the device, and show them this once."""
    return await _codes(guest, entering.step_up, code, csrf)


@api.get("/account/step-up")
def page_step_up(desk: AtVisit) -> Response:
    """Ask for the second factor before something that binds."""
    provider = provider_of(desk.http)
    ways = accounts.ways_of(desk.session, desk.actor.person_id or 0)
    shown = {
        "provider": provider is not None and accounts.OIDC in ways,
        "enrolled": factors.enrolled(desk.session, desk.actor.person_id or 0),
        "place": place_of_ours(desk.http.query_params.get("next", "/")),
    }
    return desk.page("step_up.html", shown, forms=forms_of(provider))


@api.post("/account/step-up")
async def page_give_step_up(
    guest: AtPorch, code: Word, place: Place = "/", csrf: Word = ""
) -> Response:
    """Take the second factor, and lead back to what asked for it."""
    own_form(guest.http, guest.house, csrf)
    try:
        opened = await guest.run(partial(entering.step_up, guest.house, guest.http.headers, code))
    except FAULTS as fault:
        shown = {"provider": False, "enrolled": True, "place": place_of_ours(place)}
        return _refused(guest, "step_up.html", fault, **shown)
    return with_cookie(go(place_of_ours(place)), opened)


def _refused(guest: Guest, name: str, fault: Refusal, **shown: Any) -> Response:
    """Return the page that was sent, with what stands against it."""
    whole = {"fault": told(fault), **shown}
    return render(guest.http, name, status_of(fault), face=face_of(guest.http), shown=whole)


Giving = Callable[[House, Mapping[str, str], str], Opened | None]


async def _codes(guest: Guest, give: Giving, code: str, csrf: str) -> Response:
    own_form(guest.http, guest.house, csrf)
    try:
        opened = await guest.run(partial(give, guest.house, guest.http.headers, code))
        if opened is None:
            raise Forbidden("recovery.session", "Sign in with a browser.")
        codes = await guest.run(partial(entering.make_codes, guest.house, opened.secret))
    except FAULTS as fault:
        return _refused(guest, "device_refused.html", fault)
    page = render(
        guest.http, "recovery_codes.html", face=face_of(guest.http), shown={"codes": codes}
    )
    return with_cookie(page, opened)


@api.post("/account/second-factor/removal")
def page_remove_device(desk: AtVisit) -> Response:
    """Take one's lost device out of force; every session ends."""
    factors.remove_for(desk.session, desk.actor, desk.actor.person_id or 0)
    return without_cookie(go("/sign-in"))
