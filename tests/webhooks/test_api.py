"""Webhooks at the API: whose they are, what is shown once, and what a receiver can verify."""

import re
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from standardwebhooks import Webhook as Verifier

from app.cli.keys import _all as through
from app.kit import clock, keys
from app.ledger.tables import LedgerEntry
from app.webhooks import service, signing
from app.webhooks.tables import Webhook
from tests.factories.clients import Client, Clients
from tests.house.source import ROOT

BODY = {"name": "Dashboard", "url": "https://hooks.example/entente"}
HOUR = timedelta(hours=1)


def made(client: Client, **more: Any) -> dict[str, Any]:
    """Make a webhook; return it with its secret."""
    found: dict[str, Any] = client.post("/webhooks", BODY | more).ok().body
    return found


def row_of(clients: Clients, number: int) -> Webhook:
    with clients.office.reading() as session:
        return session.get_one(Webhook, number)


def test_a_webhook_is_its_owners_and_its_secret_is_shown_once_and_sealed(clients: Clients) -> None:
    owner, other = (clients.as_("resident_coordinator", country=one) for one in ("KEN", "UGA"))
    first = made(owner, kinds=["moved", "moved"])
    path = f"/webhooks/{first['id']}"
    assert first["secret"].startswith("whsec_")
    assert (first["kinds"], first["status"], first["owner"]) == (
        ["moved"],
        "active",
        owner.person_id,
    )
    assert "secret" not in owner.get(path).ok().body
    assert [one["id"] for one in owner.get("/webhooks").ok().body["items"]] == [first["id"]]
    assert other.get("/webhooks").ok().body["items"] == []
    for method, tail in (
        ("GET", ""),
        ("GET", "/deliveries"),
        ("POST", "/pause"),
        ("POST", "/test"),
    ):
        answer = other.call(method, path + tail)
        assert (answer.status, answer.body["code"]) == (404, "webhook.unknown"), tail
    row = row_of(clients, first["id"])
    kept = f"{row.secret} {row.key}"
    assert first["secret"].removeprefix("whsec_") not in kept
    again = owner.post("/webhooks", BODY, idempotency_key="k")
    assert (again.status, again.body["code"]) == (422, "idempotency.secret")


def test_administrators_make_webhooks_for_programs_and_see_no_request_by_them(
    clients: Clients,
) -> None:
    keeper = clients.as_("administrator")
    person = clients.as_("desk_officer")
    program = {"name": "Board", "program": True, "grants": [{"role": "desk_officer"}]}
    number = keeper.post("/people", program).ok().body["id"]
    hook = made(keeper, person_id=number)
    assert (hook["owner"], hook["owner_name"]) == (number, "Board")
    for who, owner in ((person, number), (keeper, person.person_id)):
        answer = who.post("/webhooks", BODY | {"person_id": owner})
        assert (answer.status, answer.body["code"]) == (403, "webhook.owner")
    own = made(person)
    listed = [one["id"] for one in keeper.get("/webhooks").ok().body["items"]]
    assert listed == [hook["id"], own["id"]]
    assert keeper.post(f"/webhooks/{own['id']}/rotation", {}).body["code"] == "webhook.owner"
    assert "secret" in keeper.post(f"/webhooks/{hook['id']}/rotation", {}).ok().body
    assert keeper.post(f"/webhooks/{own['id']}/pause").ok().body["status"] == "paused"


def test_what_cannot_be_called_or_would_be_too_many_is_refused(clients: Clients) -> None:
    owner = clients.as_("desk_officer")
    for url in ("http://hooks.example/", "https://hooks.example:8443/", "https://a@hooks.example/"):
        assert owner.post("/webhooks", BODY | {"url": url}).status == 422, url
    assert owner.post("/webhooks", BODY | {"kinds": ["eaten"]}).status == 422
    for _ in range(service.MOST):
        made(owner)
    assert owner.post("/webhooks", BODY).body["code"] == "webhook.many"
    path = f"/webhooks/{owner.get('/webhooks').ok().body['items'][0]['id']}"
    owner.post(f"{path}/end").ok()
    made(owner)
    for act in ("pause", "resumption", "end", "rotation"):
        assert owner.post(f"{path}/{act}", {} if act == "rotation" else None).body["code"] == (
            "webhook.ended"
        )
    assert owner.post(f"{path}/test").body["code"] == "webhook.not_active"


