"""Joining two records of one person: four eyes count them as one from then on, what is past too.

One administrator asks and another carries it out; it is final. What the second record holds (ways
of signing in, tokens, roles, what was lent or granted) passes to the first. What was done under its
number stays as it was written, since the log of events is never rewritten: whoever acts is known by
both numbers (`Actor.others`).
"""

from collections.abc import Sequence
from datetime import timedelta

import sqlalchemy as sa
from sqlalchemy.orm import Session

from app.accounts import holdings
from app.accounts.schemas import JoinBody, JoinView
from app.accounts.tables import PersonJoin
from app.directory import credentials
from app.directory.actor import Actor
from app.directory.service import person_of
from app.directory.tables import Person
from app.kit import clock
from app.kit.errors import Conflict, Forbidden, Invalid, NotFound
from app.ledger import service as ledger
from app.outbox import letters

LAPSES = timedelta(days=7)
"""After so long without a second administrator a wish is no longer one."""


def ask(session: Session, actor: Actor, kept_id: int, body: JoinBody) -> PersonJoin:
    """Ask that another record be joined to a person's. Raises Forbidden, NotFound, Conflict."""
    _pair(session, actor, kept_id, body.person)
    if _waiting(session, kept_id) is not None:
        raise Conflict("join.asked", "It is asked for already and waits for a second person.")
    row = PersonJoin(
        kept_id=kept_id,
        joined_id=body.person,
        reason=body.reason,
        asked_by=actor.person_id,
        asked_at=clock.now(),
    )
    session.add(row)
    session.flush()
    told = {"join": row.id, "kept": kept_id, "joined": body.person}
    ledger.append(session, ledger.DIRECTORY, "join_asked", actor, told)
    return row


def confirm(session: Session, actor: Actor, kept_id: int) -> PersonJoin:
    """Join the records that another administrator named; both are told by mail. It is final.

    Raises Conflict without a wish, Forbidden for who asked or is one of the two, NotFound.
    """
    row = _waiting(session, kept_id, lock=True)
    if row is None:
        raise Conflict("join.not_asked", "Nobody has asked for it in the last seven days.")
    if row.asked_by in actor.persons:
        raise Forbidden("join.same_person", "Another person than the one who asked confirms.")
    kept, joined = _pair(session, actor, row.kept_id, row.joined_id)
    now = clock.now()
    both = holdings.acted_on_by_both(session, kept.id, joined.id)
    holdings.hand_over(session, actor, (kept, joined), now)
    session.execute(
        sa.update(Person).where(Person.joined_to == joined.id).values(joined_to=kept.id)
    )
    joined.joined_to, joined.suspended_at = kept.id, joined.suspended_at or now
    row.confirmed_by, row.joined_at, row.requests = actor.person_id, now, len(both)
    session.flush()
    credentials.advance_epoch(session)
    told = {"join": row.id, "kept": kept.id, "joined": joined.id, "asked_by": row.asked_by}
    ledger.append(session, ledger.DIRECTORY, "persons_joined", actor, told | {"requests": both})
    for person in (kept, joined):
        if person.email:
            letters.write(session, letters.JOINED, person.email)
    return row


def waiting(session: Session, actor: Actor, most: int) -> Sequence[PersonJoin]:
    """Return the joins that others asked for and that wait for a second person."""
    query = sa.select(PersonJoin).where(
        PersonJoin.joined_at.is_(None),
        PersonJoin.asked_at > clock.now() - LAPSES,
        PersonJoin.asked_by.not_in(sorted(actor.persons)),
    )
    return session.scalars(query.order_by(PersonJoin.asked_at).limit(most)).all()


def read(session: Session, kept_id: int) -> JoinView:
    """Return the wish that waits, or else what was joined last. Raises NotFound."""
    mine = PersonJoin.kept_id == kept_id
    done = sa.select(PersonJoin).where(mine, PersonJoin.joined_at.is_not(None))
    row = _waiting(session, kept_id) or session.scalar(done.order_by(PersonJoin.id.desc()).limit(1))
    if row is None:
        raise NotFound("join.none", "No record was joined to that person's, and none waits.")
    return JoinView.model_validate(row)


def _waiting(session: Session, kept_id: int, *, lock: bool = False) -> PersonJoin | None:
    query = sa.select(PersonJoin).where(
        PersonJoin.kept_id == kept_id,
        PersonJoin.joined_at.is_(None),
        PersonJoin.asked_at > clock.now() - LAPSES,
    )
    query = query.order_by(PersonJoin.id.desc()).limit(1)
    return session.scalar(query.with_for_update() if lock else query)


def _pair(session: Session, actor: Actor, kept_id: int, joined_id: int) -> tuple[Person, Person]:
    """Return both records, locked in the order of their numbers, if they can be joined."""
    if actor.persons & {kept_id, joined_id}:
        raise Forbidden("join.oneself", "Nobody joins records of himself or herself.")
    if kept_id == joined_id:
        raise Invalid("join.one", "It takes two records.")
    for number in sorted({kept_id, joined_id}):
        person_of(session, number)
        session.get_one(Person, number, with_for_update=True, populate_existing=True)
    kept, joined = session.get_one(Person, kept_id), session.get_one(Person, joined_id)
    if kept.program or joined.program:
        raise Conflict("join.program", "A program is no person.")
    if kept.joined_to is not None or joined.joined_to is not None:
        raise Conflict("join.joined", "One of the records was joined before: name the other.")
    if not kept.active:
        raise Conflict("join.suspended", "A suspended record is not kept: keep the other.")
    return kept, joined
