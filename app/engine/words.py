"""The words pack: how people say in plain words what the areas pack calls by codes."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Annotated, Literal

from pydantic import BeforeValidator, Field

from app.engine.areas import Areas
from app.engine.entries import Framework, Part, Snake, Words, refuse_twins, refuse_unknown
from app.engine.likeness import Counts, counted
from app.engine.wordforms import ARTICLES, TOKEN, fold

Language = Literal["ar", "en", "es", "fr", "ru", "zh"]
Tongue = Literal["any", "ar", "en", "es", "fr", "ru", "zh"]
LISTS = ("kinds", "sectors", "elements", "stakeholders", "sensitivities")
"""The code lists of the areas pack for which there are rules, beside topics."""


def _lines(texts: object) -> object:
    return tuple(texts.splitlines()) if isinstance(texts, str) else texts


Lines = Annotated[tuple[Words, ...], BeforeValidator(_lines)]
"""Texts, which a pack holds as one: a line each."""
OWN, ELSEWHERE = "own", "elsewhere"
"""Codes under which texts count that no topic fits."""
SHORTEST = 2
"""Letters that must be left of a word without them."""


class Concept(Part):
    """One thing that people speak of, and its words by language.

    A word stands for every word that begins with it, `=word` for itself alone, and `one_two` for
    words that follow each other. `any` holds what is written alike everywhere.
    """

    weight: Annotated[float, Field(gt=0, le=4)]
    any: Words | None = None
    ar: Words | None = None
    en: Words | None = None
    es: Words | None = None
    fr: Words | None = None
    ru: Words | None = None
    zh: Words | None = None

    def said(self, language: Language) -> str:
        """Return the words of a language with those of all languages."""
        return f"{self.any or ''} {getattr(self, language) or ''}".strip()


class Saying(Part):
    """A code, and the ways to speak of it: each names concepts that must all be met."""

    code: Annotated[str, Field(pattern=r"^([A-E][1-9][a-z]?|[a-z][a-z_]*)$")]
    when: Annotated[tuple[Words, ...], Field(min_length=1)]
    kinds: tuple[Snake, ...] = ()

    @cached_property
    def ways(self) -> tuple[frozenset[str], ...]:
        """The concepts of each way."""
        return tuple(frozenset(way.split()) for way in self.when)


class Lexicon(Framework):
    """The whole words pack. Raises ValueError on twins and on rules of unknown concepts."""

    areas: Words
    small: dict[Language, Words]
    commands: dict[Language, Words]
    concepts: dict[Snake, Concept]
    topics: tuple[Saying, ...]
    internal: tuple[Words, ...]
    subject: tuple[Words, ...]
    kinds: tuple[Saying, ...]
    sectors: tuple[Saying, ...]
    elements: tuple[Saying, ...]
    stakeholders: tuple[Saying, ...]
    sensitivities: tuple[Saying, ...]
    organizations: tuple[Words, ...] = ()
    own: dict[Language, Lines] = Field(default_factory=dict)
    """What the organizations want for themselves (F2)."""
    elsewhere: dict[Language, Lines] = Field(default_factory=dict)
    """What people ask of others, and no topic fits."""
    examples: dict[str, dict[Language, Lines]] = Field(default_factory=dict)
    carried: dict[str, dict[Snake, int]] = Field(default_factory=dict)
    """In how many English examples of each topic each concept is met: counted, not written."""

    def model_post_init(self, _context: object) -> None:
        """Hold the rules against the concepts."""
        for name in ("topics", *LISTS):
            rules: tuple[Saying, ...] = getattr(self, name)
            refuse_twins(name, (rule.code for rule in rules))
            named = (concept for rule in rules for way in rule.ways for concept in way)
            refuse_unknown(f"concept of {name}", named, self.concepts)
        refuse_unknown("concept of internal", self.internal, self.concepts)
        refuse_unknown("concept of organizations", self.organizations, self.concepts)
        refuse_unknown("concept of subject", self.subject, self.concepts)
        topics = {rule.code for rule in self.topics}
        refuse_unknown("topic of examples", self.examples, topics)
        refuse_unknown("topic of carried", self.carried, topics)
        met = (concept for counts in self.carried.values() for concept in counts)
        refuse_unknown("concept of carried", met, self.concepts)

    @cached_property
    def phrases(self) -> dict[Language, "Phrases"]:
        """What finds concepts in a text of each language."""
        return {
            language: Phrases(
                language,
                ((name, concept.said(language)) for name, concept in self.concepts.items()),
            )
            for language in LANGUAGES
        }

    @cached_property
    def counts_read(self) -> dict[Language, Counts]:
        """The counts of the languages that were asked for."""
        return {}

    def written(self, language: Language) -> Counts:
        """Return what was written before on each topic, and on none (as OWN and ELSEWHERE).

        It is counted when a language is first asked for, and kept.
        """
        if language not in self.counts_read:
            by_code = {**self.examples, OWN: self.own, ELSEWHERE: self.elsewhere}
            said = {code: of[language] for code, of in by_code.items() if language in of}
            self.counts_read[language] = counted(language, said)
        return self.counts_read[language]

    @cached_property
    def habits(self) -> Counts:
        """Which concepts go with which topics: what the English examples tell all languages."""
        return Counts(self.carried.items())

    @cached_property
    def orders(self) -> dict[Language, "Phrases"]:
        """What finds commands to the reader in a sentence, whatever its language."""
        return {
            language: Phrases(language, [("command", words)])
            for language, words in self.commands.items()
        }


LANGUAGES: tuple[Language, ...] = ("ar", "en", "es", "fr", "ru", "zh")


def refuse_strange_codes(lexicon: Lexicon, areas: Areas) -> None:
    """Raise ValueError when a rule suggests a code that the areas pack does not hold."""
    refuse_unknown("topic", (rule.code for rule in lexicon.topics), areas.topic_by_code)
    lists = areas.code_lists() | {"kinds": areas.assistance_kinds}
    for name in LISTS:
        rules: tuple[Saying, ...] = getattr(lexicon, name)
        refuse_unknown(name, (rule.code for rule in rules), (entry.code for entry in lists[name]))
    kinds = (kind for rule in lexicon.topics for kind in rule.kinds)
    refuse_unknown("kind of a topic", kinds, (entry.code for entry in areas.assistance_kinds))


@dataclass(frozen=True, slots=True)
class Phrase:
    """Words that follow each other, by their beginnings, and what they speak of."""

    concept: str
    parts: tuple[str, ...]
    exact: bool

    def begins(self, place: int, tokens: Sequence[frozenset[str]]) -> bool:
        """Whether the words stand at this place."""
        following = tokens[place : place + len(self.parts)]
        return len(following) == len(self.parts) and all(
            any(form == part if self.exact else form.startswith(part) for form in forms)
            for part, forms in zip(self.parts, following, strict=True)
        )


class Phrases:
    """Everything that one language says, looked up by the beginnings of words.

    Finding takes time in proportion to the length of the text, however many phrases there are.
    """

    def __init__(self, language: Language, said: Iterable[tuple[str, str]]) -> None:
        """Take concepts with their words."""
        self._language = language
        self._by_start: dict[str, list[Phrase]] = {}
        for concept, words in said:
            for word in words.split():
                parts = tuple(TOKEN.findall(fold(word)[0]))
                if language == "zh":
                    parts = ("".join(parts),)
                phrase = Phrase(concept, parts, word.startswith("="))
                self._by_start.setdefault(parts[0], []).append(phrase)
        self._longest = max(map(len, self._by_start), default=0)

    def find(self, folded: str) -> Iterator[tuple[str, int, int]]:
        """Yield concept, start and end of everything that a folded text says."""
        if self._language == "zh":
            yield from self._signs(folded)
            return
        spans = [(hit.start(), hit.end()) for hit in TOKEN.finditer(folded)]
        tokens = [self._forms(folded[start:end]) for start, end in spans]
        for place, forms in enumerate(tokens):
            begun = (phrase for form in forms for phrase in self._begun(form))
            for phrase in dict.fromkeys(begun):
                if phrase.begins(place, tokens):
                    last = place + len(phrase.parts) - 1
                    yield phrase.concept, spans[place][0], spans[last][1]

    def _begun(self, signs: str) -> Iterator[Phrase]:
        """Yield the phrases with whose first word these signs begin."""
        for size in range(1, min(len(signs), self._longest) + 1):
            yield from self._by_start.get(signs[:size], ())

    def _forms(self, token: str) -> frozenset[str]:
        """Return a word, and in Arabic the same without what is written in one with it."""
        if self._language != "ar":
            return frozenset((token,))
        return frozenset(
            (token, *(bare for article in ARTICLES if (bare := _bare(token, article))))
        )

    def _signs(self, folded: str) -> Iterator[tuple[str, int, int]]:
        for place in range(len(folded)):
            for phrase in self._begun(folded[place : place + self._longest]):
                yield phrase.concept, place, place + len(phrase.parts[0])


def _bare(token: str, article: str) -> str:
    bare = token.removeprefix(article)
    return bare if bare != token and len(bare) >= SHORTEST else ""
