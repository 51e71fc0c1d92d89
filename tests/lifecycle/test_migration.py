"""A request goes over to another version deliberately, and never past the gate."""

import shutil
from pathlib import Path
from typing import Any

import pytest
import yaml

from app.config import ROOT
from app.directory.actor import Actor, Grant
from app.engine.check import examine
from app.engine.packs import Shelf, load_shelf
from app.kit.errors import Blocked, Conflict, Forbidden
from app.lifecycle import migration
from app.lifecycle.vocabulary import VOCABULARY
from app.requests import access
from app.wiring.house import House
from tests.factories.clients import Clients
from tests.factories.listed import listed

EVERYBODY = Actor(None, "test", (Grant("auditor"),))


LAST = 2
"""The version that requests begin with; the tests carry them over to one more."""


def with_another_version(folder: Path, changed: dict[str, str]) -> Shelf:
    """Return a shelf with one more version, that keeps every state but those in `changed`."""
    shutil.copytree(ROOT / "workflows", folder)
    place = folder / "definitions" / "needs_assessment"
    content: dict[str, Any] = listed(place / f"v{LAST}.yaml")
    states = {name: name for name, state in content["states"].items() if not state.get("final")}
    content["migrates"] = [{"version": LAST, "states": states | changed}]
    (place / f"v{LAST + 1}.yaml").write_text(yaml.safe_dump(content), "utf-8")
    return load_shelf(folder, VOCABULARY)


def in_triage(clients: Clients) -> str:
    coordinator = clients.as_("resident_coordinator", country="KEN")
    body = {
        "countries": ["KEN"],
        "title": "Evidence",
        "summary": "Help with electronic evidence in court.",
        "authority": "Note verbale",
        "needs": [{"area": "C", "topic": "C1b", "text": "Training"}],
    }
    reference: str = coordinator.post("/requests", body).ok().body["reference"]
    coordinator.move(reference, "submit").ok()
    return reference


def go_over(house: House, shelf: Shelf, reference: str, actor: Actor | None = None) -> str:
    with house.database.writing() as session:
        request = access.find(session, EVERYBODY, reference, lock=True)
        return migration.migrate(session, shelf, actor, request, LAST + 1)


def test_a_request_goes_over_with_its_state_and_says_so(clients: Clients, tmp_path: Path) -> None:
    shelf = with_another_version(tmp_path / "packs", {})
    reference = in_triage(clients)
    assert go_over(clients.house, shelf, reference) == "triage"
    with clients.house.database.reading() as session:
        request = access.find(session, EVERYBODY, reference)
        pinned = (request.workflow_version, request.workflow_hash, request.revision)
    assert pinned == (LAST + 1, shelf.get("needs_assessment", LAST + 1).sha256, 3)


def test_a_migration_into_delivery_is_refused_without_a_completed_assessment(
    clients: Clients, tmp_path: Path
) -> None:
    shelf = with_another_version(tmp_path / "packs", {"triage": "delivery"})
    reference = in_triage(clients)
    with pytest.raises(Blocked) as refused:
        go_over(clients.house, shelf, reference)
    assert "assessment.incomplete" in [blocker.code for blocker in refused.value.blockers]
    assert clients.as_("auditor").state(reference) == "triage"


def test_the_checker_names_the_migrated_path_round_the_gate(tmp_path: Path) -> None:
    shelf = with_another_version(tmp_path / "packs", {"triage": "delivery"})
    report = examine(shelf.get("needs_assessment", LAST + 1).definition, VOCABULARY)
    broken = {proof.invariant.without: proof.path for proof in report.proofs if not proof.holds}
    assert broken["assessment.completed"][0].startswith(f"migrated from version {LAST}")


def test_only_the_desk_migrates_and_only_along_the_map(clients: Clients, tmp_path: Path) -> None:
    shelf = with_another_version(tmp_path / "packs", {})
    reference = in_triage(clients)
    with pytest.raises(Forbidden):
        go_over(clients.house, shelf, reference, Actor(1, "somebody", (Grant("auditor"),)))
    go_over(clients.house, shelf, reference)
    with pytest.raises(Conflict) as refused:
        go_over(clients.house, shelf, reference)
    assert refused.value.code == "migration.unmapped"


def test_a_paused_request_comes_back_under_the_names_of_the_new_version(
    clients: Clients, tmp_path: Path
) -> None:
    shelf = with_another_version(tmp_path / "packs", {})
    reference = in_triage(clients)
    before = clients.as_("desk_officer").get(f"/requests/{reference}/status").body["due"]
    question = {"questions": ["Which law?"], "due_on": "2999-01-01"}
    clients.as_("desk_officer").post(f"/requests/{reference}/clarifications", question).ok()
    assert go_over(clients.house, shelf, reference) == "clarification"
    with clients.house.database.reading() as session:
        request = access.find(session, EVERYBODY, reference)
        assert request.came_from == "triage"
    assert before is not None


def test_a_request_refuses_to_move_by_another_text_than_it_began_with(clients: Clients) -> None:
    reference = in_triage(clients)
    with clients.house.database.writing() as session:
        access.find(session, EVERYBODY, reference, lock=True).workflow_hash = "another text"
    refused = clients.as_("resident_coordinator", country="KEN").move(reference, "withdraw")
    assert (refused.status, refused.body["code"]) == (409, "workflow.altered")
