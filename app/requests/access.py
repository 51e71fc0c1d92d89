"""Who may see which request, and what they may do in it: the one place where scope becomes SQL."""

import re
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from app.directory.actor import Actor
from app.engine.definition import StateDef
from app.engine.packs import Shelf
from app.kit.errors import Conflict, Forbidden, NotFound
from app.kit.ready import Among, Ready
from app.kit.rows import hold
from app.policy.sight import ENTITY, Sight, sight_of
from app.requests import duties, nets
from app.requests.rules import CONFIDENTIAL, ORDINARY
from app.requests.tables import (
    AssistanceRequest,
    Involvement,
    NamedGrant,
    RequestCountry,
    RequestEvent,
)

R = AssistanceRequest.__table__
E = RequestEvent.__table__
REFERENCE = re.compile(r"^TA-[0-9]{4}-[0-9]{5,9}$")
AT_WORK = ("asked", "accepted")
"""How an entity stands that may see and act; one that declined or was released is out."""


@lru_cache(maxsize=512)
def visible(actor: Actor) -> sa.ColumnElement[bool]:
    """Return the condition on `requests` that holds for what the actor may know of.

    Drafts are known only to the coordinators of the country (and to auditors), an entity knows what
    it is asked about for as long as it is, screening knows a confidential request while it stands
    there, and programs know ordinary ones; broken glass shows one request. What does not satisfy it
    does not exist for the actor.
    """
    sight = sight_of(actor.grants, actor.glass)
    if sight.glass is not None:
        return R.c.reference == sight.glass
    if sight.everything:
        return sa.true()
    filed = R.c.filed_at.is_not(None)
    ways: list[sa.ColumnElement[bool]] = []
    if sight.desk:
        ways.append(filed)
    if sight.screening:
        ways.append(sa.and_(filed, _screened()))
    if sight.program:
        ways.append(sa.and_(filed, _ordinary()))
    ways += [*_for_countries(sight, filed), *_for_entities(sight), *_named(sight)]
    return sa.or_(*ways) if ways else sa.false()


@lru_cache(maxsize=512)
def within(actor: Actor) -> sa.ColumnElement[bool]:
    """Return the condition on `requests` for reading what lays a country's weaknesses open.

    Assessment, risk, screening, questions and documents: for the country's own people, the desk,
    screening, auditors, entities that have accepted, and whom a named grant lets in (F19, C79). An
    entity that is only asked decides on needs and summary; programs never read so far.
    """
    sight = sight_of(actor.grants, actor.glass)
    if sight.glass is not None or sight.everything or sight.desk:
        return visible(actor)
    ways: list[sa.ColumnElement[bool]] = []
    if sight.screening:
        ways.append(_screened())
    if own := sight.drafts | sight.countries:
        ways.append(_in_countries(own))
    if sight.entities:
        ways.append(_involved(sight.entities, Involvement.standing == "accepted"))
    ways += _named(sight)
    return sa.and_(visible(actor), sa.or_(*ways)) if ways else sa.false()


def witnessed(actor: Actor) -> sa.ColumnElement[bool]:
    """Return the condition on events, joined to their requests, of which the actor may know.

    Those of what is visible; and for an entity that is out, those up to the one that let it go.
    """
    ways = [visible(actor)]
    if entities := sight_of(actor.grants, actor.glass).entities:
        left = _involved(entities, Involvement.left_number >= E.c.number)
        ways.append(sa.and_(R.c.level != CONFIDENTIAL, left))
    return sa.or_(*ways)


def _ordinary() -> sa.ColumnElement[bool]:
    return R.c.level == ORDINARY


def _screened() -> sa.ColumnElement[bool]:
    return sa.or_(R.c.level != CONFIDENTIAL, R.c.stage == "screening")


def _for_countries(sight: Sight, filed: sa.ColumnElement[bool]) -> Iterator[sa.ColumnElement[bool]]:
    """Yield the ways by which people and programs of countries see what these ask."""
    if sight.drafts:
        yield _in_countries(sight.drafts)
    if sight.countries:
        yield sa.and_(filed, _in_countries(sight.countries))
    if sight.programs:
        yield sa.and_(filed, _ordinary(), _in_countries(sight.programs))


def _for_entities(sight: Sight) -> list[sa.ColumnElement[bool]]:
    """Return the ways by which people and programs of entities see what these are asked."""
    at_work = Involvement.standing.in_(AT_WORK)
    ways: list[sa.ColumnElement[bool]] = []
    if sight.entities:
        ways.append(_involved(sight.entities, at_work))
    if sight.clients:
        ways.append(sa.and_(_ordinary(), _involved(sight.clients, at_work)))
    return ways


def _involved(entities: Collection[str], *which: sa.ColumnElement[bool]) -> sa.ColumnElement[bool]:
    own = (Involvement.request_id == R.c.id, Involvement.entity.in_(sorted(entities)))
    return sa.exists().where(*own, *which).correlate(R, E)


