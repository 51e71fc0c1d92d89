"""The last day of the calendar stays readable, wherever the database's server stands."""

import psycopg
import pytest
import sqlalchemy as sa

from tests.conftest import settings_for
from tests.factories.clients import Clients
from tests.requests.test_visibility import filed


@pytest.mark.parametrize("database_url", ["postgresql"], indirect=True)
def test_a_day_at_the_end_of_the_calendar_is_read_on_a_server_in_the_east(
    database_url: str,
) -> None:
    named = sa.make_url(database_url).set(drivername="postgresql")
    with psycopg.connect(named.render_as_string(hide_password=False), autocommit=True) as server:
        server.execute(f"ALTER DATABASE \"{named.database}\" SET timezone TO 'Asia/Tokyo'")
    with Clients(settings_for(database_url)) as clients:
        coordinator = clients.as_("resident_coordinator", country="KEN")
        desk, path = clients.as_("desk_officer"), f"/requests/{filed(coordinator)}"
        asked = {"questions": ["Which law?"], "due_on": "9999-12-31"}
        assert desk.post(f"{path}/clarifications", asked).status == 201
        assert desk.get(path).ok().body["due"] == "9999-12-31T23:59:59.999999Z"
        assert coordinator.state(path.rpartition("/")[2]) == "clarification"
        assert desk.get("/requests").ok().body["items"][0]["state"] == "clarification"
