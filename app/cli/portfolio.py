"""`entente portfolio`: plan all open requests at once, or plan a kept portfolio once more."""

from typing import Annotated

import typer

from app.cli.callers import recognised
from app.cli.common import Office, office
from app.cli.requests import Token
from app.matching import service as matching
from app.matching.schemas import PortfolioBody, PortfolioView

FEW = 20


def portfolio(
    token: Token,
    quarters: Annotated[int, typer.Option(min=1, max=8, help="Quarters to plan.")] = 4,
    lasts: Annotated[int, typer.Option(min=1, max=4, help="Quarters that help takes.")] = 2,
    again: Annotated[int, typer.Option(help="Plan this portfolio again and compare.")] = 0,
) -> None:
    """Plan all open requests under the entities' limits; it proposes, and changes no request."""
    with office() as place:
        if again:
            _again(place, token, again)
        else:
            _show(_planned(place, token, PortfolioBody(quarters=quarters, lasts=lasts)))


def _planned(place: Office, token: str, body: PortfolioBody) -> PortfolioView:
    """Ask, plan and keep: no transaction is open while it is solved."""
    with place.database.writing() as session:
        actor = recognised(place, session, token, "ask_portfolio")
        number = matching.ask_portfolio(session, actor, body, taken_up=True).id
    with place.database.reading() as session:
        recognised(place, session, token, "ask_portfolio")
        problem = matching.portfolio_problem(session, place.shelf, number)
    try:
        plan = matching.solve(problem)
    except matching.UnplannedError as fault:
        typer.secho(f"Portfolio {number}: {fault}.", err=True, fg="red")
        plan = None
    with place.database.writing() as session:
        recognised(place, session, token, "ask_portfolio")
        return matching.view_of_portfolio(matching.keep_plan(session, number, problem, plan))


def _again(place: Office, token: str, number: int) -> None:
    with place.database.reading() as session:
        recognised(place, session, token, "read_portfolio")
        row = matching.portfolio(session, number)
        problem, content = row.problem, row.content
    if problem is None or content is None:
        typer.secho(f"Portfolio {number} has no plan.", err=True, fg="red")
        raise typer.Exit(1)
    if matching.solve(problem, content["method"]) != content:
        typer.secho(f"Portfolio {number} comes out differently now.", err=True, fg="red")
        raise typer.Exit(1)
    typer.echo(f"Portfolio {number} comes out the same, to the last bit.")


def _show(view: PortfolioView) -> None:
    plan = view.plan
    if plan is None:
        raise typer.Exit(1)
    typer.echo(f"Portfolio {view.number}: {len(plan.requests)} requests, gap {plan.gap:.2%}.")
    typer.echo(plan.rule)
    for one in plan.requests:
        mark = "*" if one.first else " "
        needs = ", ".join(f"{n.need}:{n.entity or '-'} {n.begins or 'no place'}" for n in one.needs)
        typer.echo(f"{mark} {one.reference}  {one.begins or '-':<8} {needs}")
    scarce = [place for place in plan.places if place.binding]
    for place in sorted(scarce, key=lambda p: -max(p.price_first, p.price_others))[:FEW]:
        saved = max(place.price_first, place.price_others)
        typer.echo(f"{place.entity} is full in {place.quarter}: one more saves {saved} quarters.")
