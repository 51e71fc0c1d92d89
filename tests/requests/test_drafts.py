"""Writing a request: faults told at once, wordings kept, and what is settled by the filing."""

from datetime import datetime, timedelta
from typing import Any

import pytest
import sqlalchemy as sa

from app.requests.tables import AssistanceRequest, Deadline
from app.screening import service as screening
from tests.factories.clients import Client, Clients
from tests.requests.test_visibility import FILING

ODD: dict[str, Any] = {
    "area": "A",
    "topic": "B1",
    "kind": "magic",
    "sector": "sky",
    "sensitivities": ["ghosts", "spirits"],
}


@pytest.fixture
def coordinator(clients: Clients) -> Client:
    return clients.as_("resident_coordinator", country="KEN")


def draft(coordinator: Client, **more: Any) -> str:
    reference: str = coordinator.post("/requests", FILING | more).ok().body["reference"]
    return reference


def test_all_faults_of_all_needs_are_told_at_once(coordinator: Client) -> None:
    needs = [ODD, {"area": "C", "topic": "C99"}]
    refused = coordinator.post("/requests", FILING | {"needs": needs})
    assert refused.status == 422
    assert refused.codes == [
        "need.topic_unknown",
        "need.kind_unknown",
        "need.sector_unknown",
        "need.sensitivity_unknown",
        "need.sensitivity_unknown",
        "need.topic_unknown",
    ]
    told = [blocker["message"] for blocker in refused.body["blockers"]]
    assert told[0] == "B1 is no topic of area A."
    assert told[-1] == "C99 is no topic of area C."


def test_all_faults_of_a_changed_need_are_told_at_once(coordinator: Client) -> None:
    reference = draft(coordinator)
    patch = {"kind": "magic", "sector": "sky"}
    refused = coordinator.change("PATCH", f"/requests/{reference}/needs/1", patch)
    assert (refused.status, refused.codes) == (422, ["need.kind_unknown", "need.sector_unknown"])


def test_a_draft_may_change_its_countries_and_those_before_stay_readable(
    coordinator: Client,
) -> None:
    reference = draft(coordinator)
    path = f"/requests/{reference}"
    coordinator.change("PATCH", path, {"countries": ["KEN", "UGA"], "regional": True}).ok()
    assert coordinator.get(path).ok().body["countries"] == ["KEN", "UGA"]
    kept = coordinator.get(f"{path}/versions").ok().body["items"]
    assert kept[0]["content"] == {"countries": ["KEN"], "regional": False}


def test_after_the_filing_no_other_country_takes_the_place_of_the_assessed_one(
    clients: Clients, coordinator: Client
) -> None:
    reference = draft(coordinator)
    coordinator.move(reference, "submit").ok()
    house = clients.house
    with house.database.writing() as session:
        request = session.scalars(sa.select(AssistanceRequest)).one()
        request.state = request.stage = "screening"
        screening.open_round(session, house.shelf.latest("needs_assessment"), 1, request.since)
        request.state = "revision"
    path = f"/requests/{reference}"
    for countries in (["KEN", "UGA"], ["UGA"]):
        refused = coordinator.change("PATCH", path, {"countries": countries})
        assert (refused.status, refused.body["code"]) == (409, "request.countries_settled")
    coordinator.change("PATCH", path, {"countries": ["KEN"], "title": "Evidence"}).ok()
    assert coordinator.get(path).ok().body["countries"] == ["KEN"]


@pytest.mark.parametrize(("confirmed", "days"), [(True, 1), (False, 7)])
def test_a_confirmed_urgent_mark_brings_the_running_deadline_forward(
    clients: Clients, coordinator: Client, confirmed: bool, days: int
) -> None:
    reference = draft(coordinator)
    coordinator.change("PUT", f"/requests/{reference}/urgency", {"reason": "An attack."}).ok()
    coordinator.move(reference, "submit").ok()
    desk = clients.as_("desk_officer")
    word = {"confirmed": confirmed, "reason": "Seen."}
    shown = desk.change("PUT", f"/requests/{reference}/urgency/settlement", word).ok().body
    left = datetime.fromisoformat(shown["due"]) - datetime.fromisoformat(shown["since"])
    assert timedelta(days=days) <= left < timedelta(days=days, minutes=1)
    assert desk.get(f"/requests/{reference}/status").ok().body["due"] == shown["due"]
    with clients.house.database.reading() as session:
        history = session.scalars(sa.select(Deadline).order_by(Deadline.id)).all()
    assert [row.ended_at is None for row in history] == ([False, True] if confirmed else [True])
    told = desk.get(f"/requests/{reference}/timeline").ok().body["items"][-1]
    assert told["kind"] == ("urgency_confirmed" if confirmed else "urgency_refused")
    assert ("due" in told["data"]) is confirmed
