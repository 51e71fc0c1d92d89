"""Signing in, and what is done with codes and links, step by step.

None of it runs in one transaction: a try is counted and the count committed first, the password is
tried while no transaction is open, and only then the session begins.
"""

from collections.abc import Callable, Mapping
from functools import partial

from app.accounts import factors, limits, links, recovery, sessions
from app.accounts import service as accounts
from app.accounts.identity import Identity
from app.accounts.limits import (
    CHANGE,
    LINK_PLACE,
    RESET,
    RESET_PLACE,
    SECOND_FACTOR,
    SIGN_IN,
    SIGN_IN_ALL,
)
from app.accounts.rules import check_password, login_of, normalised
from app.accounts.sessions import Opened, Visitor
from app.accounts.tables import Account
from app.directory import credentials
from app.directory.actor import Actor
from app.directory.service import person_of
from app.kit import clock
from app.kit.db import Session
from app.kit.errors import Forbidden, Unauthenticated
from app.ledger import service as ledger
from app.outbox import letters
from app.policy.table import RULES
from app.wiring.callers import COOKIE
from app.wiring.entitlement import entitled
from app.wiring.house import House

STRANGER = Actor(None, "a stranger", credential="none")
BEARER = Actor(None, "whoever holds a link", credential="link")
"""Who acts where nobody is signed in yet; the command line is somebody else."""
UNKNOWN = "Nobody signs in here with that identity: ask your administrator for an invitation."


def sign_in(house: House, visitor: Visitor, login: str, password: str) -> Opened:
    """Begin a session by login and password. Raises TooMany, Unauthenticated.

    Whether the account is not there, disabled or the password wrong makes no difference to the
    answer, and none to speak of to the time.
    """
    name = login_of(login)
    where = f"{name}\n{visitor.address}"
    with house.database.writing() as session:
        limits.take(session, [SIGN_IN], where, clock.now())
        limits.take(session, [SIGN_IN_ALL], "", clock.now())
    with house.database.reading() as session:
        account = accounts.local(session, name)
        usable = account is not None and accounts.may_sign_in(session, account)
        kept = account.password if account and usable else None
    given = normalised(password)
    if not house.hasher.fits(kept, given) or account is None or kept is None:
        _refused(house, name)
        raise Unauthenticated("sign_in.refused", "Login or password is wrong.")
    renewed = house.hasher.hash(given) if house.hasher.outdated(kept) else kept
    with house.database.writing() as session:
        limits.forget(session, [SIGN_IN], where)
        row = session.get_one(Account, account.id, with_for_update=True)
        if row.password != kept or not accounts.may_sign_in(session, row):
            raise Unauthenticated("sign_in.refused", "Login or password is wrong.")
        row.password = renewed
        opened = accounts.open_session(session, row, visitor)
        _tell(session, "signed_in", opened)
        return opened


def sign_in_as(house: House, visitor: Visitor, identity: Identity, link: str = "") -> Opened:
    """Begin a session of whom the identity provider vouches for. Raises TooMany, Unauthenticated.

    Nobody becomes known by signing in: the link of an invitation ties an identity to its person.
    """
    with house.database.writing() as session:
        limits.take(session, [SIGN_IN_ALL], "", clock.now())
    try:
        with house.database.writing() as session:
            account = _account_of(session, identity, link)
            opened = accounts.open_session(session, account, visitor, identity)
            _tell(session, "signed_in", opened)
            return opened
    except Unauthenticated:
        _refused(house, f"{identity.issuer}\n{identity.subject}")
        raise


def _account_of(session: Session, identity: Identity, link: str) -> Account:
    """Return the account of an identity, which an invitation may tie to it now.

    Raises Unauthenticated, Invalid.
    """
    pair = (identity.issuer, identity.subject)
    account = accounts.of_identity(session, *pair)
    if account is None and link:
        person_id, _ = links.use(session, link, links.INVITATION)
        account = accounts.link_identity(session, person_id, *pair)
        linked = {"person": person_id, "account": account.id}
        ledger.append(session, _stream(), "identity_linked", BEARER, linked)
    if account is None or not accounts.may_sign_in(session, account):
        raise Unauthenticated("sign_in.unknown", UNKNOWN)
    return account


def give_second_factor(house: House, secret: str, code: str) -> Opened:
    """Complete a session whose second factor is due. Raises Unauthenticated, TooMany, Forbidden."""
    with house.database.writing() as session:
        _count(session, sessions.awaiting(session, secret).person_id)
    with house.database.writing() as session:
        row = sessions.awaiting(session, secret)
        factors.give(session, row.person_id, code)
        limits.forget(session, SECOND_FACTOR, str(row.person_id))
        opened = sessions.assure(session, row.id)
        _tell(session, "second_factor_given", opened)
        return opened


def give_recovery_code(house: House, secret: str, code: str) -> Opened:
    """Complete a sign-in whose second factor is due without the device; its person is told.

    Raises Unauthenticated, TooMany, Forbidden.
    """
    with house.database.writing() as session:
        _count(session, sessions.awaiting(session, secret).person_id)
    with house.database.writing() as session:
        row = sessions.awaiting(session, secret)
        left = recovery.use(session, row.person_id, code)
        limits.forget(session, SECOND_FACTOR, str(row.person_id))
        opened = sessions.assure(session, row.id)
        if address := accounts.address_of(session, row):
            letters.write(session, letters.RECOVERED, address)
        _tell(session, "recovery_code_used", opened, left=left)
        return opened


