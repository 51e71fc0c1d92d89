"""How a language is spoken: its texts and plural forms from gettext catalogues, by one mechanism.

Pages, mails and the answers of the interface name a text by its English sentence, and find it here
in the language of whoever reads. The labels of packs have catalogues of their own, asked second.
"""

import gettext
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path

from babel import Locale, lists
from babel.messages.pofile import read_po

from app.kit.text import Catalogue

CATALOGUES = Path(__file__).parents[1] / "web" / "locales"
"""Where the texts of the code stand, a file a language; most of them are the pages'."""
SPELLED = {"en": "en_GB"}
"""Where the organization spells a language otherwise than most: day before month."""


@dataclass(frozen=True, slots=True)
class Speech:
    """One language: its texts, its plural forms, how it writes numbers and dates, and names."""

    language: str
    locale: Locale
    texts: dict[str, str]
    plurals: dict[str, tuple[str, ...]]
    plural: Callable[[int], int]
    packs: Catalogue
    entities: Mapping[str, str]
    patterns: tuple[tuple[re.Pattern[str], str], ...] = ()

    @property
    def direction(self) -> str:
        """Which way it is written."""
        return self.locale.text_direction

    def text(self, english: str) -> str:
        """Return a text of ours in this language; one without translation stays English."""
        return self.name(english)

    def name(self, name: str) -> str:
        """Return a name, which need not be ours, in this language if we know it."""
        return self.texts.get(name) or self.packs.text(name, self.language)

    def sentence(self, english: str) -> str:
        """Return a sentence that was put together in English, with the values that stand in it."""
        told = self.text(english)
        if told != english:
            return told
        for pattern, text in self.patterns:
            if found := pattern.fullmatch(english):
                return text.format(*map(self._value, found.groups()))
        return english

    def _value(self, english: str) -> str:
        """Return what stands in a sentence: words of ours translated, also where they are listed.

        Where one of several is not ours, nothing is: then it is what somebody typed.
        """
        if whole := self._word(english):
            return whole
        told = [self._part(one) for one in english.split(", ")]
        return lists.format_list(told, locale=self.locale) if all(told) else english

    def _word(self, english: str) -> str:
        """Return a word or a code of ours, translated; nothing where it is none."""
        for form in (english, in_words(english)):
            if told := self.texts.get(form) or self.packs.find(form, self.language):
                return told
        return ""

    def _part(self, english: str) -> str:
        """Return one of several listed things, translated; nothing where it is not ours."""
        if word := self._word(english):
            return word
        told = self.sentence(english)
        return told if told != english else ""

    def counted(self, one: str, many: str, number: int) -> str:
        """Return the form of a text that goes with a number."""
        forms = self.plurals.get(one)
        if forms is None:
            return one if number == 1 else many
        return forms[self.plural(number)]


NOBODY: Mapping[str, str] = {}
"""The names of no entity, where none is named."""


def speech(language: str, packs: Catalogue, entities: Mapping[str, str] = NOBODY) -> Speech:
    """Return how a language is spoken here; `entities` are the names of the entities by code."""
    file = CATALOGUES / f"{language}.po"
    texts, plurals, plural = _read(file, language)
    spoken = Speech(language, _locale(language), texts, plurals, plural, packs, entities)
    return replace(spoken, patterns=_patterns(file, language))


HOLE = re.compile(r"(\{\d\})")
"""Where a value stands in a sentence that code put together."""


@cache
def _patterns(file: Path, language: str) -> tuple[tuple[re.Pattern[str], str], ...]:
    """Return what recognises each sentence with values in it, the most telling first."""
    texts = _read(file, language)[0]
    holed = sorted((one for one in texts if HOLE.search(one)), key=len, reverse=True)
    return tuple((_pattern(one), texts[one]) for one in holed)


def _pattern(english: str) -> re.Pattern[str]:
    parts = [r"(.*?)" if HOLE.fullmatch(one) else re.escape(one) for one in HOLE.split(english)]
    return re.compile("".join(parts), re.DOTALL)


@cache
def _locale(language: str) -> Locale:
    return Locale.parse(SPELLED.get(language, language))


@cache
def _read(
    file: Path, language: str
) -> tuple[dict[str, str], dict[str, tuple[str, ...]], Callable[[int], int]]:
    if not file.exists():
        return {}, {}, lambda number: int(number != 1)
    with file.open("rb") as stream:
        catalogue = read_po(stream, locale=language)
    texts: dict[str, str] = {}
    plurals: dict[str, tuple[str, ...]] = {}
    for message in catalogue:
        if isinstance(message.id, tuple | list):
            told = tuple(map(str, message.string or ()))
            plurals |= {str(message.id[0]): told} if told and all(told) else {}
        elif message.id and message.string:
            texts[str(message.id)] = str(message.string)
    return texts, plurals, gettext.c2py(catalogue.plural_expr)


def marked(english: str) -> str:
    """Return a text as it is: here it is only named, and translated where it is shown."""
    return english


ACRONYMS = {one.lower(): one for one in ("CIRT", "ICT", "ITU", "UN", "UNODC")}
"""What is written in capitals, and so spelled out by who reads aloud."""


def in_words(code: object) -> str:
    """Return a code of ours in English words: `in_progress` as "In progress"."""
    parts = str(code).replace("_", " ").replace(".", " ").strip().split(" ")
    text = " ".join(ACRONYMS.get(part, part) for part in parts)
    return text[:1].upper() + text[1:]
