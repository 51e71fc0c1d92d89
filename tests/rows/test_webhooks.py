"""Webhooks as the role of the service: both nets hold what is written for whom, and who lists it."""

from collections.abc import Callable

import sqlalchemy as sa

from app.webhooks import sendoff
from app.webhooks.tables import Delivery
from tests.factories.clients import Clients
from tests.rows.test_net import tear

__all__ = ["tear"]
FILING = {"title": "Help", "countries": ["KEN"], "needs": [{"area": "A", "text": "a team"}]}
BODY = {"name": "x", "url": "https://hooks.example/"}


def test_with_the_first_net_torn_a_webhook_is_told_nothing_foreign(
    clients: Clients, tear: Callable[[], None]
) -> None:
    own, other = (clients.as_("resident_coordinator", country=one) for one in ("KEN", "UGA"))
    paths = [f"/webhooks/{one.post('/webhooks', BODY).ok().body['id']}" for one in (own, other)]
    own.post("/requests", FILING).ok()
    tear()
    with clients.office.writing() as session:
        assert sendoff.relay(session, 50) == 1
    listed = own.get(f"{paths[0]}/deliveries").ok().body["items"]
    assert [one["kind"] for one in listed] == ["request_opened"]
    with clients.office.writing() as session:
        moved = sa.update(Delivery).values(webhook_id=int(paths[1].rpartition("/")[2]))
        session.execute(moved)
    assert other.get(f"{paths[1]}/deliveries").ok().body["items"] == []
    own.post(f"{paths[0]}/test").ok()
    for one, path in ((own, paths[0]), (other, paths[1])):
        one.post(f"{path}/end").ok()
    with clients.office.reading() as session:
        assert set(session.scalars(sa.select(Delivery.status))) == {"withheld"}, "foreign ones too"
