"""Kill -9 at every event of the database in every transition: whole or not at all (F1, R1)."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import pytest

from app.config import ROOT
from app.engine.packs import load_shelf
from app.kit.db import open_engine
from app.lifecycle.vocabulary import VOCABULARY
from tests.drills import killing
from tests.drills.bearer import UNDISTURBED, Bearer, Errand
from tests.drills.faults import CommitsBefore, one_more
from tests.drills.ground import Difference, Ground
from tests.drills.killing import SIDES, Doomed, Got, Sent
from tests.drills.lanes import Lane
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


@dataclass(frozen=True)
class Whole:
    """A call that nobody disturbed, its answer, and what it changed."""

    sent: Sent
    got: Got
    changed: Difference


class Drill:
    """One transition, killed again and again: on as many lanes, at as many points at once."""

    def __init__(self, lanes: Sequence[Lane], situations: Situations, bearer: Bearer) -> None:
        self.lanes = lanes
        self._bearer = bearer
        self._kept = situations
        self.faults: list[str] = []
        self.kills = 0
        self._before: list[int] = []

    def sent(self, firing: Firing) -> Sent:
        """Return the call of a transition, with the tag of the situation and a key."""
        revision = self.lanes[0].ground.rows("SELECT revision FROM requests")[0][0]
        headers = {
            "Authorization": f"Bearer {self._kept.players[firing.who].token}",
            "If-Match": f'"{revision}"',
            "Idempotency-Key": "the-one-key",
        }
        path = f"/api/v1/requests/{self._kept.reference}{firing.path}"
        return Sent(firing.method, path, firing.body, headers)

    def whole(self, firing: Firing) -> Whole:
        """Fire undisturbed on the first lane, and put it back."""
        for lane in self.lanes:
            lane.stand(firing.situation)
        ground = self.lanes[0].ground
        torn, *self._before = (int(str(number)) for number in ground.rows(LOOK)[0])
        assert not torn
        sent = self.sent(firing)
        got = killing.here(self.lanes[0].app, sent)
        assert got.status < 300, f"{firing.name}: {got.status} {got.body}"
        changed = ground.difference()
        if firing.method == "POST":
            assert changed["stored_answers"] == (1, 0)
        ground.restore()
        return Whole(sent, got, changed)

    def run(self, firing: Firing, plant: killing.Plant | None = None, stride: int = 1) -> None:
        """Kill at one point after the other until the call comes through."""
        whole = self.whole(firing)
        self._bear(whole.sent, [UNDISTURBED])  # so that the children find every cache warm
        self.lanes[0].ground.restore()
        through: list[tuple[int, Got]] = []
        points = [1]
        while not through:
            for lane, at, got in self._bear(whole.sent, points, plant):
                if got is None:
                    self.kills += 1
                    self._judge(lane, f"{firing.name}, point {at}", whole)
                else:
                    through.append((at, got))
                lane.ground.restore()
            points = self._next(points[-1], stride, whole.got.points)
        assert all(at > got.points >= whole.got.points for at, got in through)
        for lane in self.lanes:
            assert lane.ground.difference() == {}
            assert lane.ground.difference_anywhere() == {}

    def _next(self, last: int, stride: int, passed: int) -> list[int]:
        """Return the next points, a lane each: up to the first that the undisturbed did not pass."""
        points = [last + stride * (1 + nth) for nth in range(len(self.lanes))]
        return [point for point in points if point - stride <= passed] or points[:1]

    def _bear(
        self, sent: Sent, points: Sequence[int], plant: killing.Plant | None = None
    ) -> list[tuple[Lane, int, Got | None]]:
        lanes = self.lanes[: len(points)]
        calls = (
            (lane.app.state.house.settings, at) for lane, at in zip(lanes, points, strict=True)
        )
        ends = self._bearer.bear(Errand(sent, tuple(calls), plant))
        return list(zip(lanes, points, ends, strict=True))

    def _judge(self, lane: Lane, where: str, whole: Whole) -> None:
        """Note whatever is half applied after the kill, and what a repetition does then."""
        left = lane.ground.difference()
        if left not in ({}, whole.changed):
            self.faults.append(f"{where}: half applied: {left}")
        if left:
            self._consistent(lane, where)
        if left or self.kills % RETRIED == 0:
            self._repeat(lane, where, whole, left)
        elif not lane.ground.free():
            self.faults.append(f"{where}: a lock outlives the dead")

    def _repeat(self, lane: Lane, where: str, whole: Whole, left: Difference) -> None:
        """Note what is lost or doubled after a blind repetition."""
        again = killing.here(lane.app, whole.sent)
        if whole.sent.method == "PUT" and left:
            # A PUT takes no key: its repetition meets the tag that the first one used up.
            if again.status != 412:
                self.faults.append(f"{where}: the repeated PUT got {again.status}")
        elif (again.status, again.etag) != (whole.got.status, whole.got.etag):
            self.faults.append(f"{where}: the retry got {again.status} {again.body[:200]}")
        many, changed = self._consistent(lane, where), whole.changed
        if many != [changed[name][0] - changed[name][1] if name in changed else 0 for name in LOGS]:
            self.faults.append(f"{where}: not one effect: {many}")

    def _consistent(self, lane: Lane, where: str) -> list[int]:
        """Note a torn request; return how many rows were added to each log."""
        torn, *many = (int(str(number)) for number in lane.ground.rows(LOOK)[0])
        if torn:
            self.faults.append(f"{where}: torn: {lane.ground.rows(TORN)}")
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


@pytest.fixture(params=["sqlite", "postgresql"])
def drill(request: pytest.FixtureRequest, situations: Situations, bearer: Bearer) -> Drill:
    """A drill on each kind of database."""
    lanes: Sequence[Lane] = request.getfixturevalue(f"{request.param}_lanes")
    return Drill(lanes, situations, bearer)


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
    ways = dealt(situations)
    mine = ways[part * len(ways) // PARTS : (part + 1) * len(ways) // PARTS]
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
    whole = drill.whole(submit)
    first = drill.lanes[0]

    (got,) = killing.die([Doomed(first.app, whole.sent)], plant=one_more)
    first.ground.restore()
    assert got is not None
    assert got.points == whole.got.points + len(SIDES)
    assert replace(got, points=whole.got.points, body="") == replace(whole.got, body="")


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
