"""What was heard in a text: the concepts met in a need and around it, and what they weigh."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from itertools import chain
from typing import Literal

from app.engine.words import Lexicon

BESIDE = 0.4
"""What a word of the title or the summary counts, beside one of the need."""
FAINT = 0.5
"""What half-met rules count, when no rule is wholly met."""
Where = Literal["need", "summary"]


@dataclass(frozen=True, slots=True)
class Met:
    """Words of a text that speak of a concept: `text[start:end]`."""

    concept: str
    where: Where
    start: int
    end: int
    words: str


@dataclass(frozen=True, slots=True)
class Suggested:
    """A code, how sure it is (0 to 1, two digits), and the words that it rests on."""

    code: str
    confidence: float
    words: tuple[Met, ...]


@dataclass(frozen=True, slots=True)
class Heard:
    """The concepts met in a need, and those met in what stands around it."""

    need: Mapping[str, tuple[Met, ...]]
    around: Mapping[str, tuple[Met, ...]]

    def weight(self, way: Iterable[str], lexicon: Lexicon) -> float:
        """Return what a way weighs here; 0 when it is not met, or by the surroundings alone."""
        total, own = 0.0, False
        for name in way:
            if name in self.need:
                own, total = True, total + lexicon.concepts[name].weight
            elif name in self.around:
                total += BESIDE * lexicon.concepts[name].weight
            else:
                return 0.0
        return total if own else 0.0

    def half(self, way: Iterable[str], lexicon: Lexicon) -> float:
        """Return what a way weighs of which the need says two things or more, and half at least."""
        said = {name: lexicon.concepts[name].weight for name in way}
        own = [weight for name, weight in said.items() if name in self.need]
        share = sum(own) / sum(said.values())
        return FAINT * share * sum(own) if len(own) > 1 and share >= FAINT else 0.0

    def words(self, way: Iterable[str]) -> tuple[Met, ...]:
        """Return the words that a way rests on: of the need, or else of the surroundings."""
        found = chain.from_iterable(self.need.get(n) or self.around.get(n, ()) for n in way)
        return tuple(sorted(found, key=lambda met: (met.where, met.start, met.concept)))
