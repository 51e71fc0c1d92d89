"""What pages say, in the language of whoever reads: words, numbers, dates and names of countries.

Templates and code name a text by its English sentence; the catalogues under `locales` translate it.
The labels of packs have catalogues of their own, which are asked second. One page speaks one
language: `speaking` sets it for the time of rendering.
"""

import gettext
import re
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from functools import cache
from pathlib import Path
from typing import Any

from babel import Locale, dates, lists, numbers
from babel.messages.pofile import read_po
from markupsafe import Markup, escape

from app.directory.countries import load_countries
from app.kit.text import Catalogue

HERE = Path(__file__).parent / "locales"
SPELLED = {"en": "en_GB"}
"""Where the organization spells a language otherwise than most: day before month."""
NAMES = {
    "en": "English",
    "ar": "العربية",
    "es": "Español",
    "fr": "Français",
    "ru": "Русский",
    "zh": "中文",
}
"""Each language by its own name."""


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
        """Return a text in this language; one without translation stays English."""
        return self.texts.get(english) or self.packs.text(english, self.language)

    def sentence(self, english: str) -> str:
        """Return a sentence that was put together in English, with the values that stand in it."""
        told = self.text(english)
        if told != english:
            return told
        for pattern, text in self.patterns:
            if found := pattern.fullmatch(english):
                values = [self.text(one) for one in found.groups()]
                return text.format(*values)
        return english

    def counted(self, one: str, many: str, number: int) -> str:
        """Return the form of a text that goes with a number."""
        forms = self.plurals.get(one)
        if forms is None:
            return one if number == 1 else many
        return forms[self.plural(number)]


def speech(language: str, packs: Catalogue, entities: Mapping[str, str]) -> Speech:
    """Return how a language is spoken here; `entities` are the names of the entities by code."""
    file = HERE / f"{language}.po"
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


SPOKEN: ContextVar[Speech] = ContextVar("SPOKEN")


@contextmanager
def speaking(spoken: Speech) -> Iterator[None]:
    """Have everything below speak this language."""
    token = SPOKEN.set(spoken)
    try:
        yield
    finally:
        SPOKEN.reset(token)


def marked(english: str) -> str:
    """Return a text as it is: here it is only named, and translated where it is shown."""
    return english


def _(english: str, /, **params: Any) -> str:
    """Return a text in the language that is spoken; `{name}` stands for a parameter.

    Parameters are escaped and isolated from the direction of the sentence around them.
    """
    return _filled(SPOKEN.get().text(english), params)


def counted(one: str, many: str, number: int, /, **params: Any) -> str:
    """Return the form of a text that goes with `number`, which `{number}` stands for in it."""
    return _filled(SPOKEN.get().counted(one, many, number), params | {"number": quantity(number)})


def _filled(text: str, params: dict[str, Any]) -> str:
    shown = {k: v if isinstance(v, Markup) else typed(v) for k, v in params.items()}
    return escape(text).format(**shown)


def plainly(english: str, /, **params: Any) -> str:
    """Return the same as plain text, for titles and attributes."""
    return SPOKEN.get().text(english).format(**params)


def typed(value: Any) -> Markup:
    """Return what people typed, isolated: it keeps its own direction."""
    return Markup("<bdi>{}</bdi>").format(value)


def words(code: Any) -> str:
    """Return a code of ours in words: `in_progress` as "In progress", translated."""
    return SPOKEN.get().text(in_words(code))


def in_words(code: Any) -> str:
    """Return a code of ours in English words."""
    text = str(code).replace("_", " ").replace(".", " ").strip()
    return text[:1].upper() + text[1:]


def said(english: str) -> str:
    """Return a sentence of ours that comes as a whole, in the language that is spoken."""
    return SPOKEN.get().sentence(english)


def quantity(value: float | None) -> str:
    """Return a number as the language writes it."""
    return "" if value is None else numbers.format_decimal(value, locale=SPOKEN.get().locale)


def share(value: float) -> str:
    """Return a part of one as the language writes percents."""
    return str(numbers.format_percent(value, locale=SPOKEN.get().locale))


def day(value: date | datetime | None) -> str:
    """Return a day, spelled out as the language does."""
    if value is None:
        return ""
    known = value.date() if isinstance(value, datetime) else value
    shown = dates.format_date(known, "medium", locale=SPOKEN.get().locale)
    return Markup('<time datetime="{}">{}</time>').format(known.isoformat(), shown)


def moment(value: datetime | None) -> str:
    """Return a moment to the minute, in UTC."""
    if value is None:
        return ""
    at = value.astimezone(UTC)
    shown = dates.format_datetime(at, "medium", locale=SPOKEN.get().locale)
    return Markup('<time datetime="{}">{} UTC</time>').format(at.isoformat(), _short(shown, at))


def _short(shown: str, at: datetime) -> str:
    """Return a moment without its seconds, however the language writes them."""
    seconds = dates.format_datetime(at, ":ss", locale=SPOKEN.get().locale)
    return shown.replace(seconds, "", 1)


def entity(code: str) -> str:
    """Return the short name of an entity."""
    return SPOKEN.get().entities.get(code, code.upper())


def country(alpha3: str) -> str:
    """Return the name of a country."""
    known = _countries().get(alpha3)
    return known.name(SPOKEN.get().language) if known else alpha3


def countries() -> list[tuple[str, str]]:
    """Return every country with its name, in the order of the language."""
    language = SPOKEN.get().language
    known = sorted(_countries().values(), key=lambda one: one.order(language))
    return [(one.alpha3, one.name(language)) for one in known]


@cache
def _countries() -> dict[str, Any]:
    return {one.alpha3: one for one in load_countries()}


def listed(values: list[str]) -> str:
    """Return several texts as one enumeration in the language."""
    return lists.format_list(values, locale=SPOKEN.get().locale)
