"""Separation of duties: who may not act in a request, whatever their roles, and in whose name.

The rules hold by person. They add nothing to what a definition allows: they take roles away.

* Who has recused himself or herself acts no more, in any role.
* Who answers or ever answered for an entity that could help, or has declared an interest in it or
  in a country that asks, neither screens nor prepares a match nor hears an appeal (C7, F53).
* Who prepared a proposal, or filed the request, does not answer for an entity or a country.
"""

from collections.abc import Collection, Mapping
from datetime import datetime
from typing import Protocol

import sqlalchemy as sa
from sqlalchemy.orm import Session

from app.compendium import service as compendium
from app.compendium.rules import meets
from app.compendium.schemas import MandateSearch
from app.directory.actor import Actor
from app.directory.grants import ties_of
from app.directory.tables import Person
from app.engine.definition import StateDef
from app.engine.mandates import GIVES_HELP
from app.kit import clock
from app.kit.errors import Blocked, Blocker, Forbidden
from app.requests.tables import AssistanceRequest, Involvement, Need, RequestEvent

E = RequestEvent
JUDGES = frozenset({"desk_officer", "screening_officer", "rights_reviewer"})
"""Roles that judge a request or choose who helps: lost in the stages JUDGED by whoever is tied."""
JUDGED = frozenset({"screening", "matching"})
FINDING_KINDS = ("criterion_found", "principle_found", "screening_decided", "screening_confirmed")
"""Events by which a person has had a hand in a screening."""
SENTENCES = {
    "duty.recused": "You have recused yourself from this request.",
    "duty.entity_conflict": "You answer or have answered for an entity that could help here.",
    "duty.judged": "You had a hand in the screening of this request.",
    "duty.country_interest": "You have declared an interest in a country that asks.",
}


class Stands(Protocol):
    """What these rules ask of where a request stands."""

    @property
    def id(self) -> int:
        """The request's key."""

    @property
    def reference(self) -> str:
        """The request's reference."""

    @property
    def countries(self) -> frozenset[str]:
        """The countries that ask."""


def barred(
    session: Session,
    actor: Actor,
    standing: Stands,
    state: StateDef,
) -> Mapping[str, Blocker]:
    """Return the roles that do not count for the actor in this request, each with the reason.

    Persons without any tie, which is nearly everyone, cost no query.
    """
    now = clock.now()
    ties = [tie for tie in actor.ties if tie.holds(now)]
    if not ties:
        return {}
    if any(tie.kind == "request" and tie.value == standing.reference for tie in ties):
        return {grant.role: Blocker("duty.recused", "C7") for grant in actor.grants}
    if state.stage not in JUDGED:
        return {}
    reason = _bound(session, standing.id, standing.countries, actor, now)
    return dict.fromkeys(JUDGES, reason) if reason else {}


def stand_back(actor: Actor, reference: str) -> None:
    """Refuse one who has recused himself or herself from a request. Raises Forbidden."""
    now = clock.now()
    own = (tie for tie in actor.ties if tie.kind == "request" and tie.value == reference)
    if any(tie.holds(now) for tie in own):
        raise refuse([Blocker("duty.recused", "C7")])


def _bound(
    session: Session, request_id: int, countries: frozenset[str], actor: Actor, now: datetime
) -> Blocker | None:
    """Return what keeps the actor from judging the request, if anything does."""
    ties = [tie for tie in actor.ties if tie.holds(now)]
    for tie in ties:
        if tie.kind == "country" and tie.value in countries:
            return Blocker("duty.country_interest", "C7", {"country": tie.value})
    entities = {tie.value for tie in ties if tie.kind == "entity"}
    touched = helping(session, request_id, entities, now)
    if touched:
        return Blocker("duty.entity_conflict", "C7, F53", {"entity": min(touched)})
    return None


