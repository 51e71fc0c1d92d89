"""The smallest cover: its bound never cuts off the best set, and it stays quick."""

from itertools import combinations
from random import Random

import pytest

from app.matching.optimiser.search import Cover, smallest_cover


def assert_apart(options: dict[int, dict[str, int]], found: Cover) -> None:
    """The bound can be checked by anybody: its needs share no option, and none is met already."""
    rows = [set(options[number]) for number in found.apart]
    assert not any(row & set(found.forced) for row in rows)
    assert sum(map(len, rows)) == len(set().union(*rows))


@pytest.mark.parametrize("seed", range(10))
def test_the_cover_is_the_smallest_the_lightest_and_the_first_by_code(seed: int) -> None:
    random = Random(seed)
    everyone = [f"e{place}" for place in range(9)]
    for _ in range(60):
        options = {
            number: {e: random.randint(0, 2) for e in random.sample(everyone, random.randint(1, 4))}
            for number in range(random.randint(1, 9))
        }
        forced = random.sample(everyone, random.randint(0, 2))
        covers = [
            (
                size,
                sum(min(w for e, w in o.items() if e in chosen) for o in options.values()),
                chosen,
            )
            for size in range(len(everyone) + 1)
            for chosen in combinations(everyone, size)
            if set(forced) <= set(chosen) and all(set(o) & set(chosen) for o in options.values())
        ]
        found = smallest_cover(options, forced)
        assert found.entities == min(covers)[2]
        assert found.bound <= len(found.entities)
        assert_apart(options, found)


def test_forty_needs_and_thirty_entities_take_few_steps() -> None:
    random = Random(7)
    everyone = [f"e{place:02}" for place in range(30)]
    options = {
        number: dict.fromkeys(random.sample(everyone, random.randint(2, 6)), 0)
        for number in range(40)
    }
    assert smallest_cover(options, ()).explored < 20_000


def test_a_need_that_nobody_meets_is_no_problem_to_be_solved() -> None:
    with pytest.raises(ValueError, match="without options"):
        smallest_cover({1: {}}, ())
