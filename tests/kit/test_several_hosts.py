"""A PostgreSQL URL may name several hosts; the one that takes writes is found."""

import socket

import pytest
import sqlalchemy as sa

from app.directory.schemas import GrantBody
from tests.conftest import settings_for
from tests.factories.clients import Clients


@pytest.mark.parametrize("database_url", ["postgresql"], indirect=True)
def test_a_dead_host_in_the_url_is_passed_over(database_url: str) -> None:
    named = sa.make_url(database_url)
    with socket.socket() as closed:
        closed.bind(("127.0.0.1", 0))
        dead = closed.getsockname()[1]
    alive = f"{named.host}:{named.port}" if named.host else f"127.0.0.1:{named.query['port']}"
    hosts = (f"127.0.0.1:{dead}", alive)
    url = (
        named.set(host=None, port=None)
        .difference_update_query(["port"])
        .update_query_dict({"host": hosts, "target_session_attrs": "read-write"})
    )
    with Clients(settings_for(url.render_as_string(hide_password=False))) as clients:
        auditor = clients.person([GrantBody(role="auditor")])
        coordinator = clients.person([GrantBody(role="resident_coordinator", country="KEN")])
        assert clients.http.get("/readyz").json() == {"ready": True, "lacks": [], "alarms": []}
        reference = coordinator.post("/requests", {"countries": ["KEN"]}).ok().body["reference"]
        for _ in range(2):
            assert auditor.state(reference) == "draft"
