"""People, their roles and tokens; and the countries as the database holds them."""

from collections.abc import Iterable, Sequence
from datetime import timedelta

import sqlalchemy as sa
from sqlalchemy.orm import Session

from app.directory import countries as files
from app.directory import credentials
from app.directory.actor import COUNTRY_ROLES, ENTITY_ROLES, GLOBAL_ROLES, Actor
from app.directory.colleagues import fits
from app.directory.grants import in_force
from app.directory.schemas import (
    CountryView,
    GrantBody,
    GrantView,
    GroupView,
    PersonBody,
    PersonView,
    TokenBody,
)
from app.directory.tables import (
    AccessEpoch,
    ApiToken,
    CountryGroup,
    CountryRow,
    Person,
    RoleGrant,
)
from app.kit import clock
from app.kit.errors import Conflict, Forbidden, Invalid, NotFound
from app.kit.pages import Page, cut, decode
from app.ledger import service as ledger
from app.policy import rights


def load(session: Session) -> None:
    """Put the countries and their groups into an empty directory; a second run adds nothing."""
    if session.get(AccessEpoch, 1) is None:
        session.add(AccessEpoch(id=1, number=1))
    if session.scalar(sa.select(CountryRow.alpha3).limit(1)) is not None:
        return
    session.add_all(
        CountryRow(
            alpha3=country.alpha3,
            alpha2=country.alpha2,
            m49=country.m49,
            status=country.status,
            region=country.region,
            subregion=country.subregion,
            names={code: country.name(code) for code in files.LANGUAGES},
            orders={code: country.order(code) for code in files.LANGUAGES},
        )
        for country in files.load_countries()
    )
    session.flush()
    session.add_all(
        CountryGroup(
            country=group.alpha3,
            group=group.group,
            regional=group.regional,
            valid_from=group.valid_from,
            valid_to=group.valid_to,
            source=group.source,
        )
        for group in files.load_groups()
    )
    session.flush()


def check_grant(grant: GrantBody) -> None:
    """Refuse a role within a scope that it cannot have. Raises Invalid."""
    scope = {"country": grant.country, "entity": grant.entity}
    given = [name for name, value in scope.items() if value]
    allowed: list[list[str]] = [[], ["country"], ["entity"]]
    if grant.role in COUNTRY_ROLES:
        allowed = [["country"]]
    elif grant.role in ENTITY_ROLES:
        allowed = [["entity"]]
    elif grant.role in GLOBAL_ROLES:
        allowed = [[]]
    if given not in allowed:
        raise Invalid("grant.scope", f"{grant.role} cannot have the scope {given or 'everything'}.")


def enrol(session: Session, actor: Actor | None, body: PersonBody) -> Person:
    """Add a person with roles. `actor` is None only on the command line of the installation.

    Raises Invalid, Conflict when the address is known already.
    """
    for grant in body.grants:
        check_grant(grant)
    if body.email and session.scalar(sa.select(Person.id).where(Person.email == body.email)):
        raise Conflict("person.known", "A person with that address is known already.")
    now = clock.now()
    person = Person(
        name=body.name,
        email=body.email,
        language=body.language,
        program=body.program,
        created_at=now,
    )
    session.add(person)
    session.flush()
    for grant in body.grants:
        _grant(session, actor, person, grant)
    credentials.advance_epoch(session)
    held = [grant.model_dump() for grant in body.grants]
    told = {"person": person.id, "program": person.program, "grants": held}
    ledger.append(session, ledger.DIRECTORY, "person_enrolled", actor, told)
    return person


def grant(session: Session, actor: Actor | None, person_id: int, body: GrantBody) -> Person:
    """Give a person a role. Raises Forbidden (never to oneself), NotFound, Invalid, Conflict."""
    if actor is not None and person_id in actor.persons:
        raise Forbidden("grant.oneself", "Nobody grants a role to himself or herself.")
    check_grant(body)
    person = person_of(session, person_id)
    if person.joined_to is not None:
        raise Conflict("person.joined", f"That is person {person.joined_to}: grant it there.")
    _grant(session, actor, person, body)
    credentials.advance_epoch(session)
    told = {"person": person.id, **body.model_dump()}
    ledger.append(session, ledger.DIRECTORY, "role_granted", actor, told)
    return person


def _grant(session: Session, actor: Actor | None, person: Person, body: GrantBody) -> None:
    held = sa.select(RoleGrant.id).where(
        RoleGrant.person_id == person.id,
        RoleGrant.role == body.role,
        RoleGrant.country.is_not_distinct_from(body.country),
        RoleGrant.entity.is_not_distinct_from(body.entity),
        in_force(clock.now()),
    )
    if session.scalar(held) is None:
        session.add(
            RoleGrant(
                person_id=person.id,
                **body.model_dump(),
                granted_by=actor.person_id if actor else None,
                granted_at=clock.now(),
            )
        )
        session.flush()


def end_grant(session: Session, actor: Actor | None, person_id: int, grant_id: int) -> Person:
    """End a role from this moment on; that it was held stays known. Raises NotFound, Conflict."""
    person = person_of(session, person_id)
    row = session.get(RoleGrant, grant_id, with_for_update=True)
    if row is None or row.person_id != person_id:
        raise NotFound("grant.unknown", "This person has no such grant.")
    now = clock.now()
    if row.ended_at is not None and row.ended_at <= now:
        raise Conflict("grant.ended", "This grant has ended already.")
    row.ended_at = now
    credentials.advance_epoch(session)
    told = {"person": person.id, "role": row.role, "country": row.country, "entity": row.entity}
    ledger.append(session, ledger.DIRECTORY, "role_ended", actor, told)
    return person


