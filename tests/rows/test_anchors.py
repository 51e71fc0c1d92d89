"""The worker, as the application role, writes anchors: it needs no right to change them."""

from pathlib import Path

from app.kit import clock
from app.ledger.places import Folder
from app.requests.service import proof
from tests.factories.clients import Clients

FILING = {"title": "Help", "countries": ["KEN"], "needs": [{"area": "A", "text": "a team"}]}


def test_the_worker_of_a_divided_installation_anchors_and_the_log_verifies(
    clients: Clients, tmp_path: Path
) -> None:
    clients.as_("resident_coordinator", country="KEN").post("/requests", FILING).ok()
    place = Folder(tmp_path)
    made = proof.anchor_all(clients.office, place, clock.now())
    assert made
    with clients.office.reading() as session:
        assert proof.waiting(session).entries == 0
        assert proof.verify(session, place).faults == []
