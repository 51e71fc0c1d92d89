"""Thirty-two callers at the same moment: one wins, the others are told so (F4, F6, R4)."""

from collections import Counter
from collections.abc import Iterator, Sequence
from typing import Any

import pytest
import sqlalchemy as sa

from tests.drills.ground import Ground, PostgresGround
from tests.drills.serving import CALLERS, Finish, Racer, Server, race, serving
from tests.drills.situations import ASKED, COUNTRY, Situations

SERVERS = 4
ROUNDS = 3
LOST = frozenset({409, 412})
OUT = frozenset({404})
"""Whoever speaks for an entity that has just declined sees the request no more."""


class Course:
    """Where races are run: servers on one database that stands in a situation."""

    def __init__(self, ground: Ground, kept: Situations, servers: list[Server]) -> None:
        self.ground = ground
        self.kept = kept
        self.servers = servers
        self.path = f"/api/v1/requests/{kept.reference}"

    def racer(self, who: str, path: str, body: Any, tag: str = "", key: str = "") -> Racer:
        """Return someone's call on the request, with the tag that it has now unless another."""
        return Racer("POST", self.path + path, self.kept.players[who].token, tag, key, body)

    def move(self, who: str, trigger: str, key: str = "", **form: str) -> Racer:
        """Return someone's wish to move the request on from what it is now."""
        body = {"trigger": trigger, "form": form}
        return self.racer(who, "/transitions", body, self.tag, key)

    @property
    def tag(self) -> str:
        """The tag of the request now."""
        return f'"{self.ground.rows("SELECT revision FROM requests")[0][0]}"'

    def effects(self, kind: str = "moved") -> int:
        """How many events of a kind were added since the start."""
        query = f"SELECT count(*) FROM request_events WHERE kind = '{kind}'"
        then = query.replace("request_events", "pristine.request_events")
        return int(str(self.ground.rows(query)[0][0])) - int(str(self.ground.rows(then)[0][0]))

    def again(self) -> None:
        """Put the request back; the servers let go of the file first."""
        for server in self.servers:
            server.house.database.close()
        self.ground.restore()


@pytest.fixture
def course(
    ground: Ground, situations: Situations, request: pytest.FixtureRequest
) -> Iterator[Course]:
    """Four servers on each database, in the situation that the test names."""
    ground.stand(request.param)
    with serving(ground.url, SERVERS) as servers:
        yield Course(ground, situations, servers)


def one_winner(
    finishes: Sequence[Finish], course: Course, success: int = 200, lost: frozenset[int] = LOST
) -> Finish:
    """Return the only one that came through; all others were refused in order."""
    counted = Counter(finish.status for finish in finishes)
    winners = [finish for finish in finishes if finish.status == success]
    assert len(winners) == 1, counted
    assert set(counted) <= {success} | lost, counted
    assert course.ground.rows(
        "SELECT count(*) FROM requests r WHERE r.revision <>"
        " (SELECT max(number) FROM request_events e WHERE e.request_id = r.id)"
    ) == [(0,)]
    return winners[0]


def at(situation: str) -> pytest.MarkDecorator:
    """Run the race in a situation."""
    return pytest.mark.parametrize("course", [situation], indirect=True)


@at("external")
def test_of_32_who_fire_the_same_transition_exactly_one_wins(course: Course) -> None:
    times: list[float] = []
    for turn in range(ROUNDS):
        who = ("desk", "desk2")
        finishes = race(
            course.servers,
            [course.move(who[n % 2], "start_assessment", f"{turn}-{n}") for n in range(CALLERS)],
        )
        winner = one_winner(finishes, course)
        assert course.effects() == 1
        assert all(f.seconds >= 0 for f in finishes)
        assert winner.etag != course.racer("desk", "", None).tag
        times += [f.seconds for f in finishes]
        course.again()
    print(f"p95 {sorted(times)[int(len(times) * 0.95)] * 1000:.0f} ms")  # noqa: T201 - with -rP


@at("external")
def test_of_those_who_approve_ask_back_and_withdraw_exactly_one_wins(course: Course) -> None:
    for _ in range(ROUNDS):
        kinds = [
            course.move("desk", "start_assessment"),
            course.move(f"coordinator:{COUNTRY}", "withdraw"),
            course.move(f"government:{COUNTRY}", "withdraw"),
        ]
        finishes = race(course.servers, [kinds[n % 3] for n in range(CALLERS)])
        one_winner(finishes, course)
        assert course.effects() == 1
        course.again()