def suspend(session: Session, actor: Actor | None, person_id: int) -> Person:
    """Suspend a person: every token is dead at once, on every worker.

    Raises Forbidden for oneself (nobody shuts the house by mistake), NotFound.
    """
    if actor is not None and person_id in actor.persons:
        raise Forbidden("suspension.oneself", "Nobody suspends himself or herself.")
    person = person_of(session, person_id)
    person.suspended_at = clock.now()
    credentials.advance_epoch(session)
    ledger.append(session, ledger.DIRECTORY, "person_suspended", actor, {"person": person.id})
    return person


def person_of(session: Session, person_id: int) -> Person:
    """Return a person. Raises NotFound."""
    person = session.get(Person, person_id)
    if person is None:
        raise NotFound("person.unknown", "There is no such person.")
    return person


def names(session: Session, numbers: Iterable[int | None]) -> dict[int, str]:
    """Return the names of people, by their numbers."""
    query = sa.select(Person.id, Person.name).where(Person.id.in_({one for one in numbers if one}))
    return dict(session.execute(query).all())


def people(session: Session, cursor: str | None, limit: int, like: str = "") -> Page[Person]:
    """Return one page of people by id; `like` are words of their names or addresses."""
    query = sa.select(Person).where(fits(like)).order_by(Person.id).limit(limit + 1)
    if cursor:
        query = query.where(Person.id > decode(cursor, (int,))[0])
    return cut(session.scalars(query).all(), limit, lambda row: [row.id])


def views(session: Session, rows: Sequence[Person]) -> list[PersonView]:
    """Return people with the roles they hold."""
    held: dict[int, list[GrantView]] = {row.id: [] for row in rows}
    of_them = RoleGrant.person_id.in_(held)
    query = sa.select(RoleGrant).where(of_them, in_force(clock.now())).order_by(RoleGrant.id)
    for row in session.scalars(query):
        held[row.person_id].append(GrantView.model_validate(row))
    return [
        PersonView(
            id=row.id,
            name=row.name,
            email=row.email,
            language=row.language,
            program=row.program,
            suspended=row.suspended_at is not None,
            joined_to=row.joined_to,
            grants=held[row.id],
        )
        for row in rows
    ]


def issue_token(
    session: Session, actor: Actor | None, key: str, wanted: tuple[int, TokenBody]
) -> tuple[str, ApiToken]:
    """Make a token for oneself, or for a program by an administrator; no program renews its own.

    It may do no more than the token with which it is asked for, and ends no later. On the command
    line of the installation (`actor` None) for anyone. Raises Forbidden, NotFound.
    """
    person_id, body = wanted
    now = clock.now()
    until = now + timedelta(days=body.days)
    scopes = frozenset[str](body.scopes)
    person = person_of(session, person_id)
    if actor is not None and not _may_hold(actor, person):
        raise Forbidden("token.owner", "Tokens are made for oneself; for programs by a keeper.")
    if actor is not None:
        if actor.scopes is not None and not scopes <= actor.scopes:
            raise Forbidden("token.broader", "No token makes one that may do more than itself.")
        own = credentials.token_of(session, actor)
        until = min(until, own.expires_at) if own else until
    new = credentials.Wanted(person_id, body.name, now, until, scopes)
    secret, row = credentials.issue(session, key, new)
    told = {"person": person_id, "token": row.id, "days": body.days, "scopes": row.scopes}
    ledger.append(session, ledger.DIRECTORY, "token_issued", actor, told)
    return secret, row


def _may_hold(actor: Actor, person: Person) -> bool:
    """Whether a token that the actor makes may be this person's."""
    if person.program:
        return rights.reaches_beyond(actor, "issue_token")
    return actor.person_id == person.id


def revoke_token(session: Session, actor: Actor | None, token_id: int) -> ApiToken:
    """Revoke a token: one's own, or anyone's by an administrator. Raises NotFound."""
    row = session.get(ApiToken, token_id)
    own = actor is not None and row is not None and row.person_id == actor.person_id
    if row is None or not (own or rights.reaches_beyond(actor, "revoke_token")):
        raise NotFound("token.unknown", "There is no such token.")
    row.revoked_at = row.revoked_at or clock.now()
    credentials.advance_epoch(session)
    told = {"person": row.person_id, "token": row.id}
    ledger.append(session, ledger.DIRECTORY, "token_revoked", actor, told)
    return row


def tokens(session: Session, person_id: int) -> Sequence[ApiToken]:
    """Return a person's tokens, oldest first."""
    query = sa.select(ApiToken).where(ApiToken.person_id == person_id).order_by(ApiToken.id)
    return session.scalars(query).all()


def countries(session: Session, language: str, codes: Sequence[str] = ()) -> list[CountryView]:
    """Return the countries in the order of the language, with their groups and their dates."""
    groups: dict[str, list[GroupView]] = {}
    for row in session.scalars(sa.select(CountryGroup).order_by(CountryGroup.group)):
        groups.setdefault(row.country, []).append(GroupView.model_validate(row))
    query = sa.select(CountryRow)
    if codes:
        query = query.where(CountryRow.alpha3.in_(codes))
    rows = sorted(session.scalars(query), key=lambda row: row.orders[language])
    return [
        CountryView(
            alpha3=row.alpha3,
            alpha2=row.alpha2,
            m49=row.m49,
            status=row.status,
            name=row.names[language],
            names=row.names,
            region=row.region,
            subregion=row.subregion,
            groups=groups.get(row.alpha3, []),
        )
        for row in rows
    ]
