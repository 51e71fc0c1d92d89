"""The portfolio: within every limit, the best there is, fair by its rule, the same every time."""

from dataclasses import asdict, replace
from random import Random

import pytest

from app.matching.optimiser import RANKS, propose
from app.matching.portfolio import Ask, AskedNeed, Holder, Method, Plan, Problem, Room, master, plan
from app.matching.portfolio.pieces import LARGEST, pieces_of
from app.matching.portfolio.values import problem_from
from tests.matching import problems
from tests.matching.portfolios import (
    by_chance,
    by_highs,
    cheapest_of,
    cost_of,
    free_of,
    of_size,
    used_by,
)

QUARTERS = ("2027-Q1", "2027-Q2")


def ask(reference: str, *entities: str, first: bool = False) -> Ask:
    """A request with one need, which these entities hold, the first of them best."""
    holders = tuple(Holder(entity, rank) for rank, entity in enumerate(entities))
    return Ask(reference, first, (AskedNeed(1, 0, holders),))


def begun(found: Plan) -> dict[str, tuple[str, str]]:
    """Who begins with the first need of each request, and when."""
    return {one.reference: (one.needs[0].entity, one.needs[0].begins) for one in found.requests}


def left_by_the_first(problem: Problem, found: Plan) -> dict[str, tuple[int, ...]]:
    """What the requests that come first leave of the places."""
    used = used_by(problem, found, True)
    return {
        entity: tuple(most - used.get((entity, quarter), 0) for quarter, most in enumerate(free))
        for entity, free in free_of(problem).items()
    }


def judge(problem: Problem, found: Plan, *, exact: bool) -> None:
    """Hold a plan against the limits and against every other way of planning."""
    for (entity, quarter), count in used_by(problem, found, True, False).items():
        assert count <= free_of(problem).get(entity, (99,) * 9)[quarter]
    rooms = {True: free_of(problem), False: left_by_the_first(problem, found)}
    for proof in found.proofs:
        asks = [one for one in problem.asks if one.first is proof.first]
        best = cheapest_of(problem, asks, rooms[proof.first])
        assert best is not None
        assert proof.bound <= best <= proof.cost == cost_of(problem, found, first=proof.first)
        assert not exact or (proof.cost == best and proof.gap == 0)


def test_on_small_problems_it_is_the_best_there_is_and_knows_it() -> None:
    random = Random(1)
    for _ in range(400):
        problem = by_chance(random)
        judge(problem, plan(problem, "highs"), exact=True)


def test_without_a_solver_the_limits_and_the_bound_hold_all_the_same() -> None:
    random, best = Random(2), 0
    for _ in range(1100):
        problem = by_chance(random)
        found = plan(problem, "own")
        judge(problem, found, exact=False)
        best += not found.gap
    assert best > 700


@pytest.mark.parametrize("method", ["highs", "own"])
def test_what_the_others_ask_changes_nothing_for_those_who_come_first(method: Method) -> None:
    random = Random(3)
    for _ in range(60):
        problem = by_chance(random)
        alone = replace(problem, asks=tuple(one for one in problem.asks if one.first))
        assert begun_of(plan(problem, method)) == begun_of(plan(alone, method))


def begun_of(found: Plan) -> list[tuple[str, list[tuple[int, str, str]]]]:
    """Who begins with what and when in the requests that come first, without what is full."""
    return [
        (one.reference, [(n.need, n.entity, n.begins) for n in one.needs])
        for one in found.requests
        if one.first
    ]


def test_who_comes_first_takes_the_scarce_place_and_the_price_is_shown() -> None:
    asks = (ask("TA-1", "e0"), ask("TA-2", "e0", first=True))
    problem = Problem(QUARTERS, 1, asks, (Room("e0", (1, 1)),))
    found = plan(problem)
    assert begun(found) == {"TA-1": ("e0", "2027-Q2"), "TA-2": ("e0", "2027-Q1")}
    waits = found.requests[0].needs[0]
    assert (waits.standing, waits.full, waits.earliest) == (
        "waits",
        (("e0", "2027-Q1"),),
        "2027-Q1",
    )
    scarce = found.places[0]
    assert (scarce.quarter, scarce.binding, scarce.price_others) == ("2027-Q1", True, 1.0)
    freed = plan(replace(problem, rooms=(Room("e0", (2, 1)),)))
    assert {begins for _, begins in begun(freed).values()} == {"2027-Q1"}
    assert not any(place.binding for place in freed.places)


def test_a_need_waits_two_quarters_for_a_better_holder_and_not_three() -> None:
    quarters = ("2027-Q1", "2027-Q2", "2027-Q3", "2027-Q4")
    for free, told in (((0, 1, 1, 1), "e0"), ((0, 0, 0, 1), "e1")):
        problem = Problem(quarters, 1, (ask("TA-1", "e0", "e1"),), (Room("e0", free),))
        found = plan(problem)
        assert begun(found)["TA-1"][0] == told
    assert found.requests[0].needs[0].standing == "other_holder"


def test_a_need_that_finds_no_place_is_told_with_what_is_full() -> None:
    found = plan(Problem(QUARTERS, 2, (ask("TA-1", "e0"),), (Room("e0", (0, 3)),)))
    assert begun(found) == {"TA-1": ("e0", "2027-Q2")}
    found = plan(Problem(QUARTERS, 2, (ask("TA-1", "e0"),), (Room("e0", (0, 0)),)))
    (need,) = found.requests[0].needs
    assert (need.standing, need.begins, need.earliest) == ("no_place", "", "")
    assert need.full == (("e0", "2027-Q1"), ("e0", "2027-Q2"))


