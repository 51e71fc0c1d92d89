"""Tokens: narrower than their owner and than the token that makes them, and shown as used."""

from typing import Any

from app.directory.schemas import GrantBody
from app.wiring.usage import Usage
from tests.factories.clients import Answer, Client, Clients

FILING = {"title": "Help", "countries": ["KEN"]}


def minted(client: Client, **more: Any) -> Answer:
    """Ask for a token for oneself."""
    return client.post(f"/people/{client.person_id}/tokens", {"name": "made"} | more)


def holder(client: Client, **more: Any) -> Client:
    """Return a client with a token that `client` makes for himself or herself."""
    secret = minted(client, **more).ok().body["secret"]
    return Client(client.http, client.person_id, secret, client.device)


def test_a_token_reads_and_writes_unless_more_is_asked_for(clients: Clients) -> None:
    person = clients.as_("resident_coordinator", country="KEN")
    made = holder(person)
    assert made.get("/me").ok().body["scopes"] == ["read", "write"]
    reference = made.post("/requests", FILING).ok().body["reference"]
    refused = made.move(reference, "submit")
    assert (refused.status, refused.body["code"]) == (403, "token.scope")
    assert person.move(reference, "submit").body["code"] != "token.scope"


def test_a_token_that_reads_changes_nothing(clients: Clients) -> None:
    reader = holder(clients.as_("resident_coordinator", country="KEN"), scopes=["read"])
    assert reader.get("/requests").status == 200
    refused = reader.post("/requests", FILING)
    assert (refused.status, refused.body["code"]) == (403, "token.scope")


def test_a_token_without_reading_cannot_poll_however_often(clients: Clients) -> None:
    person = clients.as_("resident_coordinator", country="KEN")
    reference = person.post("/requests", FILING).ok().body["reference"]
    writer = holder(person, scopes=["write"])
    for _ in range(3):  # the first call is recognised, the later ones could take the hot way
        assert writer.get("/me").status == 200
        assert writer.get(f"/requests/{reference}/status").body["code"] == "token.scope"


def test_a_token_makes_none_that_may_do_more_than_itself(clients: Clients) -> None:
    keeper = holder(clients.as_("auditor"), scopes=["read", "admin"])
    refused = minted(keeper, scopes=["read", "write"])
    assert (refused.status, refused.body["code"]) == (403, "token.broader")
    assert minted(keeper, scopes=["read"]).status == 201


def test_a_token_makes_none_that_outlives_itself(clients: Clients) -> None:
    person = clients.as_("auditor")
    first = minted(person, days=2, scopes=["read", "admin"]).ok().body
    second = minted(Client(clients.http, person.person_id, first["secret"], person.device), days=90)
    assert second.body["code"] == "token.broader"
    keeper = Client(clients.http, person.person_id, first["secret"], person.device)
    longest = minted(keeper, days=90, scopes=["read"]).ok().body
    assert longest["expires_at"] == first["expires_at"]


def test_an_administrator_makes_tokens_for_programs_and_for_no_other_person(
    clients: Clients,
) -> None:
    admin = clients.as_("administrator")
    other = clients.as_("desk_officer")
    refused = admin.post(f"/people/{other.person_id}/tokens", {"name": "yours"})
    assert (refused.status, refused.body["code"]) == (403, "token.owner")
    body = {"name": "Dashboard", "program": True, "grants": [{"role": "client"}]}
    program = admin.post("/people", body).ok().body["id"]
    assert admin.post(f"/people/{program}/tokens", {"name": "its own"}).status == 201
    assert minted(admin).status == 201
    refused = other.post(f"/people/{program}/tokens", {"name": "mine"})
    assert (refused.status, refused.body["code"]) == (403, "token.owner")


def test_nobody_suspends_himself(clients: Clients) -> None:
    admin = clients.as_("administrator")
    refused = admin.post(f"/people/{admin.person_id}/suspension")
    assert (refused.status, refused.body["code"]) == (403, "suspension.oneself")


def test_last_use_is_shown_once_it_is_written(clients: Clients) -> None:
    person = clients.person([GrantBody(role="auditor")])
    assert person.get("/me/tokens").ok().body["items"][0]["last_used_at"] is None
    Usage(clients.house).write()
    assert person.get("/me/tokens").ok().body["items"][0]["last_used_at"] is not None
    assert person.get("/me/tokens").ok().body["items"][0]["scopes"] == [
        *("read", "write", "decide", "admin")
    ]
