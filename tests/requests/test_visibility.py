"""What one may not see does not exist: in reads, lists, counts and parts alike."""

from typing import Any

import pytest

from app.directory.schemas import GrantBody, Role
from tests.factories.clients import Client, Clients

FILING: dict[str, Any] = {
    "countries": ["KEN"],
    "title": "Evidence in court",
    "summary": "Help with electronic evidence in court is asked for.",
    "authority": "Note verbale 1",
    "needs": [{"area": "C", "topic": "C1b", "text": "Training in handling evidence"}],
}

Who = list[tuple[Role, str | None]]
BLIND_TO_DRAFTS: Who = [("desk_officer", None), ("government", "KEN"), ("assessor", "KEN")]
IN_SCOPE: Who = [("desk_officer", None), ("government", "KEN"), ("client", "KEN")]
OUT_OF_SCOPE: Who = [
    ("government", "UGA"),
    ("resident_coordinator", "UGA"),
    ("client", "UGA"),
    ("administrator", None),
]


@pytest.fixture
def coordinator(clients: Clients) -> Client:
    return clients.as_("resident_coordinator", country="KEN")


def filed(coordinator: Client) -> str:
    reference: str = coordinator.post("/requests", FILING).ok().body["reference"]
    coordinator.move(reference, "submit").ok()
    return reference


def seen(client: Client, reference: str) -> bool:
    """Whether a client meets the request anywhere: by itself, its parts, a list or a count."""
    parts = ("", "/status", "/timeline", "/needs", "/options", "/comments", "/assessments")
    reads = {client.get(f"/requests/{reference}{part}").status for part in parts}
    listed = [one["reference"] for one in client.get("/requests").ok().body["items"]]
    counted = client.get("/requests/count").ok().body["count"]
    meets = (reads & {200, 409} != set(), reference in listed, counted > 0)
    assert len(set(meets)) == 1, meets
    if not meets[0]:
        assert reads == {404}
    return meets[0]


def test_a_draft_is_known_to_its_coordinators_and_the_auditor_alone(
    clients: Clients, coordinator: Client
) -> None:
    reference = coordinator.post("/requests", FILING).ok().body["reference"]
    assert seen(coordinator, reference)
    assert seen(clients.as_("auditor"), reference)
    for role, country in BLIND_TO_DRAFTS:
        assert not seen(clients.as_(role, country=country), reference), role


def test_a_filed_request_is_seen_in_scope_only(clients: Clients, coordinator: Client) -> None:
    reference = filed(coordinator)
    for role, country in IN_SCOPE:
        assert seen(clients.as_(role, country=country), reference), role
    for role, country in OUT_OF_SCOPE:
        assert not seen(clients.as_(role, country=country), reference), role
    assert not seen(clients.as_("focal_point", entity="unodc"), reference)


def test_an_unseen_request_answers_as_an_absent_one_does(
    clients: Clients, coordinator: Client
) -> None:
    reference = filed(coordinator)
    stranger = clients.as_("government", country="UGA")
    unseen = stranger.get(f"/requests/{reference}").body
    absent = stranger.get("/requests/TA-2026-99999").body
    assert unseen | {"request_id": ""} == absent | {"request_id": ""}


def test_every_filter_narrows_and_none_widens(clients: Clients, coordinator: Client) -> None:
    reference = filed(coordinator)
    desk = clients.as_("desk_officer")
    matching = ("state=triage", "stage=intake", "country=KEN", "area=C", "q=electronic+court")
    others = ("state=draft", "stage=ended", "country=UGA", "area=E", "q=nonsense", "entity=unodc")
    for query in matching:
        items = desk.get(f"/requests?{query}").ok().body["items"]
        assert [one["reference"] for one in items] == [reference], query
    for query in (*others, "mine=true", "updated_since=2999-01-01T00:00:00Z"):
        assert desk.get(f"/requests?{query}").ok().body["items"] == [], query
    stranger = clients.as_("government", country="UGA")
    assert stranger.get("/requests?country=KEN").ok().body["items"] == []


def test_pages_follow_one_another_without_gap_or_repetition(
    clients: Clients, coordinator: Client
) -> None:
    filed_ones = [coordinator.post("/requests", FILING).ok().body["reference"] for _ in range(7)]
    found: list[str] = []
    path = "/requests?limit=3"
    while path:
        answer = coordinator.get(path).ok()
        found += [one["reference"] for one in answer.body["items"]]
        cursor = answer.body["next"]
        assert bool(cursor) == ("link" in answer.headers)
        path = f"/requests?limit=3&cursor={cursor}" if cursor else ""
    assert found == filed_ones[::-1]


def test_a_role_in_one_country_gives_none_in_another(clients: Clients) -> None:
    two = clients.person(
        [
            GrantBody(role="resident_coordinator", country="KEN"),
            GrantBody(role="government", country="UGA"),
        ]
    )
    refused = two.post("/requests", FILING | {"countries": ["UGA"]})
    assert (refused.status, refused.body["code"]) == (403, "request.not_your_country")
    assert two.post("/requests", FILING).status == 201


def test_a_suspended_person_and_a_revoked_token_are_dead_at_once(clients: Clients) -> None:
    admin = clients.as_("administrator")
    person = clients.as_("auditor")
    made = person.post(f"/people/{person.person_id}/tokens", {"name": "second"}).ok().body
    second = Client(clients.http, person.person_id, made["secret"])
    assert second.get("/me").status == 200
    person.post(f"/me/tokens/{made['id']}/revocation").ok()
    assert second.get("/me").status == 401
    assert person.get("/me").status == 200
    admin.post(f"/people/{person.person_id}/suspension").ok()
    assert person.get("/me").status == 401


def test_a_program_cannot_renew_its_own_token(clients: Clients) -> None:
    admin = clients.as_("administrator")
    body = {"name": "Dashboard", "program": True, "grants": [{"role": "client"}]}
    number = admin.post("/people", body).ok().body["id"]
    made = admin.post(f"/people/{number}/tokens", {"name": "first"}).ok().body
    program = Client(clients.http, number, made["secret"])
    assert program.get("/me").status == 200
    assert program.post(f"/people/{number}/tokens", {"name": "second"}).status == 403


def test_nobody_grants_a_role_to_oneself_and_only_administrators_grant(clients: Clients) -> None:
    admin, desk = clients.as_("administrator"), clients.as_("desk_officer")
    role = {"role": "auditor"}
    assert admin.post(f"/people/{admin.person_id}/grants", role).status == 403
    assert desk.post(f"/people/{admin.person_id}/grants", role).status == 403
    assert admin.post(f"/people/{desk.person_id}/grants", role).status == 201
    assert admin.post(f"/people/{desk.person_id}/grants", {"role": "government"}).status == 422
