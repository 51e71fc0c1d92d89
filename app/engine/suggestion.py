"""From words to topics: what a text speaks of, with the words that it rests on (F15, F43c).

Nothing is learnt and nothing is drawn by lot: the same text with the same pack gives the same
answer, whatever the order of its sentences. Sentences that command the reader are set aside, names
of entities tell nothing, and the area that was ticked weighs less than any word.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import chain
from typing import Literal

from app.engine.likeness import Likeness, features
from app.engine.sentences import language_of, told
from app.engine.wordforms import fold
from app.engine.words import LISTS, Language, Lexicon, Saying

HINT = 0.4
"""What the ticked area adds: less than the least word."""
BESIDE = 0.4
"""What a word of the title or the summary counts, beside one of the need."""
ENOUGH = 2.0
"""What a topic must weigh to be suggested at all."""
FAINT = 0.5
"""What half-met rules count, when no rule is wholly met."""
UNSURE = 0.7
"""How sure the rules must be to be followed alone; else what was written before counts too."""
RULED = 6.0
"""What the confidence that rules give counts, beside LIKE."""
LIKE = 0.3
"""What likeness to what was written before counts."""
ALONE = 8.0
"""How like a text must be where no rule says anything."""
FAINTEST = 0.49
"""How sure a topic is at most that no rule names by itself."""
MOST = 3
"""How many topics and kinds are suggested."""
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
class Suggestion:
    """What one text speaks of. Topics and kinds best first; the lists in the order of the pack.

    `internal`: words by which it seems a matter of the organizations themselves (F2), which no
    topic fits.
    """

    language: Language
    internal: tuple[Met, ...]
    topics: tuple[Suggested, ...]
    kinds: tuple[Suggested, ...]
    lists: Mapping[str, tuple[Suggested, ...]]
    set_aside: tuple[str, ...]


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


Weigh = Callable[[Heard, Iterable[str], Lexicon], float]
"""How much a way weighs in what was heard."""


def suggest(
    lexicon: Lexicon, text: str, around: str = "", hint: str = "", declared: Language = "en"
) -> Suggestion:
    """Return what a text speaks of.

    `around`: title and summary beside a need. `hint`: the letter of the area that was ticked.
    `declared`: the language that was named; a text plainly in another one is read as that.
    """
    language, met, aside = _met(lexicon, text, "need", declared)
    _, near, _ = _met(lexicon, around, "summary", declared)
    heard = Heard(met, {})
    whole = Heard(heard.need, near)
    internal = heard.words(name for name in lexicon.internal if name in heard.need)
    topics = () if internal else _topics(lexicon, whole, hint)
    if not internal:
        topics = _blended(lexicon, heard, topics, (language, text))
    usual = {rule.code: rule.kinds for rule in lexicon.topics}
    kinds = _kinds(lexicon, heard, usual[topics[0].code] if topics else (), topics)
    lists = {name: _listed(lexicon, whole, name) for name in LISTS if name != "kinds"}
    return Suggestion(language, internal, topics, kinds, lists, aside)


def _met(
    lexicon: Lexicon, text: str, where: Where, declared: Language
) -> tuple[Language, dict[str, tuple[Met, ...]], tuple[str, ...]]:
    """Return the language of a text, the concepts met in it, and the sentences set aside."""
    kept, aside = told(lexicon, text)
    language = language_of(lexicon, " ".join(text[start:end] for start, end in kept), declared)
    found: dict[str, list[Met]] = {}
    for start, end in kept:
        folded, places = fold(text[start:end])
        for name, first, last in lexicon.phrases[language].find(folded):
            span = (start + places[first], start + places[last - 1] + 1)
            found.setdefault(name, []).append(Met(name, where, *span, text[slice(*span)]))
    return language, {name: tuple(hits) for name, hits in found.items()}, aside


def _weighed(
    lexicon: Lexicon, heard: Heard, rule: Saying, weigh: Weigh = Heard.weight
) -> tuple[float, tuple[Met, ...]]:
    """Return what a rule weighs by its heaviest way, and the words of that way."""
    weights = [weigh(heard, way, lexicon) for way in rule.ways]
    best = max(weights)
    return best, heard.words(rule.ways[weights.index(best)]) if best else ()


def _topics(lexicon: Lexicon, heard: Heard, hint: str) -> tuple[Suggested, ...]:
    """Return topics whose rules are met; if there are none, those that are half met.

    Half is enough only where something is said that belongs to computers or to crime.
    """
    met = _ranked(lexicon, heard, hint, Heard.weight, ENOUGH)
    if met or heard.need.keys().isdisjoint(lexicon.subject):
        return met
    return _ranked(lexicon, heard, hint, Heard.half, FAINT)


def _blended(
    lexicon: Lexicon, heard: Heard, ruled: tuple[Suggested, ...], said: tuple[Language, str]
) -> tuple[Suggested, ...]:
    """Return topics by the rules and by what was written before, where the rules are unsure.

    Without any rule it takes something that belongs to computers or to crime, and much likeness.
    """
    if ruled and ruled[0].confidence >= UNSURE:
        return ruled
    alike = _alike(lexicon, said)
    most = max((one.weight for one in alike.values()), default=0.0)
    if not ruled and (most < ALONE or heard.need.keys().isdisjoint(lexicon.subject)):
        return ()
    weights = {one.code: RULED * one.confidence for one in ruled}
    for code, one in alike.items():
        weights[code] = weights.get(code, 0.0) + LIKE * one.weight
    order = [rule.code for rule in lexicon.topics]
    best = sorted(weights, key=lambda code: (-weights[code], order.index(code)))[:MOST]
    known = {one.code: one for one in ruled}
    found: list[Suggested] = []
    for code in best:
        sure = _sure(weights[code], [w for c, w in weights.items() if c != code])
        sure = min(sure, known[code].confidence if code in known else FAINTEST)
        before = found[-1].confidence if found else 1.0
        words = known[code].words if code in known else _spoken(alike[code], said[1])
        found.append(Suggested(code, min(sure, before), words))
    return tuple(found)


def _alike(lexicon: Lexicon, said: tuple[Language, str]) -> dict[str, Likeness]:
    """Return how like the sentences that tell something are to what was written before."""
    language, text = said
    spots = (
        (feature, start + first, start + last)
        for start, end in told(lexicon, text)[0]
        for feature, first, last in features(language, text[start:end])
    )
    return lexicon.written[language].like(spots)


def _spoken(alike: Likeness, text: str) -> tuple[Met, ...]:
    return tuple(Met("alike", "need", start, end, text[start:end]) for start, end in alike.spans)


def _ranked(
    lexicon: Lexicon, heard: Heard, hint: str, weigh: Weigh, enough: float
) -> tuple[Suggested, ...]:
    weighed = []
    for place, rule in enumerate(lexicon.topics):
        weight, words = _weighed(lexicon, heard, rule, weigh)
        if weight >= enough:
            weight += HINT if rule.code[0] == hint else 0.0
            weighed.append((-weight, place, rule.code, words))
    weighed.sort(key=lambda one: one[:2])
    best = weighed[:MOST]
    return tuple(
        Suggested(code, _sure(-weight, [-w for w, _, c, _ in weighed if c != code]), words)
        for weight, _, code, words in best
    )


def _sure(weight: float, others: Sequence[float]) -> float:
    """Return how sure a topic is: by its own weight, and by how far others stay behind."""
    rival = max(others, default=0.0)
    return round(weight / (weight + 1.0) * weight / (weight + 0.5 * rival), 2)


def _kinds(
    lexicon: Lexicon, heard: Heard, usual: Sequence[str], topics: Sequence[Suggested]
) -> tuple[Suggested, ...]:
    """Return kinds that are named among those usual for the topic, then the usual ones."""
    weighed: dict[str, tuple[float, tuple[Met, ...]]] = {
        kind: (1.5 - 0.3 * place, topics[0].words) for place, kind in enumerate(usual)
    }
    for rule in lexicon.kinds:
        weight, words = _weighed(lexicon, heard, rule)
        if weight and (rule.code in weighed or not usual):
            weighed[rule.code] = (weighed.get(rule.code, (0.0, ()))[0] + weight / 3, words)
    best = sorted(weighed.items(), key=lambda one: (-one[1][0], one[0]))[:MOST]
    return tuple(
        Suggested(code, round(weight / (weight + 1.0), 2), words) for code, (weight, words) in best
    )


def _listed(lexicon: Lexicon, heard: Heard, name: str) -> tuple[Suggested, ...]:
    rules: tuple[Saying, ...] = getattr(lexicon, name)
    whole = Heard({**heard.around, **heard.need}, {})
    found = []
    for rule in rules:
        weight, words = _weighed(lexicon, whole, rule)
        if weight:
            own = any(met.where == "need" for met in words)
            found.append(Suggested(rule.code, 0.8 if own else 0.5, words))
    return tuple(found)
