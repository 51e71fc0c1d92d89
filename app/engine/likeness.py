"""How like a text is to what coordinators wrote before on each topic: words counted.

Nothing is learnt beside counts of the examples in the words pack: what few topics share weighs
more, and what was said of a topic more often. A word counts whole, by its first six and by its
first four letters, and with the word after it. Pure, and the same each time.
"""

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from math import log

from app.engine.wordforms import ARTICLES, TOKEN, fold

SHORT = 3
"""Letters that a word must have to count by its beginning."""
BEGINNINGS = (4, 6)
"""By how many letters words are told apart, beside the whole of them."""
OFTEN = 2
"""In how many examples two words must follow each other to count together."""
MOST = 255
"""What is counted at most of a feature and a topic: one byte."""
REST = 0.6
"""What share of the weight the words that are shown make up."""
HAN = re.compile("[\u4e00-\u9fff]+")
Spot = tuple[str, int, int]
"""A feature of a text, and where it stands."""


@dataclass(frozen=True, slots=True)
class Likeness:
    """How like a text is to the examples of a topic, and where the words stand that say so."""

    weight: float
    spans: tuple[tuple[int, int], ...]

    def and_more(self, other: "Likeness", share: float) -> "Likeness":
        """Return this likeness with a share of another one, resting on the words of both."""
        if not other.weight:
            return self
        return Likeness(self.weight + share * other.weight, self.spans or other.spans)


class Counts:
    """How often each feature stands with each topic.

    A feature holds a row of bytes: a topic's place and a count, again and again.
    """

    def __init__(self, counts: Iterable[tuple[str, Mapping[str, int]]]) -> None:
        """Take topics with the counts of their features, one after the other."""
        codes: list[str] = []
        rows: dict[str, bytes] = {}
        for place, (code, found) in enumerate(counts):
            codes.append(code)
            for name, count in found.items():
                rows[name] = rows.get(name, b"") + bytes((place, min(count, MOST)))
        self._codes, self._rows = tuple(codes), rows

    def like(self, spots: Iterable[Spot]) -> dict[str, Likeness]:
        """Return the likeness to each topic with which a text shares two words at least."""
        places: dict[str, tuple[int, int]] = {}
        for name, start, end in spots:
            if name in self._rows:
                places.setdefault(name, (start, end))
        shared: dict[int, dict[tuple[int, int], float]] = {}
        for name in sorted(places):
            row = self._rows[name]
            telling = log((1 + len(self._codes)) / (0.5 + len(row) // 2))
            for place, count in zip(row[::2], row[1::2], strict=True):
                words = shared.setdefault(place, {})
                span = places[name]
                words[span] = words.get(span, 0.0) + log(1 + count) * telling
        return {
            self._codes[place]: Likeness(sum(words.values()), _told(words))
            for place, words in sorted(shared.items())
            if len(words) > 1
        }


def counted(language: str, written: Mapping[str, Sequence[str]]) -> Counts:
    """Count the features of each topic's texts, each once a text."""
    often = Counter(
        name for texts in written.values() for name in _once(language, texts) if " " in name
    )
    return Counts(
        (
            code,
            Counter(n for n in _once(language, texts) if " " not in n or often[n] >= OFTEN),
        )
        for code, texts in written.items()
    )


def _once(language: str, texts: Iterable[str]) -> Iterator[str]:
    for text in texts:
        yield from {name for name, _, _ in features(language, text)}


def _told(words: Mapping[tuple[int, int], float]) -> tuple[tuple[int, int], ...]:
    """Return where the words stand that tell most, in their order, none within another.

    They make up most of the weight, and are two at least.
    """
    told: list[tuple[int, int]] = []
    left = REST * sum(words.values())
    for start, end in sorted(words, key=lambda span: (-words[span], span)):
        if len(told) > 1 and sum(words[span] for span in told) >= left:
            break
        if all(end <= first or last <= start for first, last in told):
            told.append((start, end))
    return tuple(sorted(told))


def features(language: str, text: str) -> Iterator[Spot]:
    """Yield the features of a text with their places: words and beginnings, two that follow."""
    folded, places = fold(text)
    if language == "zh":
        yield from _signs(folded, places)
        return
    hits = TOKEN.finditer(folded)
    words = [(hit.group(), places[hit.start()], places[hit.end() - 1] + 1) for hit in hits]
    if language == "ar":
        words = [(_bare(word), start, end) for word, start, end in words]
    for word, start, end in words:
        yield f"={word}", start, end
        for size in BEGINNINGS:
            if len(word) >= (SHORT if size == BEGINNINGS[0] else size):
                yield f"{size}{word[:size]}", start, end
    for (one, start, _), (two, _, end) in pairwise(words):
        yield f"{one[:5]} {two[:5]}", start, end


def _signs(folded: str, places: Sequence[int]) -> Iterator[Spot]:
    """Yield pairs of Chinese signs."""
    for run in HAN.finditer(folded):
        for at in range(run.start(), run.end() - 1):
            yield folded[at : at + 2], places[at], places[at + 1] + 1


def _bare(word: str) -> str:
    """Return an Arabic word without what is written in one with it."""
    for article in sorted(ARTICLES, key=len, reverse=True):
        bare = word.removeprefix(article)
        if bare != word and len(bare) >= SHORT:
            return bare
    return word
