"""Portfolios: all open requests planned at once under the entities' limits, for the desk."""

from fastapi import Response

from app.api.deps import AtDesk, Cursor, Items, Limit, Number, page, router
from app.api.problems import ADDS, READS
from app.kit.pages import MOST, cut, decode
from app.matching import service as matching
from app.matching.schemas import PortfolioBody, PortfolioLine, PortfolioView

api = router("matching")


@api.post("/portfolio", status_code=201, response_model=PortfolioView, responses=ADDS)
def ask_portfolio(desk: AtDesk, body: PortfolioBody) -> Response:
    """Ask for a plan of all open requests; the background work makes it, within seconds as a rule.

    Who comes first is one rule, which the plan states. It proposes, and changes no request. One
    plan waits at a time.
    """
    row = matching.ask_portfolio(desk.session, desk.actor, body)
    return desk.created(matching.view_of_portfolio(row), f"/api/v1/portfolio/{row.id}")


@api.get("/portfolio", response_model=Items[PortfolioLine], responses=READS)
def list_portfolios(desk: AtDesk, limit: Limit = MOST, cursor: Cursor | None = None) -> Response:
    """List the portfolios, the latest first."""
    before = decode(cursor, (int,))[0] if cursor else None
    part = cut(
        matching.portfolios(desk.session, before, limit + 1), limit, lambda line: [line.number]
    )
    return page(desk, part.rows, part.next)


@api.get("/portfolio/{number}", response_model=PortfolioView, responses=READS)
def read_portfolio(desk: AtDesk, number: Number) -> Response:
    """Read a portfolio: who would begin with what and when, what is full, and what that costs."""
    row = matching.portfolio(desk.session, number)
    return desk.show(matching.view_of_portfolio(row))
