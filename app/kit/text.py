"""Text that people type, and text that we show them in their language."""

import re
from datetime import UTC, date, datetime
from functools import cache, lru_cache
from pathlib import Path
from typing import Annotated, Any

from babel.messages.pofile import read_po
from pydantic import AfterValidator, AwareDatetime, BeforeValidator, StringConstraints

LANGUAGES = ("en", "ar", "es", "fr", "ru", "zh")
_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff\u202a-\u202e\u2066-\u2069]")


def printable(value: str) -> str:
    """Return `value` if it holds no control, surrogate or direction-override characters.

    Raises ValueError: such characters are never typed on purpose, and mislead whoever reads them.
    """
    if _CONTROL.search(value):
        raise ValueError("control characters are not taken")
    return value


Line = Annotated[
    str, StringConstraints(strip_whitespace=True, max_length=300), AfterValidator(printable)
]
"""One line of text, at most 300 characters."""


def plain_line_ends(value: object) -> object:
    """Return a text with one kind of line end, as typed on any system."""
    return value.replace("\r\n", "\n") if isinstance(value, str) else value


Prose = Annotated[
    str,
    BeforeValidator(plain_line_ends),
    StringConstraints(strip_whitespace=True, max_length=20_000),
    AfterValidator(printable),
]
"""Paragraphs, at most 20,000 characters."""

Name = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9_.@:-]{1,100}$")]
"""A code that packs define."""

Alpha3 = Annotated[str, StringConstraints(pattern=r"^[A-Z]{3}$")]
"""A country by its ISO 3166-1 alpha-3 code."""

Filled = Annotated[Line, StringConstraints(min_length=1)]
"""One line that must say something."""

FilledProse = Annotated[Prose, StringConstraints(min_length=1)]
"""Paragraphs that must say something."""


def spelled(value: Any) -> Any:
    """Return a date or moment that is spelled out, as RFC 3339 does; a number is not taken for one.

    Raises ValueError.
    """
    if isinstance(value, int | float) or (isinstance(value, str) and "-" not in value[1:]):
        raise ValueError("spell it as 2026-01-31, or 2026-01-31T12:00:00Z")
    return value


Day = Annotated[date, BeforeValidator(spelled)]
"""A day, spelled 2026-01-31."""


def in_utc(moment: datetime) -> datetime:
    """Return the moment in UTC. Raises ValueError when it lies outside the calendar there."""
    try:
        return moment.astimezone(UTC)
    except OverflowError as fault:
        raise ValueError("outside the calendar") from fault


Instant = Annotated[AwareDatetime, BeforeValidator(spelled), AfterValidator(in_utc)]
"""A moment with its time zone, spelled 2026-01-31T12:00:00Z."""


@lru_cache(maxsize=512)
def preferred(header: str) -> str:
    """Return the best of our six languages for an Accept-Language header; English otherwise."""
    ranked: list[tuple[float, int, str]] = []
    for place, part in enumerate(header.split(",")[:20]):
        tag, _, weight = part.strip().partition(";q=")
        base = tag.strip().lower().partition("-")[0]
        if base in LANGUAGES:
            try:
                ranked.append((-float(weight or 1), place, base))
            except ValueError:
                continue
    return min(ranked)[2] if ranked else "en"


class Catalogue:
    """Translations of what packs say, by language, from PO files in one folder."""

    def __init__(self, folder: Path) -> None:
        """Read every `<language>.po` of `folder`; a language without a file speaks English."""
        self._texts = {file.stem: _read(file) for file in sorted(folder.glob("*.po"))}

    def text(self, english: str, language: str) -> str:
        """Return `english` in `language`, or as it is where no translation stands."""
        return self.find(english, language) or english

    def find(self, english: str, language: str) -> str | None:
        """Return the translation of `english`, if there is one: it may read the same."""
        return self._texts.get(language, {}).get(english)

    def missing(self, texts: set[str]) -> dict[str, list[str]]:
        """Return, by language, the texts that have no translation yet."""
        return {
            language: sorted(texts - set(self._texts.get(language, {})))
            for language in LANGUAGES
            if language != "en"
        }


@cache
def _read(file: Path) -> dict[str, str]:
    with file.open("rb") as stream:
        return {str(m.id): str(m.string) for m in read_po(stream) if m.id and m.string}


def merge_patch(before: dict[str, Any], patch: dict[str, Any]) -> dict[str, Any]:
    """Return `before` with an RFC 7396 merge patch applied; null takes a field back to empty."""
    after = dict(before)
    for name, value in patch.items():
        if value is None:
            after.pop(name, None)
        elif isinstance(value, dict) and isinstance(after.get(name), dict):
            after[name] = merge_patch(after[name], value)
        else:
            after[name] = value
    return after
