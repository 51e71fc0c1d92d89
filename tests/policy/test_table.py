"""The policy table: it covers every route, agrees with the definitions, and is held against all."""

import sys
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from fastapi import APIRouter

from app import main
from app.config import Settings
from app.directory.actor import ROLES, Actor, Grant
from app.kit.errors import Forbidden, Invalid
from app.lifecycle.vocabulary import ACTS
from app.policy import rights, table
from app.policy.rule import SCOPES, Rule
from app.policy.table import RULES, described, disagreements, gathered

NOW = datetime(2026, 11, 22, 12, 0, tzinfo=UTC)
SETTINGS = Settings(database_url="sqlite://")
DESK = Actor(1, "Ada", (Grant("desk_officer"),))


@pytest.fixture(scope="module")
def document() -> dict[str, Any]:
    """The API's description of itself."""
    return main.create_app(SETTINGS).openapi()


def refused(rule: Rule, actor: Actor) -> str:
    """Return the code with which the table refuses, or nothing."""
    try:
        rights.entitle(rule, actor, NOW)
    except Forbidden as refusal:
        return refusal.code
    return ""


def test_the_table_agrees_with_itself_and_the_vocabulary() -> None:
    assert list(disagreements(RULES, ROLES, ACTS)) == []


def test_every_disagreement_is_told() -> None:
    names = [*(set(RULES) - {"read_status"}), "forgotten", "read_request"]
    found = list(disagreements(names, set(ROLES) - {"administrator"}, {*ACTS, "request.eat"}))
    assert "no row for the route forgotten" in found
    assert "no route for the row read_status" in found
    assert "two routes are called read_request" in found
    assert "no row uses the act request.eat" in found
    assert "enrol: no role administrator" in found
    gone = set(ACTS) - {"urgency.ask"}
    assert "no act urgency.ask in the vocabulary" in disagreements(RULES, ROLES, gone)


def test_roles_of_an_act_stand_in_the_definition_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    doubled = replace(RULES["ask"], roles=("desk_officer",))
    monkeypatch.setitem(table.RULES, "ask", doubled)
    found = list(disagreements(RULES, ROLES, ACTS))
    assert found == ["ask: its roles stand in the definition alone"]


def test_one_operation_has_one_row() -> None:
    with pytest.raises(ValueError, match="two rows for read_me"):
        gathered([RULES["read_me"], RULES["read_me"]])


def test_a_forgotten_route_stops_the_start_up(monkeypatch: pytest.MonkeyPatch) -> None:
    api = APIRouter()
    api.add_api_route("/backdoor", lambda: "open", methods=["GET"], name="backdoor")
    monkeypatch.setitem(sys.modules, "app.api.backdoor", type("Module", (), {"api": api}))
    monkeypatch.setattr(main, "ROUTERS", (*main.ROUTERS, "backdoor"))
    monkeypatch.setattr(main, "doors", main.doors.__wrapped__)  # made anew, not shared
    with pytest.raises(Invalid) as refused_start:
        main.create_app(SETTINGS)
    assert "no row for the route" in refused_start.value.detail


def test_a_definition_with_an_unknown_role_stops_the_start_up(tmp_path: Path) -> None:
    packs = tmp_path / "workflows"
    real = SETTINGS.workflows.resolve()
    packs.mkdir()
    for folder in real.iterdir():
        if folder.name != "definitions":
            (packs / folder.name).symlink_to(folder)
    text = (real / "definitions/needs_assessment/v1.yaml").read_text("utf-8")
    file = packs / "definitions/needs_assessment/v1.yaml"
    file.parent.mkdir(parents=True)
    file.write_text(text.replace("triage.write: [desk_officer]", "triage.write: [king]"), "utf-8")
    with pytest.raises(Invalid) as refused_start:
        main.create_app(SETTINGS.model_copy(update={"workflows": packs}))
    assert "king" in refused_start.value.detail


def test_every_operation_of_the_description_carries_its_row(document: dict[str, Any]) -> None:
    told = {
        operation["operationId"]: operation["x-policy"]
        for methods in document["paths"].values()
        for operation in methods.values()
    }
    assert len(told) >= 95
    assert told.keys() <= RULES.keys()
    for name, policy in told.items():
        assert policy["scope"] == RULES[name].scope
    assert told["ask"]["acts"]["clarification.ask"] == [
        "desk_officer",
        "rights_reviewer",
        "screening_officer",
    ]
    assert told["list_people"]["roles"] == ["administrator"]
    assert told["move_request"]["moves"] is True


def test_what_changes_something_needs_more_than_reading(document: dict[str, Any]) -> None:
    for methods in document["paths"].values():
        for method, operation in methods.items():
            open_to_all = operation["operationId"] == "step_up"  # each scope may need it
            if method != "get" and operation["x-policy"]["relation"] != "none" and not open_to_all:
                assert operation["x-policy"]["scope"] in {"write", "decide", "admin"}, operation


@pytest.mark.parametrize("scope", sorted(SCOPES))
def test_a_token_does_only_what_its_scopes_say(scope: str) -> None:
    narrow = replace(DESK, scopes=frozenset({scope}))
    for rule in RULES.values():
        expected = rule.scope not in {scope, "none"}
        assert (refused(rule, narrow) == "token.scope") is expected, rule
        assert refused(rule, DESK) != "token.scope"


def test_a_named_role_must_be_held() -> None:
    assert refused(RULES["list_people"], DESK) == "policy.role"
    assert refused(RULES["list_people"], Actor(2, "Bo", (Grant("administrator"),))) == ""
    assert refused(RULES["list_requests"], Actor(3, "Cy")) == ""


def test_a_second_factor_counts_for_ten_minutes() -> None:
    rule = RULES["respond"]
    assert refused(rule, DESK) == "assurance.step_up"
    assert refused(rule, replace(DESK, assured_at=NOW - timedelta(minutes=10))) == ""
    late = replace(DESK, assured_at=NOW - timedelta(minutes=10, seconds=1))
    assert refused(rule, late) == "assurance.step_up"
    assert refused(RULES["read_status"], DESK) == ""


def test_a_row_is_told_whole() -> None:
    rule = Rule("x", "admin", "self", ("auditor",), (), False, ("administrator",), "step_up", "y")
    assert described(rule, {}) == {
        "scope": "admin",
        "relation": "self",
        "assurance": "step_up",
        "reads": ["public", "internal"],
        "writes": ["public", "internal"],
        "roles": ["auditor"],
        "beyond": ["administrator"],
        "second": "y",
    }
