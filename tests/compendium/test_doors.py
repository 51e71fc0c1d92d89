"""The compendium through the API."""

import pytest

from tests.factories.clients import Clients


@pytest.mark.parametrize(
    ("path", "key"),
    [("/entities", "code"), ("/mandates", "code"), ("/compendium/versions", "number")],
)
def test_lists_come_in_pages_without_gap_or_repetition(
    clients: Clients, path: str, key: str
) -> None:
    reader = clients.as_("desk_officer")
    whole = [entry[key] for entry in reader.get(path).ok().body["items"]]
    assert whole == sorted(whole)
    gathered, cursor = [], None
    while True:
        asked = f"{path}?limit=7" + (f"&cursor={cursor}" if cursor else "")
        found = reader.get(asked).ok().body
        gathered += [entry[key] for entry in found["items"]]
        cursor = found["next"]
        if cursor is None:
            break
    assert gathered == whole


def test_mandates_are_filtered_and_dated(clients: Clients) -> None:
    reader = clients.as_("government", country="KEN")
    found = reader.get("/mandates?as_of=2005-01-01&entity=unctad&topic=A2").ok().body["items"]
    assert [one["code"] for one in found] == ["unctad.ecommerce_law"]
    before = "/mandates?known_at=2001-01-01T00:00:00Z"
    assert reader.get(before).ok().body["items"] == []
    assert reader.get("/mandates?known_at=0001-01-01T00:00:00%2B14:00").status == 422
    assert reader.get("/mandates?known_at=2001-01-01T00:00:00").status == 422
    assert reader.get("/mandates?cursor=nonsense").status == 400


def test_nothing_is_shown_without_sign_in(clients: Clients) -> None:
    stranger = clients.anonymous()
    paths = ("/entities", "/mandates", "/arrangements", "/focal-points", "/compendium/versions")
    assert {stranger.get(path).status for path in paths} == {401}
    assert clients.as_("auditor").get("/entities/nobody").status == 404
