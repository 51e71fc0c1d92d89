"""The service against a model of a page: roles, actions, stale tags and retries in any order (R17)."""

from collections.abc import Callable
from typing import Any

import hypothesis.strategies as st
import pytest
from hypothesis import HealthCheck, Phase, settings
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    rule,
    run_state_machine_as_test,
)

from app.cli.demo.filings import filing
from tests.drills.calling import Scene, scene
from tests.drills.ground import Ground
from tests.drills.situations import COUNTRY, SEED, Situations
from tests.factories.clients import Answer

COORDINATOR, GOVERNMENT = f"coordinator:{COUNTRY}", f"government:{COUNTRY}"
PLAYERS = (COORDINATOR, GOVERNMENT, "desk", "screener", "focal:itu")
MOVES: dict[tuple[str, str], tuple[set[str], str]] = {
    ("draft", "submit"): ({COORDINATOR}, "triage"),
    ("triage", "redirect"): ({"desk"}, "redirected"),
    ("triage", "start_assessment"): ({"desk"}, "assessment"),
    **{
        (state, "withdraw"): ({COORDINATOR, GOVERNMENT}, "withdrawn")
        for state in ("draft", "triage", "assessment")
    },
}
TRIGGERS = ("submit", "redirect", "start_assessment", "withdraw", "pass_screening")
SPEAKERS = {
    "draft": {COORDINATOR},
    "triage": {COORDINATOR, GOVERNMENT, "desk"},
    "assessment": {COORDINATOR, GOVERNMENT, "desk"},
}
FULL = settings(
    max_examples=60,
    stateful_step_count=25,
    deadline=None,
    database=None,
    derandomize=True,
    suppress_health_check=list(HealthCheck),
    phases=[Phase.generate],
)
Fault = Callable[[dict[str, str]], dict[str, str]]
"""What a planted fault makes of the headers before the service reads them."""


def sound(headers: dict[str, str]) -> dict[str, str]:
    """Change nothing."""
    return headers


def ignores_if_match(headers: dict[str, str]) -> dict[str, str]:
    """Answer as a service does that takes any tag."""
    return {k: "*" if k == "if_match" else v for k, v in headers.items()}


def ignores_keys(headers: dict[str, str]) -> dict[str, str]:
    """Answer as a service does that knows no Idempotency-Key."""
    return {k: v for k, v in headers.items() if k != "idempotency_key"}


