"""The portfolio from the command line: planned at once, and planned again to be compared."""

import sqlalchemy as sa

from app.matching.tables import PortfolioRow
from tests.cli.conftest import Terminal


def test_a_portfolio_is_planned_and_comes_out_the_same_again(terminal: Terminal) -> None:
    desk = terminal.token("desk_officer")
    told = terminal.run("portfolio", "--quarters", "2", token=desk)
    assert told.exit_code == 0, told.output
    assert "Portfolio 1: 0 requests, gap 0.00%." in told.output
    assert "least developed country" in told.output
    again = terminal.run("portfolio", "--again", "1", token=desk)
    assert "comes out the same, to the last bit" in again.output


def test_a_plan_that_was_changed_by_hand_is_seen(terminal: Terminal) -> None:
    desk = terminal.token("desk_officer")
    terminal.run("portfolio", token=desk)
    with terminal.house.database.writing() as session:
        row = session.scalars(sa.select(PortfolioRow)).one()
        row.content = {**(row.content or {}), "gap": 0.5}
    assert terminal.run("portfolio", "--again", "1", token=desk).exit_code == 1


def test_only_the_desk_plans(terminal: Terminal) -> None:
    auditor = terminal.token("auditor")
    assert terminal.run("portfolio", token=auditor).exit_code == 1
    assert terminal.run("portfolio", "--again", "1", token=auditor).exit_code == 1
