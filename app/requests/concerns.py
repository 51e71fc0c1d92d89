"""What of a matching concerns an entity that is asked: its own part, and nothing of the others'.

Who sees a request for an entity's sake alone learns what that entity is asked and has said. That
others were candidates, declined or accepted, with which reasons, is for the country, the desk, the
reviewers and the auditors.
"""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from app.directory.actor import Actor, Grant
from app.kit.db import table_of
from app.requests import access
from app.requests.tables import AssistanceRequest, RequestEvent

R = table_of(AssistanceRequest)
E = table_of(RequestEvent)
ANSWERS = ("entity_accepted", "entity_declined", "entity_left")
"""Events by which one entity answers or parts: nothing of them is for another."""
COMPARING = frozenset(
    {"proposal_prepared", "match_acceptance_lapsed", "mandate_basis_noted"}
    | {"mandate_basis_changed", "mandate_basis_confirmed", "compendium_renewed"}
)
"""Events that tell of several candidates: each learns of itself."""
COMMON = ("proposal", "version", "versions")
"""What such an event says to every candidate."""


def own_entities(actor: Actor) -> frozenset[str]:
    """Return the entities that somebody stands for, or that a program belongs to."""
    return frozenset(grant.entity for grant in actor.grants if grant.entity)


def beyond(actor: Actor) -> sa.ColumnElement[bool]:
    """Return the condition on `requests` that somebody sees them not for an entity's sake alone.

    A named grant opens a request to a person who is tied to an entity, and no other's answers.
    """
    others = tuple(one for one in actor.grants if not one.entity and one.named is None)
    return access.visible(replace(actor, grants=others))


def askable(grants: tuple[Grant, ...]) -> list[sa.ColumnElement[bool]]:
    """Return the condition under which one may search for the requests of the bound `entity`.

    An entity asks about itself: that another was asked as well is not for it to find out.
    """
    actor = Actor(None, "", grants)
    if not (own := own_entities(actor)):
        return []
    about = sa.bindparam("entity", type_=sa.String)
    return [sa.or_(about.in_(sorted(own)), beyond(actor))]


def heard(actor: Actor) -> sa.ColumnElement[bool]:
    """Return the condition on events, joined to their requests, that they concern the actor."""
    own = own_entities(actor)
    if not own:
        return sa.true()
    said = sa.func.coalesce(E.c.data["entity"].as_string(), "")
    return sa.or_(E.c.kind.not_in(ANSWERS), said.in_(sorted(own)), beyond(actor))


def bounds(session: Session, actor: Actor, request: AssistanceRequest) -> frozenset[str] | None:
    """Return the entities to which an actor's sight of a matching is bound; None when it is not."""
    own = own_entities(actor)
    if not own or session.scalar(sa.select(beyond(actor)).where(R.c.id == request.id)):
        return None
    return own


def newcomer(session: Session, actor: Actor, request: AssistanceRequest) -> frozenset[str] | None:
    """Return the same, but None too for whose entity has accepted: it works with the others."""
    if access.reads_within(session, actor, request):
        return None
    return bounds(session, actor, request)


def told(kind: str, content: Mapping[str, Any], own: frozenset[str] | None) -> dict[str, Any]:
    """Return what an event says to somebody who is bound to `own`; all of it to others."""
    if own is None or kind not in COMPARING:
        return dict(content)
    kept = {name: content[name] for name in COMMON if name in content}
    if "entities" in content:
        kept["entities"] = [one for one in content["entities"] if one in own]
    return kept