class Model(RuleBasedStateMachine):
    """One request: what it should be, beside what it is."""

    here: Scene
    fault: Fault

    def __init__(self) -> None:
        super().__init__()
        self.state, self.revision = "draft", 1
        self.internal: bool | None = None
        self.comments = 0
        self.sent = 0

    @initialize()
    def file(self) -> None:
        """The coordinator files a draft."""
        filed = self.here.player(COORDINATOR).post("/requests", filing(SEED)).ok()
        self.reference = filed.body["reference"]
        self.revision = filed.revision

    def call(
        self, who: str, method: str, path: str, body: Any, tag: str, retries: int
    ) -> list[Answer]:
        """Send the same call once or more often, as a client does that hears no answer."""
        self.sent += 1
        headers = {"idempotency_key": f"{self.reference}-{self.sent}"}
        tags = {"fresh": f'"{self.revision}"', "stale": f'"{self.revision - 1}"'}
        headers |= {"if_match": tags[tag]} if tag in tags else {}
        player = self.here.player(who)
        target = f"/requests/{self.reference}{path}"
        return [
            player.call(method, target, body, **type(self).fault(headers))
            for _ in range(1 + retries)
        ]

    def sees(self, who: str) -> bool:
        """Whether the request exists for someone."""
        filed = self.state != "draft" and not (self.state == "withdrawn" and not self.filed)
        return who == COORDINATOR or (filed and not who.startswith("focal:"))

    filed = False

    def refused(self, who: str, tag: str, answers: list[Answer]) -> None:
        """Each answer is a refusal, and the one that the model expects where it knows it."""
        statuses = {answer.status for answer in answers}
        assert statuses <= {403, 404, 409, 412, 428}, statuses
        if tag == "none":
            assert statuses <= {403, 404, 409, 428}
        elif not self.sees(who):
            assert statuses == {404}
        elif tag == "stale":
            assert statuses == {412}

    @rule(
        who=st.sampled_from(PLAYERS),
        trigger=st.sampled_from(TRIGGERS),
        tag=st.sampled_from(["fresh", "fresh", "fresh", "stale", "none"]),
        retries=st.integers(0, 2),
    )
    def move(self, who: str, trigger: str, tag: str, retries: int) -> None:
        """Somebody fires a transition."""
        body = {"trigger": trigger, "form": {}}
        answers = self.call(who, "POST", "/transitions", body, tag, retries)
        allowed, target = MOVES.get((self.state, trigger), (set(), ""))
        if tag == "fresh" and self.sees(who) and who in allowed and self.passes(trigger):
            assert {answer.status for answer in answers} == {200}
            assert len({str(answer.body) for answer in answers}) == 1
            self.filed = self.filed or trigger == "submit"
            self.state, self.revision = target, self.revision + 1
            assert answers[0].body["state"] == target
        else:
            self.refused(who, tag, answers)

    def passes(self, trigger: str) -> bool:
        """Whether the guards of a transition hold."""
        return {"redirect": self.internal is True, "start_assessment": self.internal is False}.get(
            trigger, True
        )

    @rule(
        who=st.sampled_from(PLAYERS),
        internal=st.booleans(),
        tag=st.sampled_from(["fresh", "fresh", "stale", "none"]),
    )
    def settle_matter(self, who: str, internal: bool, tag: str) -> None:
        """Somebody says whose matter it is."""
        body = {"internal": internal, "reason": "As the text says."}
        answers = self.call(who, "PUT", "/matter", body, tag, 0)
        if tag == "fresh" and who == "desk" and self.state == "triage":
            assert answers[0].status == 200
            self.internal, self.revision = internal, self.revision + 1
        else:
            self.refused(who, tag, answers)

    @rule(
        who=st.sampled_from(PLAYERS),
        tag=st.sampled_from(["fresh", "stale", "none", "none"]),
        retries=st.integers(0, 2),
    )
    def comment(self, who: str, tag: str, retries: int) -> None:
        """Somebody adds a comment; a tag is held against the request only if there is one."""
        answers = self.call(who, "POST", "/comments", {"text": "A word."}, tag, retries)
        speaks = who in SPEAKERS.get(self.state, set()) and self.sees(who)
        if speaks and tag != "stale":
            assert {answer.status for answer in answers} == {201}
            assert len({str(answer.body) for answer in answers}) == 1
            self.comments, self.revision = self.comments + 1, self.revision + 1
        else:
            self.refused(who, tag, answers)

    @invariant()
    def the_database_says_what_the_model_says(self) -> None:
        """State, revision, events and comments are as they should be."""
        if not hasattr(self, "reference"):
            return
        rows = self.here.ground.rows(
            "SELECT r.state, r.revision, r.internal,"
            " (SELECT count(*) FROM request_events e WHERE e.request_id = r.id),"
            " (SELECT count(*) FROM comments c WHERE c.request_id = r.id)"
            f" FROM requests r WHERE r.reference = '{self.reference}'"
        )
        state, revision, internal, events, comments = rows[0]
        assert (state, revision, events) == (self.state, self.revision, self.revision)
        assert comments == self.comments
        assert (None if internal is None else bool(internal)) == self.internal


def machine(opened: Scene, planted: Fault) -> type[Model]:
    """Return the model before one service."""
    return type("Bound", (Model,), {"here": opened, "fault": staticmethod(planted)})


def test_the_service_does_what_the_model_says(ground: Ground, situations: Situations) -> None:
    with scene(ground, situations, "draft") as opened:
        run_state_machine_as_test(machine(opened, sound), settings=FULL)


@pytest.mark.parametrize("planted", [ignores_if_match, ignores_keys])
def test_the_model_finds_a_planted_fault(
    ground: Ground, situations: Situations, planted: Fault
) -> None:
    with scene(ground, situations, "draft") as opened, pytest.raises(AssertionError):
        run_state_machine_as_test(machine(opened, planted), settings=FULL)