def _named(sight: Sight) -> list[sa.ColumnElement[bool]]:
    """Return the way by named grants, as far as they run today; none without any."""
    if not sight.named:
        return []
    own = (NamedGrant.request_id == R.c.id, NamedGrant.id.in_(sorted(sight.named)))
    runs = (NamedGrant.revoked_at.is_(None), NamedGrant.until >= sa.func.current_date())
    return [sa.exists().where(*own, *runs).correlate(R)]


def _in_countries(countries: Collection[str]) -> sa.ColumnElement[bool]:
    """Asked of one row at a time: an IN would first gather every request of the countries."""
    own = (RequestCountry.request_id == R.c.id, RequestCountry.country.in_(sorted(countries)))
    return sa.exists().where(*own).correlate(R)


def only_country(actor: Actor) -> str | None:
    """Return the one country outside which the actor sees nothing, if it is so."""
    own = {grant.country for grant in actor.grants}
    return own.pop() if len(own) == 1 else None


def only_entity(actor: Actor) -> str | None:
    """Return the one entity outside whose requests the actor sees nothing, if it is so."""
    own = {grant.entity if grant.role in ENTITY else None for grant in actor.grants}
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


def _standing(*which: sa.ColumnElement[bool]) -> sa.Select[Any]:
    """Return the query for standings, with the involved entities for which `which` holds."""
    involved = Involvement.__table__.c
    own = ("id", "reference", "workflow", "workflow_version", "workflow_hash", "state", "came_from")
    return sa.select(
        *(R.c[name] for name in (*own, "revision", "urgency", "since", "due_at", "head")),
        _joined(RequestCountry.__table__.c.country, RequestCountry.__table__.c.request_id),
        _joined(involved.entity, involved.request_id, *which),
    )


STANDING = _standing(Involvement.standing.in_(AT_WORK))
STANDING_OF = STANDING.where(R.c.id == sa.bindparam("id"))
CONCERNED = _standing()
"""The same with every entity that was ever asked: whom to tell, not who may act."""


def standings(session: Session, actor: Actor, references: Sequence[str]) -> dict[str, Standing]:
    """Return, by reference, where the visible ones of `references` stand, locked for a change.

    Both nets judge it as the actor; the caller then holds what was found (`rows.hold`).
    """
    known = [reference for reference in references if REFERENCE.fullmatch(reference)]
    session.flush()
    nets.enter(session, actor)
    rows = _standings(actor).rows(session, {"references": known})
    return {row[1]: standing_in(row) for row in rows}


@lru_cache(maxsize=512)
def _standings(actor: Actor) -> Ready:
    """Return the statement that locks and reads what one actor may see of some references."""
    query = STANDING.where(Among(R.c.reference, "references"), visible(actor)).order_by(R.c.id)
    return Ready(query.with_for_update(of=R))


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
    query = _found(actor)
    if lock:
        query = query.with_for_update().execution_options(populate_existing=True)
    request = session.scalars(query, {"reference": reference}).one_or_none()
    if request is None:
        raise NotFound("request.unknown", "There is no such request.")
    if lock:
        hold(session, [request.id])
    return request


@lru_cache(maxsize=512)
def _found(actor: Actor) -> sa.Select[AssistanceRequest]:
    named = R.c.reference == sa.bindparam("reference")
    return sa.select(AssistanceRequest).where(named, visible(actor))


def standing_of(session: Session, request: AssistanceRequest) -> Standing:
    """Return where a request that is already in hand stands."""
    return standing_in(session.execute(STANDING_OF, {"id": request.id}).one())


def require_within(session: Session, actor: Actor, request: AssistanceRequest) -> None:
    """Raise Forbidden unless the actor may read what lays the country's weaknesses open."""
    if not reads_within(session, actor, request):
        raise Forbidden("part.restricted", "This part of the request is not open to you.")


def reads_within(session: Session, actor: Actor, request: AssistanceRequest) -> bool:
    """Whether the actor may read the restricted parts of a request."""
    return bool(session.scalar(sa.select(within(actor)).where(R.c.id == request.id)))


def permit(
    session: Session, shelf: Shelf, actor: Actor, request: AssistanceRequest, act: str
) -> frozenset[str]:
    """Return the roles in which the actor may do `act` now.

    Raises Conflict when the act does not belong to the present state, Forbidden when it does but
    none of the actor's roles towards this request allows it, or duties are to be kept apart.
    """
    state: StateDef = shelf.get(request.workflow, request.workflow_version).definition.states[
        request.state
    ]
    if act not in state.acts:
        raise Conflict("act.not_in_this_state", f"'{act}' is not possible in '{request.state}'.")
    standing = standing_of(session, request)
    roles = standing.roles(actor) & set(state.acts[act])
    if not roles:
        wanted = " or ".join(state.acts[act])
        raise Forbidden("act.role", f"'{act}' takes the role {wanted} for this request.")
    if actor.acts is not None and act not in actor.acts:
        raise Forbidden("delegation.act", f"The delegation does not extend to '{act}'.")
    barred = duties.barred(session, actor, standing, state)
    return duties.counting(roles, barred)