def helping(
    session: Session, request_id: int, entities: Collection[str], now: datetime
) -> frozenset[str]:
    """Return those of the entities that were asked to help, or hold a mandate for some need."""
    if not entities:
        return frozenset()
    asked = sa.select(Involvement.entity).where(
        Involvement.request_id == request_id, Involvement.entity.in_(sorted(entities))
    )
    needs = session.execute(
        sa.select(Need.area, Need.topic).where(
            Need.request_id == request_id, Need.dropped.is_(False)
        )
    ).all()
    able = {
        mandate.entity
        for mandate in compendium.mandates(session, MandateSearch(now, now))
        if mandate.entity in entities
        and mandate.role in GIVES_HELP
        and any(meets(need.area, need.topic, mandate.topics) for need in needs)
    }
    return frozenset(session.scalars(asked)) | able


def refuse(reasons: Collection[Blocker]) -> Forbidden:
    """Return the refusal for someone whose every fitting role is barred."""
    first = next(iter(reasons))
    return Forbidden(
        first.code, SENTENCES[first.code], tuple({one.code: one for one in reasons}.values())
    )


def counting(roles: frozenset[str], barred: Mapping[str, Blocker]) -> frozenset[str]:
    """Return those of the roles that count. Raises Forbidden when none of them does."""
    if roles <= barred.keys():
        raise refuse([barred[role] for role in sorted(roles)])
    return roles - barred.keys()


def not_bound(
    session: Session, actor: Actor, request: AssistanceRequest, countries: frozenset[str]
) -> None:
    """Refuse a word on a match by one who is tied to it otherwise. Raises Forbidden."""
    if not actor.ties:
        return
    reason = _bound(session, request.id, countries, actor, clock.now())
    if reason:
        raise refuse([reason])


def hands(session: Session, request_id: int, *kinds: str) -> frozenset[int]:
    """Return everyone who caused events of these kinds, or on whose behalf it was done.

    A person whose records were joined is among them by both numbers.
    """
    known = (
        sa.select(E.actor_id, Person.joined_to)
        .join(Person, Person.id == E.actor_id)
        .where(E.request_id == request_id, E.kind.in_(kinds))
    )
    found = {one for pair in session.execute(known) for one in pair if one is not None}
    return together(session, request_id, found)


def conflicts(
    session: Session, request_id: int, entities: Collection[str]
) -> list[tuple[int, str]]:
    """Return who had a hand in the screening and is tied to one of these entities, and to which.

    A tie that came after the screening counts as well: it is shown, and judged by those who read.
    """
    return [
        (person, entity)
        for person in sorted(hands(session, request_id, *FINDING_KINDS))
        for entity in sorted(
            {tie.value for tie in ties_of(session, [person]) if tie.kind == "entity"}
            & set(entities)
        )
    ]


def together(session: Session, request_id: int, people: Collection[int]) -> frozenset[int]:
    """Return these persons with all those on whose behalf they have acted in this request."""
    acted = acting_for(session, [request_id])[request_id]
    return frozenset(people).union(*(acted.get(person, frozenset()) for person in people))


def same(
    session: Session, actor: Actor, request: AssistanceRequest, people: Collection[int | None]
) -> bool:
    """Whether the actor is, or acts for, one of these people or those they acted for here."""
    first = {person for person in people if person is not None}
    return bool(first) and not actor.persons.isdisjoint(together(session, request.id, first))


def second_person(
    session: Session, actor: Actor, request: AssistanceRequest, first: Mapping[str, int | None]
) -> None:
    """Refuse one who is, or acts for, a first person; `first` names each part and who had it.

    Raises Blocked.
    """
    parts = [part for part, one in first.items() if same(session, actor, request, [one])]
    if parts:
        reasons = [Blocker("four_eyes.same_person", "C7", {"person": part}) for part in parts]
        raise Blocked("four_eyes.same_person", "Another person must do this.", reasons)


def acting_for(session: Session, ids: Collection[int]) -> dict[int, dict[int, frozenset[int]]]:
    """Return, by request, for whom else each person has acted in it."""
    found: dict[int, dict[int, frozenset[int]]] = {owner: {} for owner in ids}
    rows = sa.select(E.request_id, E.actor_id, E.on_behalf).distinct()
    lent = rows.where(E.request_id.in_(ids), E.on_behalf.is_not(None), E.actor_id.is_not(None))
    for owner, person, behalf in session.execute(lent):
        if person is not None and behalf is not None:
            found[owner][person] = found[owner].get(person, frozenset()) | {behalf}
    return found
