"""The hot way of lists answers exactly as the plain way does, and leaves it what it doubts."""

import asyncio
from collections.abc import Callable

import pytest
import sqlalchemy as sa

from app.directory.actor import Actor
from app.kit.ready import Ready
from app.requests import nets
from app.requests.service.filters import Search
from app.requests.service.lists import plain as plain_page
from app.wiring.gathering import TOGETHER, PostgresPages
from app.wiring.house import present
from app.wiring.paging import SqlitePages
from app.wiring.readers import open_pages
from tests.factories.clients import Answer, Client, Clients
from tests.wiring.test_poll import _revoke, _suspend, counted, end_lines, same


@pytest.fixture
def coordinator(clients: Clients) -> Client:
    return clients.as_("resident_coordinator", country="KEN")


@pytest.fixture(autouse=True)
def filed(coordinator: Client) -> None:
    """Five drafts, so that pages of two have a next one."""
    for number in range(5):
        body = {"title": f"Evidence «{number}»", "countries": ["KEN", "FRA"]}
        coordinator.post("/requests", body).ok()


def hot(clients: Clients, client: Client, query: str, **headers: str) -> Answer:
    """List, and see that the hot way answered."""
    client.get("/requests?mine=true").ok()
    with counted(clients) as sent:
        answer = client.get(f"/requests{query}", **headers)
    assert sent == []
    return answer


def plain(client: Client, query: str, **headers: str) -> Answer:
    """List by the route: the hot way does not know a scheme in small letters."""
    return client.get(f"/requests{query}", authorization=f"bearer {client.token}", **headers)


@pytest.mark.parametrize("language", ["en", "fr", "zh;q=0.8, es"])
@pytest.mark.parametrize(
    "query",
    [
        "",
        "?limit=2",
        "?state=draft&limit=2&sort=updated",
        "?state=draft&state=triage&sort=-updated&limit=3",
        "?stage=intake&state=draft&sort=filed&limit=1",
        "?sort=due",
        "?state=closed",
        "?state=no.such-state",
        "?limit=200",
    ],
)
def test_a_hot_list_says_what_the_plain_one_says(
    clients: Clients, coordinator: Client, query: str, language: str
) -> None:
    fast = hot(clients, coordinator, query, accept_language=language)
    assert fast.status == 200
    assert same(fast, plain(coordinator, query, accept_language=language))


def test_pages_follow_each_other_alike(clients: Clients, coordinator: Client) -> None:
    query, titles = "?state=draft&limit=2", []
    for _ in range(3):
        fast = hot(clients, coordinator, query)
        assert same(fast, plain(coordinator, query))
        titles += [line["title"] for line in fast.body["items"]]
        if fast.body["next"]:
            query = "?" + fast.headers["link"].split("?")[1].split(">")[0]
            assert fast.body["next"] in query
    assert titles == [f"Evidence «{number}»" for number in (4, 3, 2, 1, 0)]
    assert fast.body["next"] is None


def test_a_list_seen_before_is_not_sent_again(clients: Clients, coordinator: Client) -> None:
    tag = hot(clients, coordinator, "?limit=2").headers["etag"]
    for given in (tag, f'"x", W/{tag}', '"x"'):
        fast = hot(clients, coordinator, "?limit=2", if_none_match=given)
        assert fast.status == (304 if tag in given else 200)
        assert same(fast, plain(coordinator, "?limit=2", if_none_match=given))


@pytest.mark.parametrize(
    "query",
    [
        "?limit=0",
        "?limit=201",
        "?limit=two",
        "?limit=1&limit=2",
        "?sort=title",
        "?state=",
        "?state=a%20b",
        "?cursor=nonsense",
        "?state=draft&colour=red",
        "?" + "&".join(["state=draft"] * 31),
    ],
)
def test_what_the_hot_way_doubts_the_route_decides(coordinator: Client, query: str) -> None:
    coordinator.get("/requests?mine=true").ok()
    assert coordinator.get(f"/requests{query}").status == plain(coordinator, query).status


def test_a_hot_list_shows_only_what_one_may_see(clients: Clients, coordinator: Client) -> None:
    desk = clients.as_("desk_officer")
    elsewhere = clients.as_("resident_coordinator", country="PER")
    for stranger in (desk, elsewhere):  # drafts are known to the country's coordinators alone
        assert hot(clients, stranger, "").body["items"] == []
    assert len(hot(clients, coordinator, "").body["items"]) == 5


@pytest.mark.parametrize("end", [_revoke, _suspend])
def test_a_token_that_ends_lists_nothing_from_then_on(
    clients: Clients, coordinator: Client, end: Callable[[Clients, Client], None]
) -> None:
    assert hot(clients, coordinator, "").status == 200
    end(clients, coordinator)
    assert coordinator.get("/requests").status == 401


def test_a_broken_line_to_the_database_is_mended_by_the_next_lists(
    clients: Clients, coordinator: Client
) -> None:
    assert hot(clients, coordinator, "?limit=2").status == 200
    end_lines(clients)
    found = [coordinator.get("/requests?limit=2").status for _ in range(4)]
    assert set(found) <= {200, 503}
    assert found[-1] == 200
    assert hot(clients, coordinator, "?limit=2").status == 200


def test_pages_without_a_database_leave_the_answer_to_the_route() -> None:
    async def read() -> list[object]:
        ready, where = Ready(sa.select(sa.literal(1))), {"host": "127.0.0.1", "port": 1}
        pages = (SqlitePages("no/such/folder/entente.db"), PostgresPages(where))
        return [await one.read(ready, {}, "all") for one in pages]

    assert asyncio.run(read()) == [None, None]


def test_more_lists_than_lines_wait_for_their_turn(
    clients: Clients, coordinator: Client, database_url: str
) -> None:
    """Each in its own sight: a line that is passed on does not keep that of who read before."""
    coordinator.get("/requests").ok()
    elsewhere = clients.as_("resident_coordinator", country="PER")
    actors = [recognised(clients, client) for client in (coordinator, elsewhere)]

    async def read() -> list[int]:
        pages = open_pages(database_url)
        sqlite = clients.house.database.sqlite

        async def one(actor: Actor) -> int:
            ready, values = plain_page(actor, Search(), (None, 50), sqlite=sqlite)
            found = await pages.read(ready, values, nets.words(actor))
            assert found is not None
            return len(found[1])

        lengths = await asyncio.gather(*(one(actors[n % 2]) for n in range(4 * TOGETHER)))
        await pages.close()
        return lengths

    assert asyncio.run(read()) == [5, 0] * (2 * TOGETHER)


def recognised(clients: Clients, client: Client) -> Actor:
    """Who a client is to the service."""
    with clients.house.database.reading() as session:
        return present(clients.house, session, client.token)
