"""Signing in and out, one's sessions, second factors, invitations and resets."""

from functools import partial

from fastapi import Response
from pydantic import BaseModel

from app.accounts import duplicates, factors, joining, links, recovery, sessions
from app.accounts import service as accounts
from app.accounts.schemas import (
    Asked,
    ChangeBody,
    CodeBody,
    Device,
    InvitationBody,
    JoinBody,
    JoinView,
    PasswordBody,
    PasswordSet,
    RecoveryBody,
    RecoveryCodes,
    RecoveryView,
    ResetBody,
    SessionMade,
    SessionView,
    SignInBody,
    SteppedUp,
    Suspected,
)
from app.accounts.sessions import Opened
from app.api.deps import AtDesk, Items, Number, page, router
from app.api.problems import ADDS, READS
from app.directory import service as directory
from app.directory.schemas import PersonView
from app.kit import clock
from app.policy import rights
from app.wiring import entering
from app.wiring.house import House
from app.wiring.masking import to_json
from app.wiring.porch import AtPorch, Guest, with_cookie, without_cookie

api = router("signing in")


def _made(house: House, opened: Opened) -> SessionMade:
    row = opened.row
    return SessionMade(
        id=row.id,
        pending=row.pending,
        csrf=sessions.csrf_of(house.ring, opened.secret),
        expires_at=row.expires_at,
        assured_at=row.assured_at,
    )


def _answer(content: BaseModel, status: int = 201) -> Response:
    return Response(to_json(content), status, media_type="application/json")


def _stepped_up(guest: Guest, opened: Opened | None) -> Response:
    now = opened.row.assured_at if opened and opened.row.assured_at else clock.now()
    made = _made(guest.house, opened) if opened else None
    content = SteppedUp(assured_at=now, assured_until=now + rights.FRESH, session=made)
    return with_cookie(_answer(content), opened)


@api.post("/session", status_code=201, response_model=SessionMade, responses=ADDS)
async def sign_in(guest: AtPorch, body: SignInBody) -> Response:
    """Sign in by login and password; the session comes as a cookie."""
    sent = (guest.house, guest.visitor, body.login, body.password)
    opened = await guest.run(partial(entering.sign_in, *sent))
    return with_cookie(_answer(_made(guest.house, opened)), opened)


@api.post("/session/second-factor", status_code=201, response_model=SessionMade, responses=ADDS)
async def give_second_factor(guest: AtPorch, body: CodeBody) -> Response:
    """Complete a sign-in that waits for its second factor; the session gets another identifier."""
    sent = (guest.house, guest.secret, body.code)
    opened = await guest.run(partial(entering.give_second_factor, *sent))
    return with_cookie(_answer(_made(guest.house, opened)), opened)


@api.post("/session/recovery", status_code=201, response_model=SessionMade, responses=ADDS)
async def give_recovery_code(guest: AtPorch, body: RecoveryBody) -> Response:
    """Complete a sign-in without the device, by a recovery code; each is good once."""
    sent = (guest.house, guest.secret, body.code)
    opened = await guest.run(partial(entering.give_recovery_code, *sent))
    return with_cookie(_answer(_made(guest.house, opened)), opened)


@api.delete("/session", status_code=204, responses=ADDS)
async def sign_out(guest: AtPorch) -> Response:
    """Sign out: the session is dead at once, and the browser forgets what it kept."""
    await guest.run(partial(entering.sign_out, guest.house, guest.secret))
    return without_cookie(Response(status_code=204))


@api.get("/me/sessions", response_model=Items[SessionView], responses=READS)
def list_sessions(desk: AtDesk) -> Response:
    """List one's own open sessions, newest first."""
    return page(desk, sessions.views(desk.session, desk.actor))


@api.post("/me/sessions/{number}/end", response_model=SessionView, responses=ADDS)
def end_session(desk: AtDesk, number: Number) -> Response:
    """End one of one's own sessions: it is dead at once, on every worker."""
    row = accounts.end_session(desk.session, desk.actor, number)
    return desk.show(sessions.view(row, desk.actor))


@api.post("/me/step-up", status_code=201, response_model=SteppedUp, responses=ADDS)
async def step_up(guest: AtPorch, body: CodeBody) -> Response:
    """Give one's second factor: it assures what is done with this credential for ten minutes."""
    sent = (guest.house, guest.http.headers, body.code)
    return _stepped_up(guest, await guest.run(partial(entering.step_up, *sent)))


@api.post("/me/password", status_code=201, response_model=SessionMade, responses=ADDS)
async def change_password(guest: AtPorch, body: ChangeBody) -> Response:
    """Change one's password; every other session ends, this one gets another identifier."""
    sent = (guest.house, guest.http.headers, (body.present, body.password))
    opened = await guest.run(partial(entering.change_password, *sent))
    return with_cookie(_answer(_made(guest.house, opened)), opened)