def step_up(house: House, headers: Mapping[str, str], code: str) -> Opened | None:
    """Give a second factor with a credential that is in use: a session gets another identifier.

    Raises Unauthenticated, TooMany, Forbidden.
    """
    return _assured(house, "step_up", headers, partial(factors.give, code=code))


def confirm_second_factor(house: House, headers: Mapping[str, str], code: str) -> Opened | None:
    """Put a device into force by its first code. Raises as `step_up`, and Conflict."""
    return _assured(house, "confirm_second_factor", headers, partial(factors.confirm, code=code))


def make_codes(house: House, secret: str) -> list[str]:
    """Make recovery codes anew for who holds a session and gave a second factor just now."""
    rule = RULES["make_recovery_codes"]
    with house.database.writing() as session:
        actor = entitled(house, session, {"cookie": f"{COOKIE}={secret}"}, rule)
        return recovery.make(session, actor)


def change_password(house: House, headers: Mapping[str, str], sent: tuple[str, str]) -> Opened:
    """Change the password that one is signed in with; `sent` are the present one and the new one.

    Raises Unauthenticated, Forbidden, TooMany, Invalid.
    """
    present, password = sent
    rule = RULES["change_password"]
    with house.database.writing() as session:
        actor = entitled(house, session, headers, rule)
        account = accounts.own_account(session, actor)
        limits.take(session, [CHANGE], str(account.id), clock.now())
        kept, person = account.password, person_of(session, account.person_id)
        told = (person.name, person.email or "", account.subject)
    if kept is None or not house.hasher.fits(kept, normalised(present)):
        raise Forbidden("password.wrong", "That is not your present password.")
    hashed = house.hasher.hash(check_password(password, told))
    with house.database.writing() as session:
        actor = entitled(house, session, headers, rule)
        opened = accounts.change_password(session, actor, kept, hashed)
        limits.forget(session, [CHANGE], str(opened.row.account_id))
        ledger.append(session, _stream(), "password_changed", actor, {})
        return opened


def ask_reset(house: House, visitor: Visitor, login: str) -> None:
    """Have a link sent to an address, if anybody signs in with it. Raises TooMany.

    Who that is is looked up when the letter is sent: here known and unknown are the same work.
    """
    name = login_of(login)
    with house.database.writing() as session:
        limits.take(session, [RESET_PLACE], visitor.address, clock.now())
        limits.take(session, [RESET], name, clock.now())
        letters.write(session, letters.RESET, name)


def choose_password(house: House, visitor: Visitor, purpose: str, sent: tuple[str, str]) -> str:
    """Set a password by a link, and return the login. Raises TooMany, Invalid, Conflict."""
    link, password = sent
    with house.database.writing() as session:
        limits.take(session, [LINK_PLACE], visitor.address, clock.now())
    with house.database.reading() as session:
        given = accounts.password_for(session, link, purpose, password)
    hashed = house.hasher.hash(given)
    with house.database.writing() as session:
        account = accounts.set_password(session, link, purpose, hashed)
        told = {"person": account.person_id, "by": purpose}
        ledger.append(session, _stream(), "password_set", BEARER, told)
        return account.subject


def sign_out(house: House, secret: str) -> None:
    """End a session, known or not."""
    with house.database.writing() as session:
        row = sessions.end_by_secret(session, secret)
        if row is not None:
            _tell(session, "signed_out", Opened(secret, row))


def _assured(
    house: House, operation: str, headers: Mapping[str, str], give: Callable[[Session, int], None]
) -> Opened | None:
    with house.database.writing() as session:
        _count(session, _person(entitled(house, session, headers, RULES[operation])))
    with house.database.writing() as session:
        actor = entitled(house, session, headers, RULES[operation])
        give(session, _person(actor))
        limits.forget(session, SECOND_FACTOR, str(actor.person_id))
        ledger.append(session, _stream(), operation, actor, {})
        number = sessions.number_of(actor)
        if number is not None:
            return sessions.assure(session, number, again=True)
        credentials.assure(session, int(actor.credential.partition(":")[2]), clock.now())
        return None


def _stream() -> str:
    return f"sign_in:{clock.today()}"


def _tell(session: Session, action: str, opened: Opened, **more: int) -> None:
    """Enter what became of a session into the decision log, without any secret."""
    row = opened.row
    who = Actor(row.person_id, "", credential=f"session:{row.id}")
    told = {"person": row.person_id, "session": row.id, **more}
    ledger.append(session, _stream(), action, who, told)


def _refused(house: House, name: str) -> None:
    """Enter a refused sign-in: by a keyed digest, for people type passwords as names."""
    told = {"login": sessions.keyed(house.ring, "login", name).hex()[:16]}
    with house.database.writing() as session:
        ledger.append(session, _stream(), "sign_in_refused", STRANGER, told)


def _person(actor: Actor) -> int:
    return actor.person_id or 0


def _count(session: Session, person_id: int) -> None:
    limits.take(session, SECOND_FACTOR, str(person_id), clock.now())
