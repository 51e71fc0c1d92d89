"""The register of security requirements is whole, and its evidence exists."""

from collections import Counter

import pytest

from scripts import asvs
from scripts.asvs import Requirement

SIZES = (27, 11, 19, 10, 9, 35, 18, 7, 7, 29, 14, 9, 13, 9, 13, 16, 7)
"""How many requirements of levels 1 and 2 each chapter of ASVS 5.0.0 has."""


def test_every_requirement_of_both_levels_is_in_the_register_once() -> None:
    requirements = asvs.register()
    assert Counter(one.id for one in requirements).most_common(1)[0][1] == 1
    found = Counter(one.chapter for one in requirements)
    assert tuple(found[number] for number in range(1, 18)) == SIZES
    assert Counter(one.level for one in requirements) == {1: 70, 2: 183}


def test_every_evidence_that_is_named_is_there() -> None:
    assert list(asvs.faults(asvs.register())) == []


@pytest.mark.parametrize(
    ("by", "evidence"),
    [
        ("test", "tests/scripts/test_none.py::test_none"),
        ("test", "tests/scripts/test_asvs.py::test_none"),
        ("document", "docs/none.md"),
        ("document", "docs/security.md#nothing-of-the-kind"),
        ("open", " "),
        ("perhaps", "x"),
    ],
)
def test_evidence_that_is_not_there_is_seen(by: str, evidence: str) -> None:
    assert len(list(asvs.faults([Requirement("1.1.1", 1, "x", by, evidence)]))) == 1
