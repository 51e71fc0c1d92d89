"""Whom one may know: people found by a part of their name or address, and nobody else.

One knows who holds a role in one's own country or for one's own entity, and those of the desk and
of screening, whose names stand under what they decide. Who works with every country knows whoever
holds a role; administrators know everybody. Of anybody else one must know the whole address.
"""

from collections.abc import Collection

import sqlalchemy as sa
from sqlalchemy.orm import Session

from app.directory.actor import Actor
from app.directory.grants import in_force
from app.directory.schemas import ColleagueView, GrantView
from app.directory.tables import Person, RoleGrant
from app.kit import clock

KEEPERS = frozenset({"administrator"})
EVERYWHERE = frozenset({"desk_officer", "screening_officer", "rights_reviewer", "auditor"})
"""Who works with every country."""
CENTRAL = EVERYWHERE - {"auditor"}
"""Whom everybody knows."""
MOST = 10
G = RoleGrant


def colleagues(session: Session, actor: Actor, like: str) -> list[ColleagueView]:
    """Return up to ten people whom the actor may know and whom the words fit, by name."""
    words = like.split()
    if not words or not like.isprintable():
        return []
    known = sa.and_(_known(actor), *(_fits(word) for word in words))
    written = sa.func.lower(Person.email) == like.strip().lower()
    return _views(session, actor, sa.or_(known, written))


def colleague(session: Session, actor: Actor, number: int) -> list[ColleagueView]:
    """Return the person with this number if the actor may know that person."""
    return _views(session, actor, sa.and_(Person.id == number, _known(actor)))


def names(session: Session, actor: Actor, numbers: Collection[int]) -> dict[int, str]:
    """Return the names of those among some people whom the actor may know, by number."""
    mine = sa.or_(Person.id.in_(actor.persons), _known(actor))
    query = sa.select(Person.id, Person.name).where(Person.id.in_(numbers), mine)
    return dict(session.execute(query).all())


def fits(like: str) -> sa.ColumnElement[bool]:
    """Return the condition that all of some words stand in a person's name or address."""
    return sa.and_(sa.true(), *(_fits(word) for word in like.split()))


def _known(actor: Actor) -> sa.ColumnElement[bool]:
    own = [grant for grant in actor.grants if grant.role != "client"]
    if any(grant.role in KEEPERS for grant in own):
        return sa.true()
    near: sa.ColumnElement[bool] = sa.true()
    if not any(grant.role in EVERYWHERE for grant in own):
        near = sa.or_(
            G.country.in_({grant.country for grant in own if grant.country}),
            G.entity.in_({grant.entity for grant in own if grant.entity}),
            G.role.in_(CENTRAL),
        )
    held = sa.select(G.id).where(G.person_id == Person.id, in_force(clock.now()), near)
    return held.exists()


def _fits(word: str) -> sa.ColumnElement[bool]:
    """Return the condition that a word stands in the name or the address, however it is cased.

    SQLite knows the cases of ASCII alone: so the usual ways to write the word are tried.
    """
    if not word.isprintable():
        return sa.false()  # no name holds such signs, and no database takes all of them
    ways = sorted({word, word.lower(), word.upper(), word.capitalize()})
    columns = (Person.name, Person.email)
    return sa.or_(*(one.icontains(way, autoescape=True) for one in columns for way in ways))


def _views(session: Session, actor: Actor, which: sa.ColumnElement[bool]) -> list[ColleagueView]:
    """Return people who may be chosen: no program, and not oneself.

    Nobody suspended either, but for administrators, who join records: they are told.
    """
    keeps = any(grant.role in KEEPERS for grant in actor.grants)
    query = (
        sa.select(Person.id, Person.name, Person.suspended_at)
        .where(
            which,
            Person.program.is_(False),
            Person.joined_to.is_(None),
            sa.true() if keeps else Person.suspended_at.is_(None),
            Person.id.not_in(actor.persons),
        )
        .order_by(Person.name, Person.id)
        .limit(MOST)
    )
    people = {row.id: row for row in session.execute(query)}
    held: dict[int, list[GrantView]] = {number: [] for number in people}
    roles = sa.select(G).where(G.person_id.in_(people), in_force(clock.now())).order_by(G.id)
    for row in session.scalars(roles):
        held[row.person_id].append(GrantView(role=row.role, country=row.country, entity=row.entity))
    return [
        ColleagueView(
            id=row.id, name=row.name, suspended=row.suspended_at is not None, grants=held[row.id]
        )
        for row in people.values()
    ]
