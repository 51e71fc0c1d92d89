"""Named grants: one person may see a request, or open what is protected in it, for a time.

A grant is the country's to give. The desk may propose one, which counts once somebody of the
country has agreed. It belongs to the person: whoever follows in an office does not inherit it.
"""

from collections.abc import Sequence
from datetime import timedelta

import sqlalchemy as sa
from sqlalchemy.orm import Session

from app.directory import credentials
from app.directory.actor import Actor
from app.directory.named import as_actor
from app.kit import clock
from app.kit.errors import Conflict, Forbidden, Invalid, NotFound
from app.ledger import service as ledger
from app.requests import access, timeline
from app.requests.schemas.confidence import NamedGrantBody, NamedGrantView
from app.requests.service import sealed
from app.requests.service.drafts import next_number
from app.requests.tables import AssistanceRequest, NamedGrant

SPEAKS = frozenset({"resident_coordinator", "government"})
"""Roles that speak for a country on what it holds in confidence."""
DESK = frozenset({"desk_officer"})
WITHOUT = frozenset({"auditor", "administrator", "client"})
"""Auditors read everything but protected parts, administrators no case, programs nothing within."""
LONGEST = timedelta(days=366)
STREAM = "grants"


def spoken_for(session: Session, actor: Actor, request: AssistanceRequest) -> frozenset[str]:
    """Return the countries of the request for which the actor speaks."""
    own = {country for role in SPEAKS for country in actor.countries(role)}
    return access.standing_of(session, request).countries & own


def speaks(
    session: Session, actor: Actor, request: AssistanceRequest, *, desk: bool = True
) -> bool:
    """Whether the actor speaks for a country of the request, or (`desk`) is of the desk.

    Raises Forbidden when neither; returns True for the country.
    """
    if spoken_for(session, actor, request):
        return True
    if desk and access.standing_of(session, request).roles(actor) & DESK:
        return False
    raise Forbidden("confidence.role", "This is for the country's coordinators and government.")


def give(
    session: Session, actor: Actor, request: AssistanceRequest, body: NamedGrantBody
) -> NamedGrant:
    """Give a named grant, or propose one as the desk. Raises Forbidden, Invalid, NotFound."""
    country = speaks(session, actor, request)
    today = clock.today()
    if not today <= body.until <= today + LONGEST:
        raise Invalid("grant.until", "A grant ends some day from today on, within a year.")
    if body.person in actor.persons:
        raise Forbidden("grant.oneself", "Nobody gives a grant to himself or herself.")
    _may_hold(session, request, body)
    now = clock.now()
    row = NamedGrant(
        request_id=request.id,
        number=next_number(session, NamedGrant, request),
        person_id=body.person,
        part=body.part,
        until=body.until,
        given_by=actor.person_id,
        given_at=now,
    )
    sealed.put(session, row, {"reason": body.reason})
    session.add(row)
    _told(session, actor, request, row, "named_grant_given")
    if country:
        agree(session, actor, request, row)
    return row


def _may_hold(session: Session, request: AssistanceRequest, body: NamedGrantBody) -> None:
    holder = as_actor(session, body.person)
    if WITHOUT & {grant.role for grant in holder.grants}:
        raise Invalid("grant.role", "Auditors, administrators and programs hold no named grants.")
    if body.part != "request" and not access.reads_within(session, holder, request):
        raise Invalid("grant.unseen", "That person does not read this request; grant that first.")


def agree(session: Session, actor: Actor, request: AssistanceRequest, row: NamedGrant) -> None:
    """Agree to a grant for a country of the request. Raises Forbidden, Conflict."""
    speaks(session, actor, request, desk=False)
    if row.agreed_at is not None or row.revoked_at is not None:
        raise Conflict("grant.settled", "That grant has been agreed to or revoked already.")
    if row.person_id in actor.persons:
        raise Forbidden("grant.oneself", "Nobody agrees to a grant to himself or herself.")
    row.agreed_by, row.agreed_at = actor.person_id, clock.now()
    _told(session, actor, request, row, "named_grant_agreed")
    credentials.advance_epoch(session)


def revoke(session: Session, actor: Actor, request: AssistanceRequest, row: NamedGrant) -> None:
    """Revoke a grant: the country, the desk, or who holds it. Raises Forbidden, Conflict."""
    if row.person_id != actor.person_id:
        speaks(session, actor, request)
    if row.revoked_at is not None:
        raise Conflict("grant.settled", "That grant is revoked already.")
    row.revoked_by, row.revoked_at = actor.person_id, clock.now()
    _told(session, actor, request, row, "named_grant_revoked")
    credentials.advance_epoch(session)


def _told(
    session: Session, actor: Actor, request: AssistanceRequest, row: NamedGrant, kind: str
) -> None:
    told = {"grant": row.number, "part": row.part}
    timeline.record(session, actor, request, kind, told)
    until = row.until.isoformat()
    more = {"reference": request.reference, "person": row.person_id, "until": until}
    ledger.append(session, STREAM, kind, actor, told | more)


def one(session: Session, request: AssistanceRequest, number: int) -> NamedGrant:
    """Return a grant by its number in the request. Raises NotFound."""
    own = (NamedGrant.request_id == request.id, NamedGrant.number == number)
    row = session.scalar(sa.select(NamedGrant).where(*own))
    if row is None:
        raise NotFound("grant.unknown", f"There is no grant {number}.")
    return row


def listed(session: Session, actor: Actor, request: AssistanceRequest) -> Sequence[NamedGrant]:
    """Return all grants of a request: for its countries, the desk and auditors.

    Raises Forbidden.
    """
    if not actor.holds("auditor"):
        speaks(session, actor, request)
    query = sa.select(NamedGrant).where(NamedGrant.request_id == request.id)
    return session.scalars(query.order_by(NamedGrant.number)).all()


def view_of(session: Session, row: NamedGrant) -> NamedGrantView:
    """Return a grant as it is shown, with its reason opened."""
    return sealed.view_of(session, row, NamedGrantView)


def in_force(session: Session, actor: Actor, request: AssistanceRequest, part: str) -> NamedGrant:
    """Return the actor's grant for a part that runs today, to be used in one's own name.

    Raises Forbidden without one.
    """
    query = sa.select(NamedGrant).where(
        NamedGrant.request_id == request.id,
        NamedGrant.person_id == actor.person_id,
        NamedGrant.part == part,
        NamedGrant.agreed_at.is_not(None),
        NamedGrant.revoked_at.is_(None),
        NamedGrant.until >= clock.today(),
    )
    row = session.scalars(query.order_by(NamedGrant.id).limit(1)).one_or_none()
    barred = actor.on_behalf is not None or WITHOUT & {grant.role for grant in actor.grants}
    if row is None or barred:
        raise Forbidden("part.named_grant", "This opens only by a named grant of the country.")
    return row
