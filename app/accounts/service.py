"""Accounts: how persons come to sign in, by password or by an identity provider."""

import sqlalchemy as sa
from sqlalchemy.orm import Session

from app.accounts import factors, links, sessions
from app.accounts.identity import Identity
from app.accounts.rules import check_password, login_of
from app.accounts.sessions import Opened, Visitor
from app.accounts.tables import Account, WebSession
from app.directory.actor import Actor
from app.directory.service import person_of
from app.directory.tables import Person
from app.kit import clock
from app.kit.errors import Conflict, Forbidden
from app.ledger import service as ledger
from app.outbox import letters

LOCAL, OIDC = "local", "oidc"


def local(session: Session, login: str) -> Account | None:
    """Return the local account of a login, if there is one."""
    return _find(session, LOCAL, "", login_of(login))


def of_identity(session: Session, issuer: str, subject: str) -> Account | None:
    """Return the account that an identity provider's subject signs in with, if there is one."""
    return _find(session, OIDC, issuer, subject)


def link_identity(session: Session, person_id: int, issuer: str, subject: str) -> Account:
    """Let a person sign in as an identity provider's subject too; it stays one person.

    Raises Conflict when the identity belongs to another person already.
    """
    known = of_identity(session, issuer, subject)
    if known is not None and known.person_id != person_id:
        raise Conflict("account.taken", "That identity belongs to another person.")
    return known or _add(session, person_id, (OIDC, issuer, subject), None)


def may_sign_in(session: Session, account: Account) -> bool:
    """Whether an account is in force: not disabled, and its person not suspended."""
    return account.disabled_at is None and person_of(session, account.person_id).active


def open_session(
    session: Session, account: Account, visitor: Visitor, vouched: Identity | None = None
) -> Opened:
    """Begin a session of an account that has just proved itself.

    `vouched` is what an identity provider says of it: a second factor that was given there counts
    from that moment on, and not at all for a step-up when the provider does not say when that was.
    Without one a person with a device here has to show a code first.
    """
    strong = vouched is not None and vouched.strong
    due = not strong and factors.enrolled(session, account.person_id)
    opened = sessions.begin(session, account, visitor, pending=due)
    if vouched is not None and strong and vouched.authenticated_at is not None:
        opened.row.assured_at = min(vouched.authenticated_at, clock.now())
        session.flush()
    return opened


def end_session(session: Session, actor: Actor, number: int) -> WebSession:
    """End one of one's own sessions, and enter it into the decision log. Raises NotFound."""
    row = sessions.end(session, actor.person_id or 0, number)
    told = {"person": row.person_id, "session": row.id}
    ledger.append(session, f"sign_in:{clock.today()}", "session_ended", actor, told)
    return row


def address_of(session: Session, row: WebSession) -> str:
    """Return where to tell a person of what happens to a session."""
    account = session.get_one(Account, row.account_id)
    if account.kind == LOCAL:
        return account.subject
    return person_of(session, row.person_id).email or ""


def invite(session: Session, actor: Actor | None, person_id: int) -> Person:
    """Let a person choose a password by a link that is mailed. Raises NotFound, Conflict."""
    person = invitable(session, person_id)
    letters.write(session, letters.INVITATION, str(person.email))
    ledger.append(session, ledger.DIRECTORY, "person_invited", actor, {"person": person.id})
    return person


def invitable(session: Session, person_id: int) -> Person:
    """Return a person who can be given a password. Raises NotFound, Conflict."""
    person = person_of(session, person_id)
    if not person.active or person.program or not person.email:
        raise Conflict("invitation.person", "It takes a person with an address, not suspended.")
    if local(session, person.email) is not None:
        raise Conflict("invitation.known", "That person has a password: reset it instead.")
    return person


