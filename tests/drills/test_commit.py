"""What answers 2xx is durable; an answer that was lost can be had again, and the effect once (F7)."""

from collections.abc import Iterator
from typing import Any

import pytest
import sqlalchemy as sa
from sqlalchemy.exc import OperationalError

from tests.drills.calling import Scene, scene
from tests.drills.ground import Ground, PostgresGround
from tests.drills.situations import Situations
from tests.factories.clients import Answer

NOTE = {"text": "Seen by the desk."}
FAILING = (
    "CREATE FUNCTION fail_late() RETURNS trigger LANGUAGE plpgsql AS"
    " $$ BEGIN RAISE EXCEPTION 'refused at commit' USING ERRCODE = 'check_violation'; END $$;"
    "CREATE CONSTRAINT TRIGGER fail_late AFTER INSERT ON request_events"
    " DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION fail_late()"
)


@pytest.fixture
def here(ground: Ground, situations: Situations) -> Iterator[Scene]:
    """A request in triage whose matter is settled: it can be commented on, and moved on."""
    with scene(ground, situations, "external") as opened:
        yield opened


def comment(here: Scene, key: str = "") -> Answer:
    """Post a plain act."""
    return here.post("desk", "/comments", NOTE, key)


def move(here: Scene, key: str = "", tag: str = "") -> Answer:
    """Post a transition."""
    return here.move("desk", "start_assessment", key, tag)


ACTS = pytest.mark.parametrize("act", [comment, move])


class Cut:
    """Cuts the database's connection at the next commits, before or after it is carried out."""

    def __init__(self, times: int, *, done: bool) -> None:
        self.left = times
        self._done = done

    def __call__(self, connection: sa.Connection) -> None:
        """Close the driver's connection under the session."""
        if not self.left or not self._writes(connection):
            return
        self.left -= 1
        driver: Any = connection.connection.driver_connection
        if self._done:
            driver.commit()
        driver.close()

    def _writes(self, connection: sa.Connection) -> bool:
        return bool(connection.info.pop("wrote", False))


def watch(here: Scene, cut: Cut) -> None:
    """Put the cut in place; only transactions that wrote an event are cut."""

    def wrote(connection: sa.Connection, _cursor: object, statement: str, *_more: object) -> None:
        if statement.startswith("INSERT INTO request_events"):
            connection.info["wrote"] = True

    sa.event.listen(here.engine, "after_cursor_execute", wrote)
    sa.event.listen(here.engine, "commit", cut)


@ACTS
def test_a_failing_commit_never_answers_2xx_and_leaves_nothing(here: Scene, act: Any) -> None:
    def fail(_connection: sa.Connection) -> None:
        raise OperationalError("COMMIT", {}, Exception("the disk is gone"))

    sa.event.listen(here.engine, "commit", fail)
    assert act(here, "the-one-key").status == 503
    assert here.ground.difference() == {}
    sa.event.remove(here.engine, "commit", fail)
    assert act(here, "the-one-key").status in {200, 201}
    assert here.many("stored_answers") == 1


@ACTS
def test_a_constraint_that_fails_at_the_commit_never_answers_2xx(here: Scene, act: Any) -> None:
    if not isinstance(here.ground, PostgresGround):
        # SQLite defers foreign keys alone: a key that leads nowhere is found at its COMMIT.
        _defer_a_broken_key(here)
    else:
        here.ground.run(FAILING)
    assert act(here).status in {409, 503}
    assert here.ground.difference() == {}


def _defer_a_broken_key(here: Scene) -> None:
    def broken(connection: sa.Connection, cursor: Any, statement: str, *_more: object) -> None:
        if statement.startswith("INSERT INTO request_events"):
            cursor.connection.execute("PRAGMA defer_foreign_keys = ON")
            cursor.connection.execute("INSERT INTO comments VALUES (9, 999, 999, 'x', 'x')")

    sa.event.listen(here.engine, "after_cursor_execute", broken)


@pytest.mark.parametrize("done", [False, True], ids=["before", "after"])
@pytest.mark.parametrize("times", [1, 3])
@ACTS
def test_a_connection_cut_around_the_commit_costs_no_effect_and_doubles_none(
    here: Scene, act: Any, times: int, done: bool
) -> None:
    tag = here.tag
    cut = Cut(times, done=done)
    watch(here, cut)
    call = (here, "the-one-key", tag) if act is move else (here, "the-one-key")
    answers = [act(*call) for _ in range(times + 1)]
    assert answers[-1].status == (200 if act is move else 201)
    assert {answer.status for answer in answers} <= {200, 201, 503}
    changed = here.ground.difference()
    assert changed["request_events"] == (1, 0)
    assert changed["stored_answers"] == (1, 0)
    good = {(a.status, a.revision, str(a.body)) for a in answers if a.status < 300}
    assert len(good) == 1


@ACTS
def test_a_call_whose_connection_is_cut_before_the_commit_has_no_effect_by_itself(
    here: Scene, act: Any
) -> None:
    watch(here, Cut(99, done=False))
    assert act(here).status == 503
    assert here.ground.difference() == {}


def test_a_key_with_other_content_is_refused(here: Scene) -> None:
    first = here.post("desk", "/comments", NOTE, "the-one-key").ok()
    other = here.post("desk", "/comments", {"text": "Something else."}, "the-one-key")
    assert (other.status, other.body["code"]) == (422, "idempotency.other_content")
    same = here.post("desk", "/comments", NOTE, "the-one-key")
    assert (same.status, same.body) == (201, first.body)
    assert same.headers["idempotent-replayed"] == "true"
    assert here.many("comments") == 1
    moved = here.move("desk", "start_assessment", "the-one-key")
    assert moved.body["code"] == "idempotency.other_content"


def test_a_transition_repeated_with_other_content_is_refused(here: Scene) -> None:
    tag = here.tag
    here.move("desk", "start_assessment", "k", tag).ok()
    other = here.move("desk", "redirect", "k", tag)
    assert (other.status, other.body["code"]) == (422, "idempotency.other_content")
    assert here.move("desk", "start_assessment", "k", tag).status == 200


def test_a_refusal_is_not_stored_so_that_the_key_can_still_succeed(here: Scene) -> None:
    assert here.move("desk", "redirect", "k").status == 409
    assert here.move("desk", "start_assessment", "k", '"1"').status == 412
    assert here.many("stored_answers") == 0
    assert here.move("desk", "start_assessment", "k").status == 200
    assert here.many("stored_answers") == 1


def test_the_same_key_of_another_person_is_another_key(here: Scene) -> None:
    here.post("desk", "/comments", NOTE, "k").ok()
    here.post("desk2", "/comments", NOTE, "k").ok()
    assert here.many("comments") == 2
    assert here.many("stored_answers") == 2


def test_whoever_lost_the_right_is_refused_before_an_answer_is_replayed(here: Scene) -> None:
    here.post("desk", "/comments", NOTE, "k").ok()
    admin, desk = here.player("admin"), here.player("desk")
    admin.post(f"/people/{desk.person_id}/suspension").ok()
    assert here.post("desk", "/comments", NOTE, "k").status == 401
