"""The portfolio: all open requests planned at once under the entities' limits, for the desk."""

from typing import Annotated

from fastapi import Query, Response

from app.kit.pages import cut, decode
from app.matching import service as matching
from app.matching.schemas import PortfolioBody
from app.web import acts
from app.web.acts import Act, Params, Subject
from app.web.texts import marked
from app.web.visit import AtVisit, Visit, router

api = router()
CRUMB = ("/portfolio", marked("Portfolio"))
PAGE = 25


@api.get("/portfolio")
def page_portfolios(
    desk: AtVisit, cursor: Annotated[str | None, Query(max_length=300)] = None
) -> Response:
    """List the portfolios, the latest first."""
    before = decode(cursor, (int,))[0] if cursor else None
    found = matching.portfolios(desk.session, before, PAGE + 1)
    part = cut(found, PAGE, lambda line: [line.number])
    return desk.page("portfolio/list.html", {"lines": part.rows, "next": part.next})


@api.get("/portfolio/{number:int}")
def page_portfolio(desk: AtVisit) -> Response:
    """Show a plan: who would begin with what and when, what is full, and what that costs."""
    row = matching.portfolio(desk.session, int(desk.http.path_params["number"]))
    view = matching.view_of_portfolio(row)
    full = [one for one in view.plan.places if one.binding] if view.plan else []
    shown = {"view": view, "plan": view.plan, "full": full, "crumbs": (CRUMB,)}
    return desk.page("portfolio/one.html", shown)


def _asking(_desk: Visit, _params: Params) -> Subject:
    return Subject({"quarters": 4, "lasts": 2}, None, (CRUMB,))


def _ask(desk: Visit, _params: Params, body: PortfolioBody) -> str:
    row = matching.ask_portfolio(desk.session, desk.actor, body)
    return f"/portfolio/{row.id}"


ACTS = (
    Act(
        "ask_portfolio",
        "/portfolio/new",
        marked("Plan all open requests"),
        _asking,
        _ask,
        PortfolioBody,
        marked("Make the plan"),
        marked("The plan proposes. It changes no request, and binds nobody."),
    ),
)
acts.install(api, ACTS)