def link_for(session: Session, address: str, purpose: str) -> str | None:
    """Make the link that a letter to an address bears; None when there is nobody to tell."""
    if purpose == links.RESET:
        account = local(session, address)
        usable = account is not None and may_sign_in(session, account)
        if account is None or not usable:
            return None
        return links.make(session, account.person_id, purpose, account.id)
    query = sa.select(Person).where(Person.email == address, Person.suspended_at.is_(None))
    person = session.scalars(query).one_or_none()
    return links.make(session, person.id, purpose) if person else None


def language_of(session: Session, address: str) -> str:
    """Return the language to write to an address in: its person's; English where it is nobody's."""
    named = sa.select(Person.language).where(Person.email == address)
    owner = sa.select(Person.language).join(Account, Account.person_id == Person.id)
    signing_in = owner.where(Account.kind == LOCAL, Account.subject == address)
    return session.scalar(named) or session.scalar(signing_in) or "en"


def password_for(session: Session, link: str, purpose: str, password: str) -> str:
    """Return a password as it is hashed, held against whose link it is. Raises Invalid."""
    person = person_of(session, links.person_of(session, link, purpose))
    return check_password(password, (person.name, person.email or ""))


def set_password(session: Session, link: str, purpose: str, hashed: str) -> Account:
    """Use a link to set a password, by its hash; every session of the person ends.

    Raises Invalid when the link cannot be used, Conflict when an invited person has a password.
    """
    person_id, account_id = links.use(session, link, purpose)
    person = person_of(session, person_id)
    if not person.active or not person.email:
        raise links.void()
    if purpose == links.INVITATION:
        if local(session, person.email) is not None:
            raise Conflict("invitation.known", "That person has a password: reset it instead.")
        return _add(session, person.id, (LOCAL, "", login_of(person.email)), hashed)
    account = session.get(Account, account_id or 0)
    if account is None or account.disabled_at is not None:
        raise links.void()
    account.password = hashed
    sessions.end_all(session, person.id)
    letters.write(session, letters.CHANGED, account.subject)
    return account


def ways_of(session: Session, person_id: int) -> frozenset[str]:
    """Return the kinds of accounts by which a person signs in: `local`, `oidc`."""
    query = sa.select(Account.kind).where(
        Account.person_id == person_id, Account.disabled_at.is_(None)
    )
    return frozenset(session.scalars(query))


def own_account(session: Session, actor: Actor) -> Account:
    """Return the account whose password one is signed in with. Raises Forbidden for any other."""
    number = sessions.number_of(actor)
    row = session.get(WebSession, number) if number else None
    account = session.get(Account, row.account_id) if row else None
    if account is None or account.password is None:
        raise Forbidden("password.none", "Sign in with the password that is to be changed.")
    return account


def change_password(session: Session, actor: Actor, kept: str, hashed: str) -> Opened:
    """Put another password in the place of `kept`; every other session and reset link ends.

    The session at hand goes on under another identifier. Raises Forbidden when the password was
    changed meanwhile.
    """
    account = own_account(session, actor)
    session.refresh(account, with_for_update=True)
    number = sessions.number_of(actor)
    if account.password != kept or number is None:
        raise Forbidden("password.wrong", "That is not your present password.")
    account.password = hashed
    links.drop(session, account.person_id, links.RESET)
    sessions.end_all(session, account.person_id, but=number)
    letters.write(session, letters.CHANGED, account.subject)
    return sessions.renew(session, number)


def _find(session: Session, kind: str, issuer: str, subject: str) -> Account | None:
    query = sa.select(Account).where(
        Account.kind == kind, Account.issuer == issuer, Account.subject == subject
    )
    return session.scalars(query).one_or_none()


def _add(
    session: Session, person_id: int, identity: tuple[str, str, str], hashed: str | None
) -> Account:
    kind, issuer, subject = identity
    account = Account(
        person_id=person_id,
        kind=kind,
        issuer=issuer,
        subject=subject,
        password=hashed,
        created_at=clock.now(),
    )
    session.add(account)
    session.flush()
    return account
