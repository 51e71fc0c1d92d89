"""Delegations: one grant lent to another named person, for a time, within limits.

The delegate says with each call under which delegation it is made; the call then has the rights of
the delegated grant alone, and both persons stand behind it (C7).
"""

from collections.abc import Collection
from dataclasses import replace
from datetime import timedelta

import sqlalchemy as sa
from sqlalchemy.orm import Session, aliased

from app.directory import grants
from app.directory.actor import Actor, Grant
from app.directory.credentials import advance_epoch
from app.directory.same import numbers_in, others_of
from app.directory.schemas import DelegationBody, DelegationView
from app.directory.tables import Delegation, Person, RoleGrant
from app.kit import clock
from app.kit.errors import Conflict, Forbidden, Invalid, NotFound
from app.ledger import service as ledger

LONGEST = timedelta(days=90)
NEVER_LENT = frozenset({"administrator", "client"})
LENDER = aliased(Person)
DELEGATE = aliased(Person)


def delegate(
    session: Session, actor: Actor, body: DelegationBody, known: Collection[str]
) -> DelegationView:
    """Lend a grant of one's own to another person; `known` are all acts and triggers there are.

    Raises Forbidden (acting on behalf of somebody, a role that is never lent), Conflict for a grant
    that one does not hold, Invalid for dates, acts or a person that cannot be.
    """
    if actor.person_id is None or actor.on_behalf is not None:
        raise Forbidden("delegation.onward", "What was delegated is not delegated onward.")
    if body.role in NEVER_LENT:
        raise Forbidden("delegation.role", f"The role {body.role} is never delegated.")
    now = clock.now()
    begins = max(body.valid_from or now, now)
    if not timedelta(0) < body.valid_to - begins <= LONGEST:
        raise Invalid("delegation.dates", "A delegation lasts from one moment up to 90 days.")
    if unknown := sorted(set(body.acts) - set(known)):
        raise Invalid("delegation.acts", f"No definition knows: {', '.join(unknown)}.")
    _check_delegate(session, actor, body.person_id)
    row = Delegation(
        person_id=actor.person_id,
        delegate_id=body.person_id,
        grant_id=_own_grant(session, actor.person_id, body),
        acts=sorted(set(body.acts)),
        valid_from=begins,
        valid_to=body.valid_to,
        created_at=now,
    )
    session.add(row)
    advance_epoch(session)
    session.flush()
    made = _views(session, Delegation.id == row.id)[0]
    told = made.model_dump(mode="json", include={"id", "delegate_id", "role", "country", "entity"})
    ledger.append(session, ledger.DIRECTORY, "role_delegated", actor, told)
    return made


def _check_delegate(session: Session, actor: Actor, person_id: int) -> None:
    person = session.get(Person, person_id)
    if person is None or person.program or person.suspended_at or person_id == actor.person_id:
        raise Invalid("delegation.person", "Name another person who is active here.")


def _own_grant(session: Session, person_id: int, body: DelegationBody) -> int:
    own = sa.select(RoleGrant.id).where(
        RoleGrant.person_id == person_id,
        RoleGrant.role == body.role,
        RoleGrant.country.is_not_distinct_from(body.country),
        RoleGrant.entity.is_not_distinct_from(body.entity),
        grants.in_force(clock.now()),
    )
    found: int | None = session.scalar(own.order_by(RoleGrant.id).limit(1))
    if found is None:
        raise Conflict("delegation.not_held", "You do not hold that role within that scope.")
    return found


def assume(session: Session, actor: Actor, number: int) -> Actor:
    """Return the actor as the delegate under a delegation, with its grant alone.

    Raises Forbidden, the same whatever is wrong: not yours, not begun, over, revoked, or the lender
    no longer holds the grant or is suspended.
    """
    now = clock.now()
    row = session.execute(
        sa.select(Delegation, RoleGrant, others_of(Delegation.person_id))
        .join(RoleGrant, RoleGrant.id == Delegation.grant_id)
        .join(LENDER, LENDER.id == Delegation.person_id)
        .where(
            Delegation.id == number,
            Delegation.delegate_id == actor.person_id,
            Delegation.valid_from <= now,
            Delegation.valid_to > now,
            Delegation.revoked_at.is_(None),
            LENDER.suspended_at.is_(None),
            grants.in_force(now),
        )
    ).one_or_none()
    if row is None:
        raise Forbidden("delegation.none", "No such delegation is in force for you now.")
    lent, held, others = row
    people = [one for one in (actor.person_id, lent.person_id) if one is not None]
    return replace(
        actor,
        grants=(Grant(held.role, held.country, held.entity),),
        on_behalf=lent.person_id,
        others=actor.others | numbers_in(others),
        acts=frozenset(lent.acts) or None,
        ties=grants.ties_of(session, people),
    )


def delegations(session: Session, actor: Actor) -> list[DelegationView]:
    """Return the delegations that the actor has given or received, oldest first."""
    own = sa.or_(Delegation.person_id == actor.person_id, Delegation.delegate_id == actor.person_id)
    return _views(session, own)


def revoke(session: Session, actor: Actor, number: int) -> DelegationView:
    """End a delegation at once, as the lender or the delegate. Raises NotFound, Conflict."""
    row = session.get(Delegation, number, with_for_update=True)
    if row is None or actor.person_id not in (row.person_id, row.delegate_id):
        raise NotFound("delegation.unknown", "You have no such delegation.")
    if row.revoked_at is not None:
        raise Conflict("delegation.revoked", "It has been revoked already.")
    row.revoked_at = clock.now()
    advance_epoch(session)
    session.flush()
    ledger.append(session, ledger.DIRECTORY, "delegation_revoked", actor, {"id": number})
    return _views(session, Delegation.id == number)[0]


def _views(session: Session, which: sa.ColumnElement[bool]) -> list[DelegationView]:
    query = (
        sa.select(Delegation, RoleGrant, LENDER.name, DELEGATE.name)
        .join(RoleGrant, RoleGrant.id == Delegation.grant_id)
        .join(LENDER, LENDER.id == Delegation.person_id)
        .join(DELEGATE, DELEGATE.id == Delegation.delegate_id)
        .where(which)
        .order_by(Delegation.id)
    )
    return [
        DelegationView(
            id=row.id,
            person_id=row.person_id,
            name=lender,
            delegate_id=row.delegate_id,
            delegate=delegate_name,
            role=grant.role,
            country=grant.country,
            entity=grant.entity,
            acts=list(row.acts),
            valid_from=row.valid_from,
            valid_to=row.valid_to,
            revoked_at=row.revoked_at,
        )
        for row, grant, lender, delegate_name in session.execute(query)
    ]
