"""Portfolios: what all open requests ask under the entities' limits, kept with the plan of it.

A portfolio proposes. It writes into no request: people prepare, offer and accept as ever.
"""

from collections.abc import Collection, Sequence
from dataclasses import asdict, replace
from datetime import date, datetime, timedelta
from itertools import pairwise
from typing import Any

import sqlalchemy as sa
from pydantic import TypeAdapter
from sqlalchemy.orm import Session, load_only

from app.compendium import service as compendium
from app.compendium.service import Picture
from app.directory.actor import Actor
from app.directory.countries import SPECIAL_SITUATIONS, groups_of
from app.engine.packs import Shelf
from app.kit import clock
from app.kit.errors import Conflict, NotFound
from app.kit.rows import as_house
from app.matching.optimiser import Inputs
from app.matching.portfolio import Ask, Plan, Problem, Room
from app.matching.portfolio.asking import ask_of, free_places, held_in, name_of, quarters_from
from app.matching.portfolio.values import NO_LIMIT
from app.matching.rules import going_on
from app.matching.schemas import PortfolioBody, PortfolioLine, PortfolioView
from app.matching.service.circumstances import BUSY
from app.matching.service.gathering import gather
from app.matching.service.replacing import held, with_open_needs
from app.matching.service.stored import digest
from app.matching.tables import PortfolioRow
from app.requests.tables import AssessmentRecord, AssistanceRequest, Involvement

R, I, P = AssistanceRequest, Involvement, PortfolioRow  # noqa: E741 - one letter a table
PLAN = TypeAdapter(Plan)
ENDED = "ended"
LEASE = timedelta(minutes=15)
"""After so long, what was taken up and not kept is taken up again: whoever did it has died."""


def ask_portfolio(
    session: Session, actor: Actor, body: PortfolioBody, *, taken_up: bool = False
) -> PortfolioRow:
    """Ask for a portfolio; it is planned in the background, unless who asks has `taken_up` that.

    Raises Conflict where one waits already.
    """
    now = clock.now()
    if not taken_up and portfolios_wait(session):
        raise Conflict("portfolio.waits", "A portfolio waits for its plan already.")
    row = P(
        status="waiting",
        quarters=body.quarters,
        lasts=body.lasts,
        asked_by=actor.person_id,
        asked_at=now,
        begun_at=now if taken_up else None,
    )
    session.add(row)
    session.flush()
    return row


def portfolios_wait(session: Session) -> bool:
    """Whether any portfolio waits for a plan."""
    return session.scalar(sa.select(P.id).where(P.status == "waiting").limit(1)) is not None


def portfolios_to_plan(session: Session, now: datetime) -> list[int]:
    """Take up the portfolios that wait for a plan, oldest first; return their numbers."""
    free = sa.or_(P.begun_at.is_(None), P.begun_at < now - LEASE)
    query = sa.select(P).where(P.status == "waiting", free).order_by(P.id)
    rows = session.scalars(query.with_for_update(skip_locked=True)).all()
    for row in rows:
        row.begun_at = now
    return [row.id for row in rows]


def portfolio_problem(session: Session, shelf: Shelf, number: int) -> dict[str, Any]:
    """Return what a portfolio is to plan, as of now, in the form in which it is stored."""
    row = portfolio(session, number)
    now = clock.now()
    with as_house(session):  # all open requests, whoever asks
        quarters = quarters_from(now.date(), row.quarters)
        pictures = _pictures(session, quarters, now)
        stated = [each.capacity for each in pictures]
        busy = _under_way(session)
        free = free_places(
            stated,
            ((entity, held_in(since, quarters, row.lasts)) for _, entity, since in busy),
            NO_LIMIT,
        )
        asked = _asked(session, shelf, pictures, {request for request, *_ in busy})
    problem = Problem(
        quarters=tuple(name_of(day) for day in quarters),
        lasts=row.lasts,
        asks=tuple(ask for ask, _ in asked if ask.needs),
        rooms=tuple(Room(entity, each) for entity, each in free.items()),
        unheld=tuple((ask.reference, unheld) for ask, unheld in asked if unheld),
    )
    return asdict(problem) | {"compendium": pictures[0].version, "as_of": now.date().isoformat()}


