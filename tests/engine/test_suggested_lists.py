"""Beside topic and kind: which sectors, elements, target groups and sensitivities a text names."""

import pytest

from app.engine.suggestion import suggest
from tests.engine.test_suggestion import WORDS

SAID = (
    (
        "Train bank supervisors and hospital staff to answer attacks on payment systems.",
        {
            "sectors": {"health", "financial_systems"},
            "elements": {"electronic_payments"},
            "stakeholders": {"financial_institutions"},
        },
    ),
    (
        "A hotline where refugees and women report software that follows them.",
        {"sensitivities": {"refugees", "women"}, "sectors": {"gender_equality"}},
    ),
    (
        "Teach judges and prosecutors, and write a law on lawful interception.",
        {"stakeholders": {"justice_officials"}, "sensitivities": {"surveillance"}},
    ),
)


@pytest.mark.parametrize(("text", "named"), SAID)
def test_a_text_suggests_all_that_it_names_each_with_its_words(
    text: str, named: dict[str, set[str]]
) -> None:
    found = suggest(WORDS, text)
    for name, codes in named.items():
        known = {one.code: one for one in found.lists[name]}
        assert codes <= set(known), name
        assert all(0 < known[code].confidence <= 1 and known[code].words for code in codes), name


def test_the_same_text_is_always_read_the_same() -> None:
    text = " ".join(text for text, _ in SAID)
    assert suggest(WORDS, text) == suggest(WORDS, text)
