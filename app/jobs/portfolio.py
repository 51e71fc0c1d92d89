"""Portfolios that wait for a plan: planned one by one, in a program of their own."""

import logging
from datetime import datetime

from app.engine.packs import Shelf
from app.kit.db import Database
from app.matching import service as matching

log = logging.getLogger("entente.jobs")


def plan_portfolios(database: Database, shelf: Shelf, now: datetime) -> int:
    """Plan every portfolio that waits; return how many were planned."""
    with database.reading() as session:  # most times there is none: nobody waits for a writer
        if not matching.portfolios_wait(session):
            return 0
    with database.writing() as session:
        numbers = matching.portfolios_to_plan(session, now)
    return sum(_plan(database, shelf, number) for number in numbers)


def _plan(database: Database, shelf: Shelf, number: int) -> bool:
    """Plan one: no transaction is open while it is solved."""
    with database.reading() as session:
        problem = matching.portfolio_problem(session, shelf, number)
    try:
        plan = matching.solve(problem)
    except matching.UnplannedError:
        log.exception("portfolio.failed number=%s", number)
        plan = None
    with database.writing() as session:
        matching.keep_plan(session, number, problem, plan)
    return plan is not None