def test_who_is_at_work_in_a_request_takes_no_further_place_for_more_of_it() -> None:
    inside = replace(ask("TA-1", "e0"), inside=("e0",))
    found = plan(Problem(QUARTERS, 1, (inside, ask("TA-2", "e0")), (Room("e0", (1, 0)),)))
    assert set(begun(found).values()) == {("e0", "2027-Q1")}
    assert [place.taken for place in found.places] == [1, 0]


def test_one_place_is_not_held_by_two_beginnings_of_one_entity_in_a_request() -> None:
    needs = (
        AskedNeed(1, 0, (Holder("e0", 0, 0, 1),)),
        AskedNeed(2, 0, (Holder("e0", 0, 1, 2), Holder("e1", 2))),
    )
    found = plan(Problem(QUARTERS, 2, (Ask("TA-1", False, needs),), (Room("e0", (1, 1)),)), "own")
    assert [(one.entity, one.begins) for one in found.requests[0].needs] == [
        ("e0", "2027-Q1"),
        ("e1", "2027-Q1"),
    ]


def test_what_was_stored_before_mandates_were_read_by_quarter_is_planned_as_it_was() -> None:
    stored = asdict(Problem(QUARTERS, 1, (ask("TA-1", "e0", "e1"),), (Room("e0", (0, 1)),)))
    stored["asks"][0]["needs"][0]["holders"] = [["e0", 0], ["e1", 1]]
    assert begun(plan(problem_from(stored))) == {"TA-1": ("e0", "2027-Q2")}


def test_a_need_begins_no_sooner_than_it_is_ready() -> None:
    late = Ask("TA-1", False, (AskedNeed(1, 1, (Holder("e0", 0),)),))
    found = plan(Problem(QUARTERS, 1, (late,), ()))
    assert begun(found) == {"TA-1": ("e0", "2027-Q2")}
    assert found.requests[0].waiting == 0


def test_with_room_for_all_each_request_is_answered_as_by_the_optimiser() -> None:
    random = Random(4)
    for _ in range(60):
        alone = problems.of_size(random, 5, 6, (1, 3))
        holders = {
            need.number: tuple(
                Holder(c.entity, min(RANKS[h.rank] for h in c.holds if h.need == need.number))
                for c in alone.candidates
                if any(h.need == need.number for h in c.holds)
            )
            for need in alone.needs
        }
        needs = tuple(AskedNeed(number, 0, held) for number, held in holders.items())
        found = plan(Problem(QUARTERS, 1, (Ask("TA-1", False, needs),), ()))
        proposal = propose(alone)
        told = found.requests[0].needs
        assert sum(one.rank for one in told) == proposal.rank_cost
        assert len({one.entity for one in told}) == len(proposal.entities)


@pytest.mark.parametrize("seed", [1, 23, 54])
def test_highs_alone_finds_no_better_plan_of_the_whole(seed: int) -> None:
    problem = of_size(Random(seed), 20, 6, 0.25)
    found = plan(problem, "highs")
    rooms = {True: free_of(problem), False: left_by_the_first(problem, found)}
    for proof in found.proofs:
        asks = [one for one in problem.asks if one.first is proof.first]
        assert by_highs(problem, asks, rooms[proof.first]) == proof.cost
    assert found.gap == 0


def test_what_is_left_of_a_gap_is_closed_by_looking_at_all_that_could(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    problem = of_size(Random(23), 20, 6, 0.25)
    assert plan(problem, "highs").gap == 0
    monkeypatch.setattr(master, "NEAREST", 0)
    assert plan(problem, "highs").gap > 0


@pytest.mark.parametrize("method", ["highs", "own"])
def test_it_is_the_same_every_time_whatever_the_order(method: Method) -> None:
    random = Random(5)
    problem = of_size(random, 25, 8, 0.3)
    turned = replace(
        problem,
        asks=tuple(random.sample(problem.asks, len(problem.asks))),
        rooms=problem.rooms[::-1],
    )
    found = plan(problem, method)
    small = of_size(random, 12, 6, 0.3)
    by_highs(small, small.asks, free_of(small))  # whatever else was solved here meanwhile
    assert plan(turned, method) == found


def test_what_is_stored_comes_back_as_it_was() -> None:
    problem = by_chance(Random(6))
    assert problem_from(asdict(problem)) == problem


def test_a_request_of_many_kinds_of_needs_is_planned_in_parts() -> None:
    needs = tuple(
        AskedNeed(number, 0, (Holder("e0", 0), Holder(f"f{number}", 0)))
        for number in range(1, LARGEST + 3)
    )
    many = Ask("TA-1", False, needs)
    assert [len(piece.kinds) for piece in pieces_of(many, 2, {"e0"})] == [LARGEST, 2]
    alike = Ask("TA-1", False, tuple(AskedNeed(n, 0, (Holder("e0", 0),)) for n in range(1, 41)))
    assert len(pieces_of(alike, 2, {"e0"})) == 1
    found = plan(Problem(QUARTERS, 1, (many, replace(alike, reference="TA-2")), ()))
    assert [len(one.needs) for one in found.requests] == [LARGEST + 2, 40]
    assert {one.entity for one in found.requests[0].needs} == {"e0"}
