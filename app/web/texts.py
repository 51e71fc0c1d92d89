"""What pages say, in the language of whoever reads: words, numbers, dates and names of countries.

Templates and code name a text by its English sentence; the catalogues under `locales` translate it.
The labels of packs have catalogues of their own, which are asked second. One page speaks one
language: `speaking` sets it for the time of rendering.
"""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import UTC, date, datetime
from functools import cache
from typing import Any

from babel import dates, lists, numbers
from markupsafe import Markup, escape

from app.directory.countries import load_countries
from app.kit import speech
from app.kit.speech import Speech

NAMES = {
    "en": "English",
    "ar": "العربية",
    "es": "Español",
    "fr": "Français",
    "ru": "Русский",
    "zh": "中文",
}
"""Each language by its own name."""
marked, in_words = speech.marked, speech.in_words
"""What only names a text, to be translated where it is shown; and a code in English words."""


SPOKEN: ContextVar[Speech] = ContextVar("SPOKEN")


@contextmanager
def speaking(spoken: Speech) -> Iterator[None]:
    """Have everything below speak this language."""
    token = SPOKEN.set(spoken)
    try:
        yield
    finally:
        SPOKEN.reset(token)


def _(english: str, /, **params: Any) -> str:
    """Return a text in the language that is spoken; `{name}` stands for a parameter.

    Parameters are escaped and isolated from the direction of the sentence around them.
    """
    return filled(SPOKEN.get().text(english), params)


def counted(one: str, many: str, number: int, /, **params: Any) -> str:
    """Return the form of a text that goes with `number`, which `{number}` stands for in it."""
    return filled(SPOKEN.get().counted(one, many, number), params | {"number": quantity(number)})


def filled(text: str, params: Mapping[str, Any]) -> str:
    """Return a text with its parameters, escaped and isolated."""
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


def said(english: str) -> str:
    """Return a sentence of ours that comes as a whole, in the language that is spoken."""
    return SPOKEN.get().sentence(english)


def named(english: str) -> str:
    """Return a name that we know in the language that is spoken; any other as it is, to the letter.

    For what a record says: it may hold braces, which `_` would take for values.
    """
    return SPOKEN.get().name(english)


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


def spelled_day(text: str) -> str:
    """Return a day that is spelled by its numbers as the language does; any other text as it is."""
    try:
        return day(date.fromisoformat(text[:10]))
    except ValueError:
        return text


def month(value: date) -> str:
    """Return a month with its year, as the language writes them, for pictures."""
    return dates.format_skeleton("yMMM", value, locale=SPOKEN.get().locale)


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
    spoken = SPOKEN.get()
    return spoken.name(spoken.entities.get(code, code.upper()))


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
