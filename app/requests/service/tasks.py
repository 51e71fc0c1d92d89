"""What is asked of one person: questions, urgent marks, lowerings, named grants, offers."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any, Literal

import sqlalchemy as sa
from sqlalchemy.orm import Session

from app.directory.actor import Actor
from app.engine.packs import Shelf
from app.kit import clock
from app.requests.access import visible
from app.requests.service.named import DESK, SPEAKS
from app.requests.tables import (
    AssistanceRequest,
    Clarification,
    Involvement,
    Lowering,
    NamedGrant,
    RequestCountry,
)

R = AssistanceRequest
Kind = Literal["question", "urgency", "lowering", "grant", "offer"]
NEVER = date.max
SAID = sa.literal("asked", literal_execute=True)
"""Said in the statement itself: an index of what is asked is used for nothing that is bound."""


@dataclass(frozen=True, slots=True)
class Task:
    """One thing that is asked: of which request, its number there, and by when."""

    kind: Kind
    reference: str
    title: str
    number: int | None = None
    due: date | None = None


@dataclass(frozen=True, slots=True)
class Asking:
    """Whose tasks are looked for, and how many of each kind at most."""

    session: Session
    shelf: Shelf
    actor: Actor
    most: int

    @property
    def countries(self) -> list[str]:
        """The countries for which the person speaks."""
        return sorted({one for role in SPEAKS for one in self.actor.countries(role)})

    def states(self, act: str) -> list[str]:
        """Return the states in which an act is possible."""
        packs = [pack.definition.states.items() for pack in self.shelf]
        return sorted({name for states in packs for name, state in states if act in state.acts})

    def rows(self, *which: sa.ColumnElement[bool], part: Any = None, by: Any) -> list[Any]:
        """Return requests that the person may see, each with the part that waits, if it has one.

        They come by the moment since or until when they wait, and never by one of the request: a
        database would look for the few that wait among all that there are.
        """
        query = sa.select(R.reference, R.title, *([part] if part is not None else []))
        if part is not None:
            query = query.join(part, part.request_id == R.id)
        query = query.where(visible(self.actor), *which).order_by(by)
        return list(self.session.execute(query.limit(self.most)))

    def spoken_for(self) -> sa.ColumnElement[bool]:
        """Return the condition that the person speaks for one of the countries."""
        own = sa.select(RequestCountry.request_id).where(RequestCountry.country.in_(self.countries))
        return R.id.in_(own)


def waiting(session: Session, shelf: Shelf, actor: Actor, most: int) -> list[Task]:
    """Return what is asked of a person, what is due first before the rest, at most so many."""
    asking = Asking(session, shelf, actor, most)
    found = [task for look in LOOKS for task in look(asking)]
    return sorted(found, key=lambda one: one.due or NEVER)[:most]


def _questions(asking: Asking) -> Iterator[Task]:
    if not asking.countries:
        return
    C = Clarification  # noqa: N806 - one letter a table, as elsewhere
    states = R.state.in_(asking.states("clarification.answer"))
    for reference, title, row in asking.rows(
        asking.spoken_for(), states, C.closed_at.is_(None), part=C, by=C.due_on
    ):
        yield Task("question", reference, title, row.number, row.due_on)


def _urgency(asking: Asking) -> Iterator[Task]:
    if not any(asking.actor.holds(role) for role in DESK):
        return
    states = R.state.in_(asking.states("urgency.settle"))
    for reference, title in asking.rows(states, R.urgency == SAID, by=R.updated_at):
        yield Task("urgency", reference, title)


def _lowerings(asking: Asking) -> Iterator[Task]:
    desk = any(asking.actor.holds(role) for role in DESK)
    if not (asking.countries or desk):
        return
    others = Lowering.proposed_by.not_in(sorted(asking.actor.persons))
    theirs = sa.true() if desk else asking.spoken_for()
    open_ = Lowering.ended == sa.literal("", literal_execute=True)
    for reference, title, row in asking.rows(
        theirs, others, open_, part=Lowering, by=Lowering.proposed_at
    ):
        yield Task("lowering", reference, title, row.number)


def _grants(asking: Asking) -> Iterator[Task]:
    if not asking.countries:
        return
    G = NamedGrant  # noqa: N806 - one letter a table, as elsewhere
    others = G.person_id.not_in(sorted(asking.actor.persons))
    open_ = (G.agreed_at.is_(None), G.revoked_at.is_(None), G.until >= clock.today())
    for reference, title, row in asking.rows(
        asking.spoken_for(), others, *open_, part=G, by=G.until
    ):
        yield Task("grant", reference, title, row.number)


def _offers(asking: Asking) -> Iterator[Task]:
    own = {g.entity for g in asking.actor.grants if g.role == "focal_point" and g.entity}
    if not own:
        return
    asked = (Involvement.entity.in_(sorted(own)), Involvement.standing == SAID)
    for reference, title, _ in asking.rows(*asked, part=Involvement, by=Involvement.since):
        yield Task("offer", reference, title)


LOOKS: tuple[Callable[[Asking], Iterator[Task]], ...] = (
    *(_questions, _urgency, _lowerings, _grants, _offers),
)
