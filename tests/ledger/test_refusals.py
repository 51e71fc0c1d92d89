"""Refused decisions are in the decision log, and nobody can flood it with them."""

from typing import Any

import sqlalchemy as sa

from app.ledger.tables import LedgerEntry
from app.wiring.refusals import MOST_A_MINUTE
from tests.factories.clients import Client, Clients

PERSON = {"name": "Somebody", "grants": []}


def refusals(clients: Clients) -> list[dict[str, Any]]:
    """Return what was logged of refusals, oldest first."""
    like = LedgerEntry.stream.like("refusals:%")
    with clients.house.database.reading() as session:
        query = sa.select(LedgerEntry).where(like).order_by(LedgerEntry.id)
        return [{"by": row.actor_id, **row.content} for row in session.scalars(query)]


def draft(clients: Clients) -> tuple[Client, str]:
    """File a draft that lacks nearly everything."""
    coordinator = clients.as_("resident_coordinator", country="KEN")
    body = {"countries": ["KEN"], "title": "Help", "summary": "Help.", "authority": "", "needs": []}
    return coordinator, str(coordinator.post("/requests", body).ok().body["reference"])


def test_what_one_may_not_do_is_logged_with_who_tried(clients: Clients) -> None:
    desk = clients.as_("desk_officer")
    assert desk.post("/people", PERSON).status == 403
    (entry,) = refusals(clients)
    assert entry["by"] == desk.person_id
    assert (entry["status"], entry["method"]) == (403, "POST")
    assert entry["route"].endswith("/people")


def test_a_move_that_a_guard_blocks_is_logged_with_its_reasons(clients: Clients) -> None:
    coordinator, reference = draft(clients)
    refused = coordinator.move(reference, "submit")
    assert refused.status == 409
    (entry,) = refusals(clients)
    assert (entry["by"], entry["reference"]) == (coordinator.person_id, reference)
    assert sorted(entry["reasons"]) == sorted(refused.codes)


def test_reads_and_faults_of_form_are_not_logged(clients: Clients) -> None:
    coordinator, reference = draft(clients)
    assert coordinator.get("/people").status == 403
    assert coordinator.post("/requests", {"nothing": True}).status == 422
    assert coordinator.post(f"/requests/{reference}/transitions", {"trigger": "x"}).status == 428
    assert clients.anonymous().post("/people", PERSON).status == 401
    assert refusals(clients) == []


def test_whoever_floods_the_log_is_counted_and_others_are_still_logged(clients: Clients) -> None:
    desk, other = clients.as_("desk_officer"), clients.as_("auditor")
    for _ in range(MOST_A_MINUTE + 5):
        assert desk.post("/people", PERSON).status == 403
    assert len(refusals(clients)) == MOST_A_MINUTE
    assert other.post("/people", PERSON).status == 403
    assert refusals(clients)[-1]["by"] == other.person_id
    for tally in clients.house.refusals.tallies.values():
        tally.since -= 61
    assert desk.post("/people", PERSON).status == 403
    assert refusals(clients)[-1]["left_out"] == 5
