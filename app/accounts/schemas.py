"""What doors take and give for signing in."""

from datetime import datetime
from typing import Annotated

from pydantic import Field, StringConstraints

from app.directory.schemas import Body, View
from app.kit.text import Filled, FilledProse

Password = Annotated[str, StringConstraints(min_length=1, max_length=512)]
Code = Annotated[str, StringConstraints(pattern=r"^[0-9]{6}$")]
Recovery = Annotated[str, StringConstraints(pattern=r"^[A-Za-z2-7 -]{24,40}$")]
Link = Annotated[str, StringConstraints(pattern=r"^link_[A-Za-z0-9_-]{43}$")]


class SignInBody(Body):
    """A login (an e-mail address) and its password."""

    login: Filled
    password: Password


class CodeBody(Body):
    """What the second factor shows now."""

    code: Code


class RecoveryBody(Body):
    """A recovery code, with or without its dashes."""

    code: Recovery


class ChangeBody(Body):
    """The password that one has, and the one that is chosen."""

    present: Password
    password: Password


class InvitationBody(Body):
    """Who is invited to choose a password."""

    person: int = Field(ge=1, le=2**63 - 1)


class ResetBody(Body):
    """The address to which a link is sent, if anybody signs in with it."""

    login: Filled


class PasswordBody(Body):
    """A link that came by mail, and the password that is chosen."""

    link: Link
    password: Password


class SessionView(View):
    """One of a person's open sessions; `present` is the one that asks."""

    id: int
    agent: str
    created_at: datetime
    seen_at: datetime
    expires_at: datetime
    assured_at: datetime | None
    present: bool


class SessionMade(View):
    """A session that begins or goes on: `csrf` is sent along with every change (X-CSRF-Token).

    While `pending` it waits for POST /api/v1/session/second-factor.
    """

    id: int
    pending: bool
    csrf: str
    expires_at: datetime
    assured_at: datetime | None


class SteppedUp(View):
    """A second factor was given: until when it holds, and for a session what it goes on with."""

    assured_at: datetime
    assured_until: datetime
    session: SessionMade | None


class Device(View):
    """What a device reads to show codes; shown this once."""

    uri: str


class RecoveryView(View):
    """How many recovery codes are left unused, and when they were made."""

    left: int
    made_at: datetime | None


class RecoveryCodes(View):
    """Recovery codes, each good for one sign-in without the device; shown this once."""

    codes: list[str]


class Asked(View):
    """The answer to whoever asks for a reset, whatever the address is."""

    detail: str = "If somebody signs in with that address, a link was sent to it."


class PasswordSet(View):
    """A password was set: sign in with it."""

    login: str


class JoinBody(Body):
    """Which record is joined to the person's, and how it is known that both are one person."""

    person: int = Field(ge=1, le=2**63 - 1)
    reason: FilledProse


class JoinView(View):
    """Records joined or (without `joined_at`) to be joined, by whom, and why.

    `requests` says in how many requests both had acted: what was decided there by two was not.
    """

    id: int
    kept_id: int
    joined_id: int
    reason: str
    asked_by: int
    asked_at: datetime
    confirmed_by: int | None
    joined_at: datetime | None
    requests: int | None


class Suspected(View):
    """Two persons who may be one, and the signs of it."""

    first: int
    second: int
    signs: list[str]
