"""Programmes that meet: the same topic, country or region, and time, shown to each side's desk.

Each side lists the other by the same rule, and only what the reader may see at all (F53).
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session

from app.delivery.tables import Activity, JointProgramme
from app.directory.actor import Actor
from app.directory.countries import commissions_of, load_countries
from app.kit import clock
from app.reports.meeting import Programme, meeting
from app.reports.schemas import MeetingView
from app.requests import access
from app.requests.tables import Assignment, AssistanceRequest, Need, RequestCountry

R = AssistanceRequest
STAGES = ("matching", "delivery")
"""Where help is being sought or given."""


def overlaps(session: Session, actor: Actor, request: AssistanceRequest) -> list[MeetingView]:
    """Return where a request meets others of its countries or regions, as far as the actor sees."""
    today = clock.today()
    own = _read(session, [request.id], today).get(request.id)
    if own is None:
        return []
    near = _near(own.countries, today)
    others = (
        sa.select(R.id)
        .join(RequestCountry, RequestCountry.request_id == R.id)
        .where(
            access.visible(actor),
            R.id != request.id,
            R.stage.in_(STAGES),
            RequestCountry.country.in_(sorted(near)),
        )
        .distinct()
    )
    known = _read(session, session.scalars(others.order_by(R.id)).all(), today)
    found = (meeting(own, other) for _, other in sorted(known.items()))
    return [
        MeetingView(
            reference=one.other.reference,
            countries=sorted(one.other.countries),
            same_country=one.same_country,
            needs=list(one.needs),
            topics=list(one.topics),
            entities=list(one.entities),
            starts_on=one.starts_on,
            ends_on=one.ends_on,
        )
        for one in found
        if one is not None
    ]


def _near(countries: Iterable[str], today: date) -> set[str]:
    """Return the countries themselves and those of their regional commissions (F11)."""
    own = set(countries)
    regions = {one for country in own for one in commissions_of(country, today)}
    return own | {
        country.alpha3
        for country in load_countries()
        if commissions_of(country.alpha3, today) & regions
    }


def _read(session: Session, ids: Sequence[int], today: date) -> Mapping[int, Programme]:
    """Return requests as they meet each other: needs with who answers for them, and from when."""
    countries, needs = _countries(session, ids), _needs(session, ids)
    spans = _spans(session, ids)
    rows = session.execute(
        sa.select(R.id, R.reference, JointProgramme.opened_at)
        .outerjoin(JointProgramme, JointProgramme.request_id == R.id)
        .where(R.id.in_(ids), R.stage.in_(STAGES))
    )
    found: dict[int, Programme] = {}
    for owner, reference, opened_at in rows:
        first, last = _days(opened_at, spans.get(owner), today)
        found[owner] = Programme(
            reference=reference,
            countries=countries[owner],
            needs=tuple(needs[owner]),
            running=opened_at is not None,
            starts_on=first,
            ends_on=last,
        )
    return found


def _days(
    opened_at: datetime | None, span: tuple[date, date] | None, today: date
) -> tuple[date, date | None]:
    """Return from when to when help is given: from now on, where no programme runs yet."""
    if opened_at is None:
        return today, None
    first, last = span or (opened_at.date(), None)
    return min(first, opened_at.date()), last


def _countries(session: Session, ids: Sequence[int]) -> Mapping[int, frozenset[str]]:
    c = RequestCountry
    found: dict[int, frozenset[str]] = defaultdict(frozenset)
    query = sa.select(c.request_id, c.country).where(c.request_id.in_(ids))
    for owner, country in session.execute(query):
        found[owner] |= {country}
    return found


def _needs(session: Session, ids: Sequence[int]) -> Mapping[int, list[tuple[int, str, str]]]:
    """Return needs by number, each with its topic and who answers for it, if anybody does."""
    a = Assignment
    given = sa.and_(a.need_id == Need.id, a.part == "lead")
    query = (
        sa.select(Need.request_id, Need.number, Need.topic, a.entity)
        .outerjoin(a, given)
        .where(
            Need.request_id.in_(ids),
            Need.dropped.is_(False),
            Need.apart == "",
            Need.topic != "",
        )
        .order_by(Need.request_id, Need.number)
    )
    found: dict[int, list[tuple[int, str, str]]] = defaultdict(list)
    for owner, number, topic, entity in session.execute(query):
        found[owner].append((number, topic, entity or ""))
    return found


def _spans(session: Session, ids: Sequence[int]) -> Mapping[int, tuple[date, date]]:
    """Return the first and the last day of the activities that were not stopped."""
    query = (
        sa.select(
            Activity.request_id, sa.func.min(Activity.starts_on), sa.func.max(Activity.ends_on)
        )
        .where(Activity.request_id.in_(ids), Activity.status != "stopped")
        .group_by(Activity.request_id)
    )
    return {owner: (first, last) for owner, first, last in session.execute(query)}
