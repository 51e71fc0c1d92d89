"""The feed, its stream and the notices, through the service."""

import json

from app.jobs.relay import relay
from tests.factories.clients import Clients
from tests.jobs.samples import moved, stand


def a_move(clients: Clients) -> str:
    """Write two events of a request of Kenya and return its reference."""
    house = clients.house
    with house.database.writing() as session:
        request = stand(session, house.shelf, "set_aside")
        moved(session, request, "set_aside", "clarification", "set_aside")
        return request.reference


def test_the_feed_shows_in_order_what_one_may_see(clients: Clients) -> None:
    reference = a_move(clients)
    for who in (clients.as_("desk_officer"), clients.as_("government", "KEN")):
        events = who.get("/events").ok().body["items"]
        shown = [(e["reference"], e["number"], e["kind"]) for e in events]
        assert shown == [(reference, 1, "opened"), (reference, 2, "moved")]
        assert events[1]["actor"] == "system"
    assert clients.as_("government", "UGA").get("/events").ok().body["items"] == []


def test_the_id_of_any_event_leads_on_from_it(clients: Clients) -> None:
    a_move(clients)
    desk = clients.as_("desk_officer")
    page = desk.get("/events?limit=1").ok().body
    assert page["next"] == page["items"][0]["id"]
    rest = desk.get(f"/events?limit=1&cursor={page['next']}").ok().body
    assert [event["number"] for event in rest["items"]] == [2]
    assert rest["next"] is None
    assert desk.get("/events?cursor=nonsense").status == 400


def test_a_stream_goes_on_from_the_last_event_that_was_heard(clients: Clients) -> None:
    a_move(clients)
    desk = clients.as_("desk_officer")
    first = desk.get("/events?limit=1").ok().body["next"]
    answer = desk.get("/events/stream?seconds=0", last_event_id=first).ok()
    assert answer.headers["content-type"].startswith("text/event-stream")
    told = [json.loads(line[6:]) for line in answer.body.splitlines() if line[:6] == "data: "]
    assert [event["number"] for event in told] == [2]
    assert f"id: {told[0]['id']}" in answer.body


def test_a_stream_takes_a_token_and_a_cursor_of_ours(clients: Clients) -> None:
    assert clients.anonymous().get("/events/stream?seconds=0").status == 401
    desk = clients.as_("desk_officer")
    assert desk.get("/events/stream?seconds=0", last_event_id="7").status == 400


def test_a_stream_tells_what_happens_while_it_lasts(clients: Clients) -> None:
    desk = clients.as_("desk_officer")
    start = desk.get("/events/stream?seconds=0").ok().body
    assert "data:" not in start
    a_move(clients)
    assert desk.get("/events/stream?seconds=1").ok().body.count("data:") == 2


def test_a_notice_says_of_which_event_and_is_read_once(clients: Clients) -> None:
    government, other = clients.as_("government", "KEN"), clients.as_("government", "UGA")
    reference = a_move(clients)
    relay(clients.house.database, clients.house.shelf)
    (notice,) = government.get("/me/notices").ok().body["items"]
    assert (notice["reference"], notice["number"]) == (reference, 2)
    assert (notice["code"], notice["read_at"]) == ("request.set_aside", None)
    path = f"/me/notices/{notice['id']}/read"
    assert other.get("/me/notices").ok().body["items"] == []
    assert other.post(path).status == 404
    first = government.post(path).ok().body["read_at"]
    assert first is not None
    assert government.post(path).ok().body["read_at"] == first