def test_a_test_is_listed_and_ten_an_hour_are_made(clients: Clients) -> None:
    owner = clients.as_("desk_officer")
    path = f"/webhooks/{made(owner)['id']}"
    for _ in range(10):
        owner.post(f"{path}/test").ok()
    refused = owner.post(f"{path}/test")
    assert (refused.status, refused.body["code"]) == (429, "limit.reached")
    listed = owner.get(f"{path}/deliveries?limit=9").ok().body
    assert {one["kind"] for one in listed["items"]} == {"webhook.test"}
    rest = owner.get(f"{path}/deliveries?cursor={listed['next']}").ok().body["items"]
    assert len(rest) == 1
    waits = owner.post(f"{path}/deliveries/{rest[0]['id']}/replay")
    assert (waits.status, waits.body["code"]) == (409, "delivery.waiting")
    assert owner.post(f"{path}/deliveries/999/replay").body["code"] == "delivery.unknown"


def test_after_a_renewal_both_secrets_sign_for_a_time_then_the_new_one(clients: Clients) -> None:
    owner = clients.as_("desk_officer")
    first = made(owner)
    number = first["id"]
    second = owner.post(f"/webhooks/{number}/rotation", {"hours": 1}).ok().body
    now = clock.now()
    with clients.office.writing() as session:
        row = session.get_one(Webhook, number)
        held = signing.live(session, row, now)
        assert held == [second["secret"], first["secret"]]
        headers = signing.headers(held, "msg_1", b"{}", now)
        for secret in held:
            assert Verifier(secret).verify(b"{}", headers) == {}
        assert signing.live(session, row, now + HOUR) == [second["secret"]]
        ring = keys.rotated(clients.house.ring, keys.MASTER)
        before = row.key
        assert signing.rewrap(ring, row)
        assert row.key != before
        session.rollback()
    assert through(clients.office, service.rewrap_all, 0) == 0, "all are so already"
    owner.post(f"/webhooks/{number}/rotation", {"hours": 0}).ok()
    assert row_of(clients, number).former is None


def test_what_becomes_of_a_webhook_stands_in_the_decision_log(clients: Clients) -> None:
    owner = clients.as_("desk_officer")
    path = f"/webhooks/{made(owner, url='https://hooks.example/a-secret-path')['id']}"
    owner.post(f"{path}/test").ok()
    owner.post(f"{path}/rotation", {}).ok()
    for act in ("pause", "resumption", "end"):
        owner.post(f"{path}/{act}").ok()
    with clients.office.reading() as session:
        query = sa.select(LedgerEntry).where(LedgerEntry.action.like("webhook%"))
        found = list(session.scalars(query.order_by(LedgerEntry.seq)))
    assert [one.action.removeprefix("webhook_") for one in found] == [
        *("made", "tested", "secret_renewed", "paused", "resumed", "ended")
    ]
    assert "a-secret-path" not in str([one.content for one in found])


def documented() -> Any:
    """Return the function that docs/webhooks.md gives to receivers."""
    text = Path(ROOT / "docs" / "webhooks.md").read_text("utf-8")
    (code,) = re.findall(r"```python\n(.*?)```", text, re.DOTALL)
    assert len(code.strip().splitlines()) <= 15
    found: dict[str, Any] = {}
    exec(code, found)  # noqa: S102 - our own page
    return found["verify"]


def test_the_documented_receiver_takes_ours_once_and_refuses_forged_and_replayed_ones() -> None:
    verify, secret, wrong, now = (
        documented(),
        signing.new_secret(),
        signing.new_secret(),
        clock.now(),
    )
    body, seen, at = b'{"id":"msg_1"}', set[str](), now.timestamp()
    headers = signing.headers([wrong, secret], "msg_1", body, now)
    assert verify(secret, headers, body, at, seen) is True
    assert verify(secret, headers, body, at, seen) is False, "the same message again"
    forged: list[tuple[dict[str, str], bytes, float]] = [
        (headers, body + b" ", at),
        (headers | {"webhook-id": "msg_2"}, body, at),
        (headers | {"webhook-timestamp": str(int(at) + 1)}, body, at),
        (headers | {"webhook-signature": "v1,AAAA"}, body, at),
        (headers, body, at + 301),
        (headers, body, at - 301),
        (signing.headers([wrong], "msg_1", body, now), body, at),
    ]
    for told, content, moment in forged:
        with pytest.raises(ValueError, match=r"too old|not signed"):
            verify(secret, told, content, moment, set())
