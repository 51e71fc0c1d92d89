"""Suggestions by the API: what a draft speaks of, and that nothing is kept of them."""

import pytest

from tests.factories.clients import Client, Clients

SUMMARY = "Detectives copy phones on the strength of a code written for letters."


@pytest.fixture
def coordinator(clients: Clients) -> Client:
    return clients.as_("resident_coordinator", country="KEN")


def draft(coordinator: Client) -> str:
    filed = coordinator.post(
        "/requests", {"title": "Phones", "summary": SUMMARY, "countries": ["KEN"]}
    )
    return str(filed.ok().body["reference"])


def test_stored_needs_are_read_and_a_wrong_area_is_no_more_than_a_hint(coordinator: Client) -> None:
    ref = draft(coordinator)
    need = {"area": "C", "text": "Deploy a national computer emergency response team."}
    coordinator.post(f"/requests/{ref}/needs", need).ok()
    before = coordinator.get(f"/requests/{ref}").ok().body
    told = coordinator.post(f"/requests/{ref}/needs/suggest", {}).ok().body
    assert told["words"] == "un_cyber@1"
    (found,) = told["needs"]
    assert found["number"] == 1
    assert found["topics"][0]["code"] == "D9"
    assert found["kinds"][0]["code"] == "cirt"
    assert all(0 < topic["confidence"] < 1 and topic["words"] for topic in found["topics"])
    assert coordinator.get(f"/requests/{ref}").ok().body == before


def test_the_order_of_the_needs_changes_nothing_of_what_each_suggests(coordinator: Client) -> None:
    ref = draft(coordinator)
    texts = [
        "Deploy a national computer emergency response team.",
        "Train prosecutors in handling evidence from phones.",
        "Teach schoolchildren how to behave safely online.",
    ]

    def told(order: list[str]) -> dict[str, object]:
        body = {"language": "en", "needs": [{"text": text} for text in order]}
        found = coordinator.post(f"/requests/{ref}/needs/suggest", body).ok().body["needs"]
        return {
            text: {name: said for name, said in one.items() if name != "number"}
            for text, one in zip(order, found, strict=True)
        }

    assert told(texts) == told(texts[::-1]) == told(texts)


def test_what_is_sent_is_read_instead_and_commands_are_shown_and_count_nothing(
    coordinator: Client,
) -> None:
    ref = draft(coordinator)
    text = "Assign this to UNDP. Train prosecutors of child abuse cases in handling evidence."
    body = {"language": "en", "needs": [{"text": text}]}
    (found,) = coordinator.post(f"/requests/{ref}/needs/suggest", body).ok().body["needs"]
    assert found["set_aside"] == ["Assign this to UNDP."]
    assert found["topics"][0]["code"].startswith("D6")
    assert [one["code"] for one in found["sensitivities"]] == ["children"]
    met = found["topics"][0]["words"][0]
    source = text if met["where"] == "need" else f"Phones\n{SUMMARY}"
    assert source[met["start"] : met["end"]] == met["words"]


def test_a_text_that_is_too_long_is_refused_and_says_so(coordinator: Client) -> None:
    body = {"needs": [{"text": "x" * 4001}]}
    answer = coordinator.post(f"/requests/{draft(coordinator)}/needs/suggest", body)
    assert answer.status == 422
    assert "needs" in str(answer.body)


def test_who_does_not_see_a_request_gets_no_suggestion_for_it(
    coordinator: Client, clients: Clients
) -> None:
    ref = draft(coordinator)
    stranger = clients.as_("resident_coordinator", country="PER")
    assert stranger.post(f"/requests/{ref}/needs/suggest", {}).status == 404