def _pictures(session: Session, quarters: Sequence[date], now: datetime) -> list[Picture]:
    """Return the compendium now, and as of the first day of each later quarter, as known now.

    Who is reached is a matter of today: what is to come may still be mended.
    """
    found = [compendium.picture(session, now, now)]
    for day in quarters[1:]:
        then = compendium.picture(session, day, now)
        found.append(replace(then, reachable=found[0].reachable))
    return found


def _permits(picture: Picture) -> tuple[object, ...]:
    """Return what of a picture says who may be asked for what."""
    assignable = frozenset(code for code, one in picture.entities.items() if one.assignable)
    return assignable, picture.mandates, picture.leads, picture.arrangements


def _under_way(session: Session) -> list[tuple[int, str, date]]:
    """Return who is asked or at work in which open request, and since when."""
    query = (
        sa.select(I.request_id, I.entity, I.since)
        .join(R, R.id == I.request_id)
        .where(I.standing.in_(BUSY), R.stage != ENDED)
        .order_by(I.request_id, I.entity)
    )
    return [(owner, entity, since.date()) for owner, entity, since in session.execute(query)]


def _asked(
    session: Session, shelf: Shelf, pictures: Sequence[Picture], busy: Collection[int]
) -> list[tuple[Ask, tuple[int, ...]]]:
    """Return what each open request asks in which nobody is asked or at work yet.

    Of one in whose programme needs are open again, these alone.
    """
    told = [_permits(each) for each in pictures]
    changes = [True, *(now != before for before, now in pairwise(told))]
    reopened = with_open_needs(session)
    assessed = set(session.scalars(sa.select(AssessmentRecord.request_id).distinct()))
    query = sa.select(R).where(R.filed_at.is_not(None), R.stage != ENDED).order_by(R.reference)
    asked = []
    for request in session.scalars(query).all():
        if request.id in busy and request.id not in reopened:
            continue
        pack = shelf.get(request.workflow, request.workflow_version)
        given = held(session, request.id) if request.id in reopened else []
        each: list[Inputs] = []
        for picture, new in zip(pictures, changes, strict=True):
            each.append(
                going_on(gather(session, pack, request, picture), given) if new else each[-1]
            )
        groups = {group for one in each[0].countries for group in groups_of(one, clock.today())}
        first = bool(groups & SPECIAL_SITUATIONS)
        at_work = {one.need: one.entity for one in given}
        done = request.id in assessed
        asked.append(ask_of(request.reference, each, at_work, first=first, assessed=done))
    return asked


def keep_plan(
    session: Session, number: int, problem: dict[str, Any], plan: dict[str, Any] | None
) -> PortfolioRow:
    """Keep a plan with what it rests on; None says that none came of it. What is kept stays."""
    row = session.get_one(P, number, with_for_update=True)
    if row.status == "waiting":
        row.status = "planned" if plan else "failed"
        row.planned_at = clock.now()
        row.problem, row.problem_hash = problem, digest(problem)
        row.content, row.gap = plan, plan["gap"] if plan else None
    return row


def portfolio(session: Session, number: int) -> PortfolioRow:
    """Return one portfolio. Raises NotFound."""
    row = session.get(P, number)
    if row is None:
        raise NotFound("portfolio.unknown", f"There is no portfolio {number}.")
    return row


def portfolios(session: Session, before: int | None, limit: int) -> Sequence[PortfolioLine]:
    """Return up to `limit` portfolios, the latest first, from before a number."""
    query = sa.select(P).order_by(P.id.desc()).limit(limit)
    if before is not None:
        query = query.where(P.id < before)
    light = load_only(P.status, P.quarters, P.lasts, P.asked_at, P.planned_at, P.gap)
    return [line_of_portfolio(row) for row in session.scalars(query.options(light))]


def line_of_portfolio(row: PortfolioRow) -> PortfolioLine:
    """Return a portfolio as a list shows it."""
    return PortfolioLine(
        number=row.id,
        status=row.status,
        quarters=row.quarters,
        lasts=row.lasts,
        asked_at=row.asked_at,
        planned_at=row.planned_at,
        gap=row.gap,
    )


def view_of_portfolio(row: PortfolioRow) -> PortfolioView:
    """Return a portfolio whole."""
    problem = row.problem or {}
    return PortfolioView(
        **line_of_portfolio(row).model_dump(),
        as_of=problem.get("as_of"),
        compendium=problem.get("compendium"),
        problem_hash=row.problem_hash,
        plan=PLAN.validate_python(row.content) if row.content else None,
    )
