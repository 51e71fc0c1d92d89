"""Reasons of levels: behind salted digests in the log, read within, gone with key or erasure."""

from pathlib import Path

import sqlalchemy as sa

from app.directory.actor import SYSTEM
from app.kit import clock
from app.ledger.places import Folder
from app.requests import timeline
from app.requests.service import proof
from app.requests.tables import AssistanceRequest, RequestKey
from tests.factories.clients import Client, Clients
from tests.requests.test_visibility import filed

RAISED, LOWERED = "A witness was threatened in Acacia Lane.", "The trial is over."


def told(client: Client, reference: str) -> dict[str, str]:
    """Return the reasons that the timeline gives, by the kind of event."""
    events = client.get(f"/requests/{reference}/timeline?limit=200").ok().body["items"]
    return {one["kind"]: one["data"]["reason"] for one in events if "reason" in one["data"]}


def logged(clients: Clients) -> str:
    """Return all that the decision log says, its event and its other streams."""
    query = "SELECT CAST(data AS text) FROM request_events"
    query += " UNION ALL SELECT CAST(content AS text) FROM ledger_entries"
    with clients.house.database.reading() as session:
        return "\n".join(session.scalars(sa.text(query)))


def faults(clients: Clients, folder: Path) -> list[proof.Fault]:
    """Return what is wrong with the decision log after an anchor."""
    place = Folder(folder / "anchors")
    proof.anchor_all(clients.house.database, place, clock.now())
    with clients.house.database.reading() as session:
        return list(proof.verify(session, place).faults)


def test_reasons_of_levels_are_read_within_and_stand_in_no_log(
    clients: Clients, tmp_path: Path
) -> None:
    coordinator = clients.as_("resident_coordinator", country="KEN")
    reference = filed(coordinator)
    path = f"/requests/{reference}"
    coordinator.change("PUT", f"{path}/level", {"level": "restricted", "reason": RAISED}).ok()
    wish = {"level": "ordinary", "reason": LOWERED}
    assert coordinator.post(f"{path}/lowerings", wish).ok().body["reason"] == LOWERED
    coordinator.change("POST", f"{path}/lowerings/1/refusal").ok()
    both = {"level_raised": RAISED, "lowering_proposed": LOWERED}
    assert told(coordinator, reference) == told(clients.as_("auditor"), reference) == both
    log = logged(clients)
    assert (RAISED in log, LOWERED in log, '"restricted"' in log) == (False, False, True)
    assert faults(clients, tmp_path) == []

    house = clients.house.database
    with house.writing() as session:
        request = session.scalars(sa.select(AssistanceRequest)).one()
        events = timeline.read(session, SYSTEM, request, 0, 200)
        (raised,) = [one.number for one in events if one.kind == "level_raised"]
        timeline.erase(session, SYSTEM, request, raised, "asked for")
    assert told(coordinator, reference) == {"lowering_proposed": LOWERED}
    with house.writing() as session:
        session.execute(sa.delete(RequestKey))
    assert told(coordinator, reference) == {}
    assert faults(clients, tmp_path) == []
