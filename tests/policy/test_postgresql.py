"""The matrix on PostgreSQL: a part that a fixed seed picks, and the pages for three sessions.

A call there differs only in how the one condition is carried out. It is one test, so that the house
is prepared once.
"""

import random

from tests.policy import test_matrix, test_pages
from tests.policy.ground import Prepared
from tests.policy.matrix import cells
from tests.sampling import THOROUGH

SEED = 20261122
SAMPLE = 1 if THOROUGH else 16
"""One cell in so many is called, picked by the seed."""
SESSIONS = ("auditor's session", "idle session", "pending session")


def test_a_sample_of_the_cells_is_as_the_table_says_on_postgresql(
    postgres_ground: Prepared,
) -> None:
    picked = random.Random(SEED)
    every = list(cells(postgres_ground))
    found = []
    for name in test_matrix.BY_TOKEN:
        chosen = picked.sample(every, len(every) // SAMPLE)
        found += test_matrix.faults(postgres_ground, postgres_ground.principals[name], chosen)
    found += test_pages.faults(postgres_ground, *SESSIONS)
    assert found == [], "\n".join(found)
