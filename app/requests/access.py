"""Who may see which request, and what they may do in it: the one place where scope becomes SQL."""

import re
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from app.directory.actor import Actor
from app.engine.definition import StateDef
from app.engine.packs import Shelf
from app.kit.errors import Conflict, Forbidden, NotFound
from app.policy import sight
from app.requests.tables import AssistanceRequest, Involvement, RequestCountry

R = AssistanceRequest.__table__
REFERENCE = re.compile(r"^TA-[0-9]{4}-[0-9]{5,9}$")


def visible(actor: Actor) -> sa.ColumnElement[bool]:
    """Return the condition on `requests` that holds for what the actor may know of.

    Drafts are known only to the coordinators of the country (and to auditors), an entity knows what
    it has been asked about. What does not satisfy it does not exist for the actor.
    """
    filed = R.c.filed_at.is_not(None)
    ways: list[sa.ColumnElement[bool]] = []
    wholly = {g.role for g in actor.grants if not (g.country or g.entity)}
    if wholly & sight.EVERYTHING:
        return sa.true()
    if wholly & sight.ALL:
        ways.append(filed)
    if own := _scope(actor, sight.DRAFTS):
        ways.append(_in_countries(own))
    if countries := _scope(actor, sight.COUNTRY) - own:
        ways.append(sa.and_(filed, _in_countries(countries)))
    entities = {g.entity for g in actor.grants if g.role in sight.ENTITY and g.entity}
    if entities:
        asked = sa.and_(Involvement.request_id == R.c.id, Involvement.entity.in_(sorted(entities)))
        ways.append(sa.exists().where(asked).correlate(R))
    return sa.or_(*ways) if ways else sa.false()


def _scope(actor: Actor, roles: Collection[str]) -> set[str]:
    return {g.country for g in actor.grants if g.role in roles and g.country}


def _in_countries(countries: set[str]) -> sa.ColumnElement[bool]:
    """Asked of one row at a time: an IN would first gather every request of the countries."""
    own = sa.and_(
        RequestCountry.request_id == R.c.id, RequestCountry.country.in_(sorted(countries))
    )
    return sa.exists().where(own).correlate(R)


def only_country(actor: Actor) -> str | None:
    """Return the one country outside which the actor sees nothing, if it is so."""
    own = {grant.country for grant in actor.grants}
    return own.pop() if len(own) == 1 else None


@dataclass(frozen=True, slots=True)
class Standing:
    """Where a request stands and whom it concerns: all that rights and moves need to know."""

    id: int
    reference: str
    workflow: str
    version: int
    sha256: str
    state: str
    came_from: str | None
    revision: int
    urgency: str
    since: datetime
    due_at: datetime | None
    head: bytes | None
    countries: frozenset[str]
    entities: frozenset[str]

    def roles(self, actor: Actor) -> frozenset[str]:
        """Return the roles that the actor holds towards this request."""
        return actor.roles_in(self.countries, self.entities)


def _joined(
    column: sa.ColumnElement[str], owner: sa.ColumnElement[int], *which: sa.ColumnElement[bool]
) -> sa.ScalarSelect[str]:
    return (
        sa.select(sa.func.aggregate_strings(column, ","))
        .where(owner == R.c.id, *which)
        .correlate(R)
        .scalar_subquery()
    )


AT_WORK = ("asked", "accepted")
"""How an entity stands that may act; one that declined or was released still sees the request."""


def _standing(*which: sa.ColumnElement[bool]) -> sa.Select[Any]:
    """Return the query for standings, with the involved entities for which `which` holds."""
    involved = Involvement.__table__.c
    return sa.select(
        R.c.id,
        R.c.reference,
        R.c.workflow,
        R.c.workflow_version,
        R.c.workflow_hash,
        R.c.state,
        R.c.came_from,
        R.c.revision,
        R.c.urgency,
        R.c.since,
        R.c.due_at,
        R.c.head,
        _joined(RequestCountry.__table__.c.country, RequestCountry.__table__.c.request_id),
        _joined(involved.entity, involved.request_id, *which),
    )


STANDING = _standing(Involvement.standing.in_(AT_WORK))
CONCERNED = _standing()
"""The same with every entity that was ever asked: whom to tell, not who may act."""


def standings(session: Session, actor: Actor, references: Sequence[str]) -> dict[str, Standing]:
    """Return, by reference, where the visible ones among `references` stand.

    Locked for a change.
    """
    known = [reference for reference in references if REFERENCE.fullmatch(reference)]
    query = STANDING.where(R.c.reference.in_(known), visible(actor)).order_by(R.c.id)
    query = query.with_for_update(of=R)
    return {row.reference: standing_in(row) for row in session.execute(query)}


def standing_in(row: Sequence[Any]) -> Standing:
    """Return the standing that a row of STANDING or CONCERNED holds."""
    fields = [*row[:-2], _parts(row[-2]), _parts(row[-1])]
    return Standing(*fields)


def _parts(joined: str | None) -> frozenset[str]:
    return frozenset(joined.split(",")) if joined else frozenset()


def find(
    session: Session, actor: Actor, reference: str, *, lock: bool = False
) -> AssistanceRequest:
    """Return a visible request. Raises NotFound, the same whether it is absent or unseen."""
    if not REFERENCE.fullmatch(reference):
        raise NotFound("request.unknown", "There is no such request.")
    query = sa.select(AssistanceRequest).where(
        AssistanceRequest.reference == reference, visible(actor)
    )
    if lock:
        query = query.with_for_update().execution_options(populate_existing=True)
    request = session.scalars(query).one_or_none()
    if request is None:
        raise NotFound("request.unknown", "There is no such request.")
    return request


def standing_of(session: Session, request: AssistanceRequest) -> Standing:
    """Return where a request that is already in hand stands."""
    row = session.execute(STANDING.where(R.c.id == request.id)).one()
    return standing_in(row)


def permit(
    session: Session, shelf: Shelf, actor: Actor, request: AssistanceRequest, act: str
) -> frozenset[str]:
    """Return the roles in which the actor may do `act` now.

    Raises Conflict when the act does not belong to the present state, Forbidden when it does but
    none of the actor's roles towards this request allows it.
    """
    state: StateDef = shelf.get(request.workflow, request.workflow_version).definition.states[
        request.state
    ]
    if act not in state.acts:
        raise Conflict("act.not_in_this_state", f"'{act}' is not possible in '{request.state}'.")
    roles = standing_of(session, request).roles(actor) & set(state.acts[act])
    if not roles:
        wanted = " or ".join(state.acts[act])
        raise Forbidden("act.role", f"'{act}' takes the role {wanted} for this request.")
    return roles
