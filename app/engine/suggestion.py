"""From words to topics: what a text speaks of, with the words that it rests on (F15, F43c).

Nothing is learnt and nothing is drawn by lot: the same text with the same pack gives the same
answer, whatever the order of its sentences. Sentences that command the reader are set aside, names
of entities tell nothing, and the area that was ticked weighs less than any word.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from app.engine.heard import FAINT, Heard, Met, Suggested, Where
from app.engine.likeness import Likeness, features
from app.engine.sentences import language_of, told
from app.engine.wordforms import fold
from app.engine.words import ELSEWHERE, LISTS, OWN, Language, Lexicon, Saying

HINT = 0.4
"""What the ticked area adds: less than the least word."""
ENOUGH = 2.0
"""What a topic must weigh to be suggested at all."""
RULED = 20.0
"""What the confidence that rules give counts, beside likeness to what was written before."""
CARRIED = 1.5
"""What the concepts of English examples count in another language."""
ALONE = 14.0
"""How like a text must be where no rule says anything."""
APART = 24.0
"""How like it must be where nothing is said of computers or of crime either."""
WELL_READ = "en"
"""The language in which there are many examples."""
SURE = 0.7
"""How sure rules must be to be followed alone in languages with few examples."""
TWICE = 2.0
"""How much more like a topic a text must be to be no internal matter, whatever words it has."""
THIN = 0.75
"""What of both is enough in languages with few examples."""
VOUCHED = 10.0
"""How much of that a rule makes up for."""
EVEN = 0.45
"""How sure a topic is that another one equals; as measured, each tenth ahead adds a tenth."""
LEAST = 0.05
"""How sure a second or third topic must be to be shown."""
SUREST = 0.97
FAINTEST = 0.49
"""How sure a topic is at most that no rule names by itself."""
MOST = 3
"""How many topics and kinds are suggested."""
NOTHING = Likeness(0.0, ())
UNTOPICAL = frozenset((OWN, ELSEWHERE))


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
    alike = _alike(lexicon, heard, (language, text))
    internal = _internal(lexicon, heard, alike, text)
    topics = () if internal else _blended(lexicon, whole, hint, (language, text), alike)
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


def _topics(lexicon: Lexicon, heard: Heard, hint: str) -> tuple[tuple[Suggested, ...], bool]:
    """Return topics whose rules are met, and True; if there are none, those that are half met.

    Half is enough only where something is said that belongs to computers or to crime.
    """
    met = _ranked(lexicon, heard, hint, Heard.weight, ENOUGH)
    if met or heard.need.keys().isdisjoint(lexicon.subject):
        return met, True
    return _ranked(lexicon, heard, hint, Heard.half, FAINT), False


def _internal(
    lexicon: Lexicon, heard: Heard, alike: Mapping[str, Likeness], text: str
) -> tuple[Met, ...]:
    """Return words by which a text seems a matter of the organizations themselves (F2).

    Words that say so, unless the text is much more like a topic; or likeness to such matters,
    where the organizations are named.
    """
    own, most = alike.get(OWN, NOTHING), _most(alike)
    plain = heard.words(name for name in lexicon.internal if name in heard.need)
    if plain:
        return plain if most <= max(APART, TWICE * own.weight) else ()
    named = any(name in heard.need for name in lexicon.organizations)
    return _spoken(own, text) if named and own.weight > most else ()


def _most(alike: Mapping[str, Likeness]) -> float:
    """Return the likeness to the topic that a text is most like."""
    return max((one.weight for code, one in alike.items() if code not in UNTOPICAL), default=0.0)


def _blended(
    lexicon: Lexicon,
    heard: Heard,
    hint: str,
    said: tuple[Language, str],
    alike: Mapping[str, Likeness],
) -> tuple[Suggested, ...]:
    """Return topics by the rules and by what was written before, added up.

    A topic that no rule names wholly stays faint. What is left of the first one's confidence is
    shared by those that follow. Where there are few examples, rules that are sure are enough.
    """
    ruled, wholly = _topics(lexicon, heard, hint)
    thin = said[0] != WELL_READ
    if thin and wholly and ruled and ruled[0].confidence >= SURE:
        alike = {}
    elif _elsewhere(lexicon, heard, ruled, alike, THIN if thin else 1.0):
        return ()
    known = {one.code: one for one in ruled}
    weights = {code: one.weight for code, one in alike.items() if code not in UNTOPICAL}
    for code, one in known.items():
        weights[code] = weights.get(code, 0.0) + RULED * one.confidence
    order = [rule.code for rule in lexicon.topics]
    best = sorted(weights, key=lambda code: (-weights[code], order.index(code)))[:MOST]
    found: list[Suggested] = []
    for code, sure in zip(best, _shared([weights[code] for code in best]), strict=True):
        if found and sure < LEAST:
            break
        most = SUREST if wholly and code in known else FAINTEST
        words = known[code].words if code in known else _spoken(alike[code], said[1])
        before = found[-1].confidence if found else 1.0
        found.append(Suggested(code, min(sure, most, before), words))
    return tuple(found)


def _shared(weights: Sequence[float]) -> Iterator[float]:
    """Yield how sure each of some topics is, the heaviest first: by how far it is ahead."""
    if weights:
        ahead = 1.0 - (weights[1] / weights[0] if len(weights) > 1 else 0.0)
        first = min(SUREST, EVEN + ahead)
        yield round(first, 2)
        for weight in weights[1:]:
            yield round((1 - first) * weight / sum(weights[1:]), 2)


def _elsewhere(
    lexicon: Lexicon,
    heard: Heard,
    ruled: Sequence[Suggested],
    alike: Mapping[str, Likeness],
    enough: float,
) -> bool:
    """Whether a text is more like what is asked of others than like any topic.

    Where the need speaks neither of computers nor of crime, rules alone do not suffice: roads are
    repaired, too; and more is asked where what stands around it does not, either.
    """
    other, most = alike.get(ELSEWHERE, NOTHING).weight, _most(alike)
    if any(name in heard.need for name in lexicon.subject):
        return not ruled and most < max(enough * ALONE, other)
    near = any(name in heard.around for name in lexicon.subject)
    vouched = VOUCHED * max((one.confidence for one in ruled), default=0.0)
    return most + vouched < max(enough * (ALONE if near else APART), other)


def _alike(lexicon: Lexicon, heard: Heard, said: tuple[Language, str]) -> dict[str, Likeness]:
    """Return how like the sentences that tell something are to what was written before.

    Few examples are in other languages than English: there, which concepts go with which topics
    counts as well.
    """
    language, text = said
    spots = (
        (feature, start + first, start + last)
        for start, end in told(lexicon, text)[0]
        for feature, first, last in features(language, text[start:end])
    )
    found = lexicon.written(language).like(spots)
    if language == WELL_READ:
        return found
    met = ((name, hits[0].start, hits[0].end) for name, hits in heard.need.items())
    for code, one in lexicon.habits.like(met).items():
        found[code] = found.get(code, NOTHING).and_more(one, CARRIED)
    return found


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
    found: list[Suggested] = []
    for rule in rules:
        weight, words = _weighed(lexicon, whole, rule)
        if weight:
            own = any(met.where == "need" for met in words)
            found.append(Suggested(rule.code, 0.8 if own else 0.5, words))
    return tuple(found)
