"""How like a text is to what coordinators wrote before on each topic: beginnings of words, counted.

Nothing is learnt beside counts of the examples in the words pack: what few topics
share weighs more, and what was said of a topic more often. Pure, and the same each time.
"""

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from math import log

from app.engine.wordforms import ARTICLES, TOKEN, fold

SHORT = 3
"""Letters that a word must have to tell anything."""
BEGINNING: Mapping[str, int] = {"ar": 4}
USUAL = 5
"""By how many letters words are told apart, where a language has no number of its own."""
HAN = re.compile("[\u4e00-\u9fff]+")
Spot = tuple[str, int, int]
"""A feature of a text, and where it stands."""


@dataclass(frozen=True, slots=True)
class Likeness:
    """How like a text is to the examples of a topic, and where the words stand that say so."""

    weight: float
    spans: tuple[tuple[int, int], ...]


class Examples:
    """What was written before in one language, by topic."""

    def __init__(self, language: str, written: Mapping[str, Iterable[str]]) -> None:
        """Count the features of each topic's texts, each once a text."""
        self._language = language
        self._counts = {
            code: Counter(
                feature
                for text in texts
                for feature in {name for name, _, _ in features(language, text)}
            )
            for code, texts in written.items()
        }
        self._topics = Counter(feature for counts in self._counts.values() for feature in counts)

    def like(self, spots: Iterable[Spot]) -> dict[str, Likeness]:
        """Return the likeness to each topic with which a text shares two features at least."""
        places: dict[str, tuple[int, int]] = {}
        for feature, start, end in spots:
            if feature in self._topics:
                places.setdefault(feature, (start, end))
        found: dict[str, Likeness] = {}
        for code, counts in self._counts.items():
            shared = [feature for feature in sorted(places) if feature in counts]
            if len(shared) > 1:
                weight = sum(log(1 + counts[one]) * self._telling(one) for one in shared)
                found[code] = Likeness(weight, tuple(sorted(places[one] for one in shared)))
        return found

    def _telling(self, feature: str) -> float:
        return log((1 + len(self._counts)) / (0.5 + self._topics[feature]))


def features(language: str, text: str) -> Iterator[Spot]:
    """Yield the features of a text with their places: beginnings of words, pairs of signs."""
    folded, places = fold(text)
    if language == "zh":
        for run in HAN.finditer(folded):
            for at in range(run.start(), run.end() - 1):
                yield folded[at : at + 2], places[at], places[at + 1] + 1
        return
    size = BEGINNING.get(language, USUAL)
    for word in TOKEN.finditer(folded):
        bare = _bare(word.group()) if language == "ar" else word.group()
        if len(bare) >= SHORT:
            yield bare[:size], places[word.start()], places[word.end() - 1] + 1


def _bare(word: str) -> str:
    """Return an Arabic word without what is written in one with it."""
    for article in sorted(ARTICLES, key=len, reverse=True):
        bare = word.removeprefix(article)
        if bare != word and len(bare) >= SHORT:
            return bare
    return word
