"""Kill -9 at every event of the database in every transition: whole or not at all (F1, R1)."""

from collections.abc import Iterator
from dataclasses import replace
from itertools import count

import pytest
from fastapi import FastAPI

from app.config import ROOT
from app.engine.packs import load_shelf
from app.kit.db import open_engine
from app.lifecycle.vocabulary import VOCABULARY
from app.main import create_app
from tests.conftest import settings_for
from tests.drills import killing
from tests.drills.bearer import UNDISTURBED, Bearer, Errand
from tests.drills.faults import CommitsBefore, one_more
from tests.drills.ground import Ground
from tests.drills.killing import SIDES, Got, Sent
from tests.drills.moves import Firing, firings
from tests.drills.situations import Situations
from tests.sampling import THOROUGH

PARTS = 16
"""Into how many tests the transitions are dealt out, so that workers share them."""
FURTHER = 3
"""Where a transition leaves from a further state, and so runs the same statements again, every
third point is tried in an ordinary run, and every one in a thorough run."""
RETRIED = 1 if THOROUGH else 4
"""A call is repeated after every kill that left something, and after every fourth that left nothing;
after the others it would meet the rows of its beginning, and no lock: that much is looked up."""
LEAST = 10 * len(SIDES)
"""As many points as a way passes at least, on the average of a part."""


class Drill:
    """One transition, killed again and again on one ground."""

    def __init__(
        self, ground: Ground, situations: Situations, app: FastAPI, bearer: Bearer
    ) -> None:
        self.ground = ground
        self.app = app
        self._bearer = bearer
        self._kept = situations
        self.faults: list[str] = []
        self.kills = 0
        self._before: list[int] = []

    def sent(self, firing: Firing) -> Sent:
        """Return the call of a transition, with the tag of the situation and a key."""
        revision = self.ground.rows("SELECT revision FROM requests")[0][0]
        headers = {
            "Authorization": f"Bearer {self._kept.players[firing.who].token}",
            "If-Match": f'"{revision}"',
            "Idempotency-Key": "the-one-key",
        }
        path = f"/api/v1/requests/{self._kept.reference}{firing.path}"
        return Sent(firing.method, path, firing.body, headers)

    def whole(self, firing: Firing) -> tuple[Sent, Got, dict[str, tuple[int, int]]]:
        """Fire undisturbed; return the call, its answer and what it changed, then put it back."""
        self.ground.stand(firing.situation)
        torn, *self._before = (int(str(number)) for number in self.ground.rows(LOOK)[0])
        assert not torn
        sent = self.sent(firing)
        got = killing.here(self.app, sent)
        assert got.status < 300, f"{firing.name}: {got.status} {got.body}"
        changed = self.ground.difference()
        if firing.method == "POST":
            assert changed["stored_answers"] == (1, 0)
        self.ground.restore()
        return sent, got, changed

    def run(self, firing: Firing, plant: killing.Plant | None = None, stride: int = 1) -> None:
        """Kill at one point after the other until the call comes through."""
        sent, whole, changed = self.whole(firing)
        self._die(sent, UNDISTURBED)  # so that the children find every cache warm
        self.ground.restore()
        for point in count(1, stride):
            got = self._die(sent, point, plant)
            if got is not None:
                break
            self.kills += 1
            self._judge(f"{firing.name}, point {point}", sent, whole, changed)
            self.ground.restore()
        assert got is not None
        assert point > got.points >= whole.points
        self.ground.restore()
        assert self.ground.difference() == {}
        assert self.ground.difference_anywhere() == {}

    def _die(self, sent: Sent, at: int, plant: killing.Plant | None = None) -> Got | None:
        return self._bearer.bear(Errand(self.app.state.house.settings, sent, at, plant))

    def _judge(
        self, where: str, sent: Sent, whole: Got, changed: dict[str, tuple[int, int]]
    ) -> None:
        """Note whatever is half applied after the kill, and what a repetition does then."""
        left = self.ground.difference()
        if left not in ({}, changed):
            self.faults.append(f"{where}: half applied: {left}")
        if left:
            self._consistent(where)
        if left or self.kills % RETRIED == 0:
            self._repeat(where, sent, whole, changed)
        elif not self.ground.free():
            self.faults.append(f"{where}: a lock outlives the dead")

    def _repeat(
        self, where: str, sent: Sent, whole: Got, changed: dict[str, tuple[int, int]]
    ) -> None:
        """Note what is lost or doubled after a blind repetition."""
        left = self.ground.difference()
        again = killing.here(self.app, sent)
        if sent.method == "PUT" and left:
            # A PUT takes no key: its repetition meets the tag that the first one used up.
            if again.status != 412:
                self.faults.append(f"{where}: the repeated PUT got {again.status}")
        elif (again.status, again.etag) != (whole.status, whole.etag):
            self.faults.append(f"{where}: the retry got {again.status} {again.body[:200]}")
        many = self._consistent(where)
        if many != [changed[name][0] - changed[name][1] if name in changed else 0 for name in LOGS]:
            self.faults.append(f"{where}: not one effect: {many}")

    def _consistent(self, where: str) -> list[int]:
        """Note a torn request; return how many rows were added to each log."""
        torn, *many = (int(str(number)) for number in self.ground.rows(LOOK)[0])
        if torn:
            self.faults.append(f"{where}: torn: {self.ground.rows(TORN)}")
        return [after - before for after, before in zip(many, self._before, strict=True)]


