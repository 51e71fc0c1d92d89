"""What happened to some requests since a moment, told by kind: what changed since one was here."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session

from app.directory.actor import Actor
from app.requests import concerns
from app.requests.tables import AssistanceRequest, RequestEvent

E = RequestEvent


@dataclass(frozen=True, slots=True)
class News:
    """How often something of one kind happened to a request; `last` is the newest such event."""

    kind: str
    times: int
    last: int


def since(
    session: Session, actor: Actor, references: Sequence[str], moment: datetime
) -> dict[str, list[News]]:
    """Return what others did to some requests since a moment, by reference, newest kind first.

    Of what somebody may hear of alone.
    """
    if not references:
        return {}
    last = sa.func.max(E.number)
    query = sa.select(AssistanceRequest.reference, E.kind, sa.func.count(), last).join(E)
    query = query.where(
        AssistanceRequest.reference.in_(references),
        E.at > moment,
        sa.or_(E.actor_id.is_(None), E.actor_id.not_in(sorted(actor.persons))),
        concerns.heard(actor),
    )
    found: dict[str, list[News]] = {}
    grouped = query.group_by(AssistanceRequest.reference, E.kind).order_by(last.desc())
    for reference, kind, times, number in session.execute(grouped):
        found.setdefault(reference, []).append(News(kind, times, number))
    return found
