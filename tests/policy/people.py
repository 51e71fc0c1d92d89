"""The principals of the matrix: by token and by session, of every role, and those without right."""

from dataclasses import dataclass
from datetime import timedelta

import sqlalchemy as sa
from sqlalchemy.orm import Session

from app.accounts import service as accounts
from app.accounts import sessions
from app.accounts.sessions import Visitor
from app.accounts.tables import WebSession
from app.directory.credentials import Wanted, issue
from app.directory.schemas import GrantBody, Role
from app.directory.tables import ApiToken
from app.kit import clock
from app.policy.rule import SCOPES
from app.wiring.callers import COOKIE
from tests.factories.clients import Clients

OWN, OTHER, ENTITY, STRANGER = "KEN", "UGA", "itu", "unodc"
ISSUER = "https://provider.example"

ROLES: tuple[tuple[Role, str | None, str | None], ...] = (
    ("resident_coordinator", OWN, None),
    ("government", OWN, None),
    ("assessor", OWN, None),
    ("desk_officer", None, None),
    ("screening_officer", None, None),
    ("rights_reviewer", None, None),
    ("focal_point", None, ENTITY),
    ("auditor", None, None),
    ("administrator", None, None),
    ("client", OWN, None),
)
NARROWED: tuple[Role, ...] = ("resident_coordinator", "desk_officer")
"""Roles whose tokens are tried with each scope alone."""
OVER = ("bad session", "expired session", "idle session", "ended session", "suspended's session")
"""Sessions that are none (any more)."""
BROWSERS = (*(f"{role}'s session" for role, _, _ in ROLES), *OVER, "pending session")
PROGRAMS = (
    *("none", "bad", "expired", "suspended"),
    *(role for role, _, _ in ROLES),
    *(f"{role}:{scope}" for role in NARROWED for scope in SCOPES),
)


@dataclass(frozen=True, slots=True)
class Principal:
    """Who calls: by a token or a session's cookie, with one role, in the scopes of the token.

    `valid` is false where no call may get past the door. `csrf` is the token of the session.
    """

    name: str
    token: str = ""
    person_id: int = 0
    role: str = ""
    country: str | None = None
    entity: str | None = None
    scopes: frozenset[str] = frozenset(SCOPES)
    valid: bool = True
    cookie: str = ""
    csrf: str = ""

    def credential(self) -> dict[str, str]:
        """Return the header by which it is known."""
        if self.cookie:
            return {"cookie": f"{COOKIE}={self.cookie}"}
        return {"authorization": f"Bearer {self.token}"} if self.token else {}


def enrolled(clients: Clients) -> dict[str, Principal]:
    """Enrol every principal and return them by name."""
    known = {who.name: who for who in (*_with_tokens(clients), *_without_right(clients))}
    return known | {who.name: who for who in _in_browsers(clients, known)}


def _with_tokens(clients: Clients) -> list[Principal]:
    found = []
    for role, country, entity in ROLES:
        person = clients.person([GrantBody(role=role, country=country, entity=entity)])
        named = (person.person_id, role, country, entity)
        found.append(Principal(role, person.token, *named))
        for scope in SCOPES if role in NARROWED else ():
            token = _narrow(clients, person.person_id, scope)
            found.append(Principal(f"{role}:{scope}", token, *named, frozenset({scope})))
    return found


def _without_right(clients: Clients) -> list[Principal]:
    late, out = (clients.as_("desk_officer", nth=nth) for nth in (7, 6))
    with clients.house.database.writing() as session:
        mine = ApiToken.person_id == late.person_id
        past = clock.now() - timedelta(minutes=1)
        session.execute(sa.update(ApiToken).where(mine).values(expires_at=past))
    return [
        Principal("none", valid=False),
        Principal("bad", "ent_" + "x" * 43, valid=False),
        Principal("expired", late.token, late.person_id, valid=False),
        Principal("suspended", out.token, out.person_id, valid=False),
    ]


def _narrow(clients: Clients, person_id: int, scope: str) -> str:
    house, now = clients.house, clock.now()
    with house.database.writing() as session:
        wanted = Wanted(person_id, "narrow", now, now + timedelta(days=1), frozenset({scope}))
        return issue(session, house.key, wanted)[0]


def _in_browsers(clients: Clients, known: dict[str, Principal]) -> list[Principal]:
    """Sign every role in, and bring about each way in which a session is over."""
    suspended = known["suspended"]
    with clients.house.database.writing() as session:
        found = [_signed_in(session, clients, known[role]) for role, _, _ in ROLES]
        found += [_over(session, clients, name, known["desk_officer"]) for name in OVER[:-1]]
        found.append(_signed_in(session, clients, suspended))
        waits = _signed_in(session, clients, known["desk_officer"], "pending session", pending=True)
        found.append(waits)
    administrator = clients.as_("administrator", nth=6)
    administrator.post(f"/people/{suspended.person_id}/suspension").ok()
    return found


def _signed_in(
    session: Session, clients: Clients, who: Principal, name: str = "", *, pending: bool = False
) -> Principal:
    subject = name or who.name
    account = accounts.link_identity(session, who.person_id, ISSUER, subject)
    opened = sessions.begin(session, account, Visitor("192.0.2.1"), pending=pending)
    return Principal(
        name or f"{who.name}'s session",
        "",
        *(who.person_id, who.role, who.country, who.entity),
        valid=bool(who.role) and not pending,
        cookie=opened.secret,
        csrf=sessions.csrf_of(clients.house.ring, opened.secret),
    )


def _over(session: Session, clients: Clients, name: str, owner: Principal) -> Principal:
    """Return a session of `owner` that came to its end in the way that `name` says."""
    if name == "bad session":
        secret = sessions.PREFIX + "x" * 43
        csrf = sessions.csrf_of(clients.house.ring, secret)
        return Principal(name, valid=False, cookie=secret, csrf=csrf)
    made = _signed_in(session, clients, owner, name)
    past = clock.now() - timedelta(minutes=31)
    column = {"expired session": "expires_at", "idle session": "seen_at"}.get(name, "ended_at")
    newest = sa.select(sa.func.max(WebSession.id)).scalar_subquery()
    session.execute(sa.update(WebSession).where(WebSession.id == newest).values({column: past}))
    return Principal(name, "", made.person_id, valid=False, cookie=made.cookie, csrf=made.csrf)
