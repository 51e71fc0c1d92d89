"""Portfolios name every open request: the second net shows them to who sees all of these alone."""

import psycopg
import pytest
import sqlalchemy as sa

from tests.factories.clients import Clients


@pytest.mark.parametrize(
    ("sees", "seen"), [("", 0), ("country:KEN entity:itu", 0), ("filed", 1), ("all", 1)]
)
def test_a_portfolio_is_seen_with_the_sight_of_the_desk(
    clients: Clients, database_url: str, sees: str, seen: int
) -> None:
    desk = clients.as_("desk_officer")
    number = desk.post("/portfolio", {}).ok().body["number"]
    assert desk.get(f"/portfolio/{number}").status == 200
    plain = sa.make_url(database_url).set(drivername="postgresql")
    with psycopg.connect(plain.render_as_string(hide_password=False)) as line:
        line.execute("SELECT set_config('entente.sees', %s, true)", (sees,))
        assert line.execute("SELECT count(*) FROM portfolios").fetchone() == (seen,)