LOGS = ("request_events", "stored_answers", "deadlines")
"""Where every transition leaves a row."""
TORN = """
SELECT r.reference, r.state, r.revision, e.last, e.many FROM requests r
JOIN (SELECT request_id, max(number) AS last, count(*) AS many FROM request_events
      GROUP BY request_id) e ON e.request_id = r.id
WHERE r.revision <> e.last OR e.last <> e.many
   OR (SELECT count(*) FROM deadlines d WHERE d.request_id = r.id AND d.ended_at IS NULL
       AND d.paused_at IS NULL AND d.state = r.state AND d.due_at = r.due_at)
      <> (CASE WHEN r.due_at IS NULL THEN 0 ELSE 1 END)
   OR EXISTS (SELECT 1 FROM deadlines d WHERE d.request_id = r.id AND d.ended_at IS NULL
              AND d.paused_at IS NULL AND d.state <> r.state)
"""
"""A request whose number is not that of its last event, or whose deadline is not its state's."""
LOOK = f"SELECT (SELECT count(*) FROM ({TORN}) torn), " + ", ".join(
    f"(SELECT count(*) FROM {name})" for name in LOGS
)
"""How many requests are torn, and how many rows each log has: looked up after every call."""


@pytest.fixture
def drill(ground: Ground, situations: Situations, bearer: Bearer) -> Iterator[Drill]:
    """A drill on each database."""
    app = create_app(settings_for(ground.url))
    yield Drill(ground, situations, app, bearer)
    app.state.house.database.close()


def dealt(situations: Situations) -> list[Firing]:
    """Return every transition, those from one situation together."""
    return sorted(firings(situations.entities[-1]), key=lambda f: (f.situation, f.name))


def test_the_drills_know_every_transition_of_the_definition(situations: Situations) -> None:
    shelf = load_shelf(ROOT / "workflows", VOCABULARY)
    defined = {
        (transition.trigger, source)
        for transition in shelf.latest("needs_assessment").definition.transitions
        for source in transition.source
    }
    known = {(f.trigger.split()[0], f.source) for f in firings("unodc")}
    assert known == defined


def first_ways(situations: Situations) -> list[Firing]:
    """Return one way for each transition of the definition: they cover every statement."""
    by_trigger = {f.trigger: f for f in reversed(dealt(situations))}
    return list(by_trigger.values())


@pytest.mark.parametrize("part", range(PARTS))
def test_a_kill_at_any_point_leaves_a_transition_whole_or_undone_and_a_retry_ends_it_once(
    drill: Drill, situations: Situations, part: int
) -> None:
    mine = dealt(situations)[part::PARTS]
    whole = mine if THOROUGH else [one for one in mine if one in first_ways(situations)]
    for firing in mine:
        drill.run(firing, stride=1 if firing in whole else FURTHER)
    print(f"{drill.kills} kills, {len(mine)} ways")  # noqa: T201 - the figures, shown with -rP
    assert drill.faults == []
    assert drill.kills > LEAST * len(whole) + LEAST // FURTHER * (len(mine) - len(whole))


@pytest.mark.parametrize(
    ("table", "seen"), [("request_events", "half applied"), ("stored_answers", "half applied")]
)
def test_the_drill_finds_two_transactions_instead_of_one(
    drill: Drill, situations: Situations, table: str, seen: str
) -> None:
    submit = next(f for f in dealt(situations) if f.trigger == "submit")
    drill.run(submit, plant=CommitsBefore(table))
    assert any(seen in fault for fault in drill.faults)
    assert any("retry got" in fault or "not one effect" in fault for fault in drill.faults)


def test_a_new_statement_is_a_new_point_by_itself(drill: Drill, situations: Situations) -> None:
    submit = next(f for f in dealt(situations) if f.trigger == "submit")
    sent, whole, _ = drill.whole(submit)

    got = killing.call(drill.app, sent, plant=one_more)
    assert got is not None
    assert got.points == whole.points + len(SIDES)
    assert replace(got, points=whole.points, body="") == replace(whole, body="")


@pytest.mark.parametrize(
    "statement",
    [
        "INSERT INTO request_countries (request_id, country) SELECT id, 'UGA' FROM requests",
        "UPDATE requests SET revision = revision + 1",
        "DELETE FROM role_grants",
    ],
)
def test_whatever_is_written_is_seen_and_put_back(
    ground: Ground, situations: Situations, statement: str
) -> None:
    ground.stand("draft")
    engine = open_engine(ground.url)
    with engine.begin() as connection:
        connection.exec_driver_sql(statement)
    engine.dispose()
    assert ground.difference() == ground.difference_anywhere() != {}
    ground.restore()
    assert ground.difference() == ground.difference_anywhere() == {}


def test_a_lock_that_outlives_its_holder_is_seen(ground: Ground, situations: Situations) -> None:
    ground.stand("draft")
    assert ground.free()
    engine = open_engine(ground.url)
    with engine.connect().execution_options(entente_begin="IMMEDIATE") as holder:
        holder.exec_driver_sql("UPDATE requests SET revision = revision")
        assert not ground.free(patience=0.05)
        holder.rollback()
    engine.dispose()
    assert ground.free()