@api.get("/me/recovery-codes", response_model=RecoveryView, responses=READS)
def read_recovery_codes(desk: AtDesk) -> Response:
    """Say how many recovery codes one has left; what they are is not kept."""
    return desk.show(recovery.view(desk.session, desk.actor.person_id or 0))


@api.post("/me/recovery-codes", status_code=201, response_model=RecoveryCodes, responses=ADDS)
def make_recovery_codes(desk: AtDesk) -> Response:
    """Make ten recovery codes anew, shown this once; the earlier ones are void."""
    desk.once_only()
    codes = recovery.make(desk.session, desk.actor)
    return desk.created(RecoveryCodes(codes=codes), "/api/v1/me/recovery-codes")


@api.post("/me/second-factor", status_code=201, response_model=Device, responses=ADDS)
def begin_second_factor(desk: AtDesk) -> Response:
    """Begin to enrol a device; what it reads is shown this once."""
    desk.once_only()
    uri = factors.begin_own(desk.session, desk.actor)
    return desk.created(Device(uri=uri), "/api/v1/me/second-factor/confirmation")


@api.post(
    "/me/second-factor/confirmation", status_code=201, response_model=SteppedUp, responses=ADDS
)
async def confirm_second_factor(guest: AtPorch, body: CodeBody) -> Response:
    """Put the device into force by the first code that it shows."""
    sent = (guest.house, guest.http.headers, body.code)
    return _stepped_up(guest, await guest.run(partial(entering.confirm_second_factor, *sent)))


@api.post(
    "/people/{number}/second-factor/removal",
    status_code=201,
    response_model=PersonView,
    responses=ADDS,
)
def remove_second_factor(desk: AtDesk, number: Number) -> Response:
    """Take a lost device out of force: one's own, or a person's by an administrator."""
    person = factors.remove_for(desk.session, desk.actor, number)
    return desk.created(directory.views(desk.session, [person])[0], f"/api/v1/people/{number}")


@api.post("/invitations", status_code=201, response_model=PersonView, responses=ADDS)
def invite(desk: AtDesk, body: InvitationBody) -> Response:
    """Mail a person a link to choose a password by (administrators)."""
    person = accounts.invite(desk.session, desk.actor, body.person)
    return desk.created(directory.views(desk.session, [person])[0], f"/api/v1/people/{person.id}")


@api.post("/invitations/acceptance", status_code=201, response_model=PasswordSet, responses=ADDS)
async def accept_invitation(guest: AtPorch, body: PasswordBody) -> Response:
    """Choose a password by the link of an invitation."""
    sent = (guest.house, guest.visitor, links.INVITATION, (body.link, body.password))
    return _answer(PasswordSet(login=await guest.run(partial(entering.choose_password, *sent))))


@api.post("/password-resets", status_code=202, response_model=Asked, responses=ADDS)
async def ask_reset(guest: AtPorch, body: ResetBody) -> Response:
    """Ask for a link to choose another password by; the answer is the same for every address."""
    await guest.run(partial(entering.ask_reset, guest.house, guest.visitor, body.login))
    return _answer(Asked(), 202)


@api.post(
    "/password-resets/completion", status_code=201, response_model=PasswordSet, responses=ADDS
)
async def complete_reset(guest: AtPorch, body: PasswordBody) -> Response:
    """Choose another password by the link of a reset; every session of the person ends."""
    sent = (guest.house, guest.visitor, links.RESET, (body.link, body.password))
    return _answer(PasswordSet(login=await guest.run(partial(entering.choose_password, *sent))))


@api.get("/people/{number}/join", response_model=JoinView, responses=READS)
def read_join(desk: AtDesk, number: Number) -> Response:
    """Read which record is to be joined to a person's, or was last (administrators, auditors)."""
    return desk.show(joining.read(desk.session, number))


@api.post("/people/{number}/join", status_code=201, response_model=JoinView, responses=ADDS)
def ask_join(desk: AtDesk, number: Number, body: JoinBody) -> Response:
    """Ask that another record be joined to this person's; another administrator must confirm."""
    row = joining.ask(desk.session, desk.actor, number, body)
    return desk.created(JoinView.model_validate(row), f"/api/v1/people/{number}/join")


@api.post("/people/{number}/join/confirm", response_model=JoinView, responses=ADDS)
def confirm_join(desk: AtDesk, number: Number) -> Response:
    """Join two records of one person: both ways of signing in lead to this one, for good."""
    row = joining.confirm(desk.session, desk.actor, number)
    return desk.show(JoinView.model_validate(row))


@api.get("/people/suspected-duplicates", response_model=Items[Suspected], responses=READS)
def list_suspected_duplicates(desk: AtDesk) -> Response:
    """Say which persons may be one and the same (administrators, auditors)."""
    return page(desk, duplicates.suspected(desk.session))