@at("external")
def test_a_question_and_a_transition_never_both_come_through(course: Course) -> None:
    asks = course.racer("desk2", "/clarifications", ASKED, course.tag)
    goes = course.move("desk", "start_assessment")
    finishes = race(course.servers, [(asks, goes)[n % 2] for n in range(CALLERS)])
    counted = Counter(finish.status for finish in finishes)
    assert counted[200] + counted[201] == 1
    assert set(counted) <= {200, 201} | LOST
    assert course.effects() == 1


@at("external")
def test_the_same_key_32_times_has_one_effect_and_32_equal_answers(course: Course) -> None:
    for _ in range(ROUNDS):
        same = course.move("desk", "start_assessment", "the-one-key")
        finishes = race(course.servers, [same] * CALLERS)
        assert {finish.status for finish in finishes} == {200}
        assert len({(finish.body, finish.etag) for finish in finishes}) == 1
        assert course.effects() == 1
        course.again()


@at("triage")
def test_the_same_key_of_an_act_32_times_has_one_effect_and_32_equal_answers(
    course: Course,
) -> None:
    note = {"text": "Seen by the desk."}
    same = course.racer("desk", "/comments", note, key="the-one-key")
    finishes = race(course.servers, [same] * CALLERS)
    assert Counter(finish.status for finish in finishes) == {201: CALLERS}
    assert len({finish.body for finish in finishes}) == 1
    assert course.ground.rows("SELECT count(*) FROM comments") == [(1,)]


@at("accepting")
def test_of_32_answers_to_one_offer_exactly_one_counts(course: Course) -> None:
    entity = course.kept.entities[-1]
    focal, tag = f"focal:{entity}", course.tag
    yes = {"entity": entity, "accepted": True}
    no = {"entity": entity, "accepted": False, "reason": "No staff."}
    racers = [
        course.racer(focal, "/matching/responses", (yes, no)[n % 2], tag) for n in range(CALLERS)
    ]
    finishes = race(course.servers, racers)
    (won,) = (one.racer.body["accepted"] for one in finishes if one.status == 200)
    one_winner(finishes, course, lost=LOST if won else LOST | OUT)
    assert course.ground.rows("SELECT count(*) FROM responses") == [(1,)]
    assert course.effects() == 1


@at("signed")
def test_of_32_countersignatures_exactly_one_counts(course: Course) -> None:
    revision = course.ground.rows("SELECT revision FROM assessments")[0][0]
    signs = course.racer(
        f"coordinator:{COUNTRY}", "/assessment/countersignature", None, f'"{revision}"'
    )
    one_winner(race(course.servers, [signs] * CALLERS), course)
    assert course.ground.rows("SELECT count(*) FROM assessment_records") == [(1,)]


def _check_then_write(course: Course, *, unlocked: bool, unnumbered: bool) -> None:
    """Plant the fault: read without a lock, write without the revision, number without a rule."""

    def weaken(
        _c: object, _cursor: object, statement: str, given: Any, _context: object, _many: bool
    ) -> tuple[str, Any]:
        if unlocked:
            statement = statement.replace(" FOR UPDATE OF requests", "")
        if unnumbered:
            statement = statement.replace(" AND requests.revision = %(b_before)s::INTEGER", "")
        return statement, given

    for server in course.servers:
        sa.event.listen(server.house.database.engine, "before_cursor_execute", weaken, retval=True)


@at("external")
def test_the_race_finds_a_check_before_an_unguarded_write(course: Course) -> None:
    if not isinstance(course.ground, PostgresGround):
        # One writer: whoever checks has the file to itself, so that there is nothing to weaken.
        assert course.servers[0].house.database.sqlite
        return
    _check_then_write(course, unlocked=True, unnumbered=True)
    course.ground.run(
        "ALTER TABLE request_events DROP CONSTRAINT uq_request_events_request_id_number;"
        "DROP TRIGGER entente_event_added ON request_events"
    )
    most = 0
    for turn in range(20):
        racers = [course.move("desk", "start_assessment", f"{turn}-{n}") for n in range(CALLERS)]
        finishes = race(course.servers, racers)
        most = max(most, sum(finish.status == 200 for finish in finishes))
        course.again()
        if most > 1:
            break
    assert most > 1


@at("external")
def test_each_line_of_defence_holds_by_itself(course: Course) -> None:
    _check_then_write(course, unlocked=True, unnumbered=False)
    for turn in range(ROUNDS):
        racers = [course.move("desk", "start_assessment", f"{turn}-{n}") for n in range(CALLERS)]
        one_winner(race(course.servers, racers), course)
        course.again()
