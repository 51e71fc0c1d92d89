"""Searching requests by word, on both databases, and the index that the database keeps for it."""

import pytest
import sqlalchemy as sa

from app.kit.schema import downgrade, migrate
from tests.factories.clients import Client, Clients

TITLE = "Forensic laboratory for the Électronique court"
SUMMARY = "Examiners' training, cyber-crime evidence; 取证实验室培训"


@pytest.fixture
def coordinator(clients: Clients) -> Client:
    return clients.as_("resident_coordinator", country="KEN")


def filed(client: Client, title: str = TITLE, summary: str = SUMMARY) -> str:
    body = {"title": title, "summary": summary, "countries": ["KEN"]}
    return str(client.post("/requests", body).ok().body["reference"])


def found(client: Client, q: str) -> list[str]:
    listed = client.http.get(
        "/api/v1/requests", params={"q": q}, headers={"authorization": f"Bearer {client.token}"}
    )
    assert listed.status_code == 200, listed.text
    return [line["reference"] for line in listed.json()["items"]]


@pytest.mark.parametrize(
    "q",
    [
        "laboratory",
        "LABORATORY training",
        "électronique",
        "cyber-crime",
        "crime",
        "examiners'",
        "实验室",
        "court evidence forensic",
    ],
)
def test_a_request_is_found_by_every_word_it_says(coordinator: Client, q: str) -> None:
    reference = filed(coordinator)
    filed(coordinator, "Something else", "entirely")
    assert found(coordinator, q) == [reference]


@pytest.mark.parametrize(
    "q", ["absent", "laboratory absent", '"laboratory" OR', "100%", '"', "NEAR(", "取实", "*"]
)
def test_what_no_request_says_is_not_found(coordinator: Client, q: str) -> None:
    filed(coordinator)
    assert found(coordinator, q) == []


def test_a_request_is_found_by_its_reference(coordinator: Client) -> None:
    first, second = filed(coordinator), filed(coordinator)
    assert found(coordinator, first) == [first]
    assert found(coordinator, second.lower()) == [second]
    assert found(coordinator, "laboratory") == [second, first]


def test_an_edited_text_is_found_by_its_new_words_only(coordinator: Client) -> None:
    reference = filed(coordinator)
    coordinator.change("PATCH", f"/requests/{reference}", {"title": "Harbour radio"}).ok()
    assert found(coordinator, "harbour") == [reference]
    assert found(coordinator, "laboratory") == []
    assert found(coordinator, "evidence") == [reference]


def test_a_search_finds_nothing_that_one_may_not_see(clients: Clients, coordinator: Client) -> None:
    filed(coordinator)
    assert found(clients.as_("resident_coordinator", country="FRA"), "laboratory") == []
    assert found(clients.as_("desk_officer"), "laboratory") == []


def test_pages_and_counts_of_a_search_agree(coordinator: Client) -> None:
    made = [filed(coordinator) for _ in range(5)]
    first = coordinator.get("/requests?q=laboratory&limit=3").ok().body
    rest = coordinator.get(f"/requests?q=laboratory&limit=3&cursor={first['next']}").ok().body
    assert [line["reference"] for line in [*first["items"], *rest["items"]]] == made[::-1]
    assert coordinator.get("/requests/count?q=laboratory").ok().body["count"] == 5


def test_the_index_is_made_from_what_is_there_and_can_be_taken_away(
    clients: Clients, coordinator: Client
) -> None:
    reference = filed(coordinator)
    engine = clients.house.database.engine
    downgrade(engine, "0002")
    assert not sa.inspect(engine).has_table("request_words")
    migrate(engine)
    assert found(coordinator, "laboratory") == [reference]
