"""Stored reasons in six languages: told from their values, and as they were stored where these lack."""

import re
from collections.abc import Iterator
from functools import cache
from random import Random
from typing import Any

import pytest

from app.kit.speech import speech
from app.kit.text import LANGUAGES
from app.matching.optimiser import Proposal, propose
from app.matching.optimiser.reasons import BARRED, NONE_FREE, OUTRANKED, RIVAL
from app.matching.optimiser.wording import SentenceOut, english, part, sentence
from app.matching.service.stored import proposal_from_json, proposal_to_json
from app.web.candidates import in_words
from app.web.texts import speaking
from tests.matching.answering import inputs_of
from tests.matching.samples import by_chance
from tests.matching.written import open_cases
from tests.web.speeches import NO_PACKS

NAMES = {"unodc": "UNODC", "itu": "ITU"}


@cache
def proposals() -> tuple[Proposal, ...]:
    """Proposals of written cases, and of problems by chance with every reason there is."""
    random = Random(7)
    written = (propose(inputs_of(case)) for case in open_cases()[::6])
    return (*written, *(propose(by_chance(random)) for _ in range(60)))


def reasons(found: Proposal) -> Iterator[tuple[tuple[SentenceOut, ...], str]]:
    yield from ((one.told, one.reason) for one in found.assignments)
    yield from ((one.told, one.reason) for one in found.uncovered)
    yield from ((one.told, one.reason) for one in found.why_not)


def codes() -> set[str]:
    uncovered = {one.code for found in proposals() for one in found.uncovered}
    return uncovered | {one.code for found in proposals() for one in found.why_not}


def test_a_reason_in_english_is_its_sentences_with_their_values() -> None:
    assert {"no_eligible_holder", "no_mandate", "outranked", "not_needed", "region"} <= codes()
    for found in proposals():
        for told, reason in reasons(found):
            assert told
            assert english(told) == reason


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_reason_is_told_in_every_language(language: str) -> None:
    seen = {told for found in proposals() for told, _ in reasons(found)}
    with speaking(speech(language, NO_PACKS, NAMES)):
        for told in seen:
            shown = re.sub("<.*?>", "", in_words(told))
            assert "{" not in shown
            for one in told:
                start = one.text.partition("{")[0]
                assert (start in shown) is (language == "en" or not start), (language, shown)


def test_a_reason_names_entities_and_says_our_words() -> None:
    rivals = (part(RIVAL, need=1, entity="unodc", rank="lead"),)
    free = (part(BARRED, entity="itu", why="no_capacity"),)
    told = (sentence(OUTRANKED, rivals), sentence(NONE_FREE, free))
    assert "need 1 unodc as lead" in english(told)
    with speaking(speech("fr", NO_PACKS, NAMES)):
        shown = re.sub("<.*?>", "", in_words(told))
    assert "besoin 1\xa0: UNODC (Chef de file)" in shown
    assert "ITU (pas de capacité actuellement)" in shown


def without_values(stored: Any) -> Any:
    """Return a stored proposal as it was stored before the values of reasons were kept."""
    if isinstance(stored, dict):
        return {name: without_values(one) for name, one in stored.items() if name != "told"}
    return [without_values(one) for one in stored] if isinstance(stored, list) else stored


def test_what_was_stored_without_values_is_told_as_it_was() -> None:
    found = next(one for one in proposals() if one.why_not and one.assignments)
    stored = proposal_to_json(found)
    assert proposal_from_json(stored) == found
    old = proposal_from_json(without_values(stored))
    assert [one.reason for one in old.why_not] == [one.reason for one in found.why_not]
    with speaking(speech("fr", NO_PACKS, NAMES)):
        first = old.why_not[0]
        assert first.told == ()
        assert in_words(first.told, "Stored long ago.") == "Stored long ago."
        assert in_words(first.told, first.reason)
