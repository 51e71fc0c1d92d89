"""A played request with a canary in every text, on each database."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

import pytest

from app.cli.demo import cast
from app.cli.demo.play import main_play
from app.cli.demo.stage import API, Reply, Stage, by
from app.jobs.relay import relay
from tests.factories.clients import Client, Clients
from tests.journeys.acts import asking
from tests.retention.canaries import Canaries


@dataclass
class Played:
    """A request that was played to its end, and the canaries sown on its way."""

    clients: Clients
    stage: Stage
    canaries: Canaries
    references: list[str]
    reads: list[str]

    def admin(self, nth: int = 1) -> Client:
        """Return one of several administrators."""
        return self.clients.as_("administrator", nth=nth)


@pytest.fixture
def ended(clients: Clients) -> Played:
    """One withdrawn request; every call is repeatable, every text holds a canary."""
    canaries = Canaries()
    reads: list[str] = []
    sent = by(clients.http)

    def send(method: str, path: str, body: Any, headers: Mapping[str, str]) -> Reply:
        keyed = {"Idempotency-Key": canaries.key()} if method == "POST" else {}
        if method == "GET" and path not in reads:
            reads.append(path)
        return sent(method, path, canaries.sow(body), {**headers, **keyed})

    house = clients.house
    with house.database.writing() as session:
        players = cast.gather(session, house.key, cast.everybody(session, ["KEN"]))
    begun = Played(clients, Stage(send, players), canaries, [], reads)
    _withdrawn(begun)
    return begun


@pytest.fixture
def played(ended: Played) -> Played:
    """The same, and a request that was played from draft to closed."""
    ended.references.insert(0, main_play(ended.stage, datetime.now(UTC).date()))
    house = ended.clients.house
    relay(house.database, house.shelf)
    return ended


def _withdrawn(played: Played) -> None:
    """Write what the play does not: another wording, a remark, a document; and withdraw."""
    stage = played.stage
    clients = played.clients
    draft = {"title": "Another request", "summary": "It is not like the first one."}
    other = stage.add("coordinator:KEN", "/requests", asking() | draft)["reference"]
    edited = {"title": "Another one", "summary": "The same is said in other words."}
    stage.change("coordinator:KEN", "PATCH", f"/requests/{other}", edited, f"/requests/{other}")
    remark = {"text": "A remark on the draft."}
    stage.add("coordinator:KEN", f"/requests/{other}/comments", remark)
    work = {"who": "A neighbour", "what": "Trains police."}
    stage.add("coordinator:KEN", f"/requests/{other}/standing-work", work)
    token = stage.players["coordinator:KEN"].token
    sent = clients.http.post(
        f"{API}/requests/{other}/attachments",
        files={"file": ("note.txt", played.canaries.word().encode(), "text/plain")},
        headers={"Authorization": f"Bearer {token}", "Idempotency-Key": "document"},
    )
    assert sent.status_code == 201, sent.text
    stage.move("coordinator:KEN", other, "submit")
    stage.move("coordinator:KEN", other, "withdraw", reason="It is settled at home.")
    assert stage.state("auditor", other) == "withdrawn"
    played.references.append(other)
