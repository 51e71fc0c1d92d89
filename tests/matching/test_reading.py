"""From plain words to a proposal, with nobody between: how much of the written requests is right."""

from tests.matching.reading import Share, share
from tests.matching.written import held_back_cases, open_cases


def at_least(found: Share, needs: float, leads: float, clean: float) -> None:
    """Hold shares against floors, each told with the figure."""
    assert found.needs >= needs, found
    assert found.leads >= leads, found
    assert found.clean >= clean, found


def test_from_the_words_of_the_open_cases_to_their_entities() -> None:
    at_least(share(open_cases()), needs=0.97, leads=0.97, clean=0.97)


def test_from_the_words_of_the_cases_held_back_to_their_entities() -> None:
    """More needs get a topic than before, so a wrong one lets somebody work more often: ADR 0016."""
    at_least(share(held_back_cases()), needs=0.82, leads=0.86, clean=0.91)
