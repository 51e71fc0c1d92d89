"""Sentences with their values apart, so that a stored reason can be told in any language."""

from collections.abc import Iterable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class PartOut:
    """One of several that a sentence lists: its English text, and what stands in it by name."""

    text: str
    values: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class SentenceOut:
    """A sentence: its English text, what stands in it by name, and what `{parts}` lists in it.

    The name of a value says what it is: `entity` and `mandate` are codes of the compendium, `topic`
    and `area` codes of the request's areas, `need` a number, `rank`, `why` and `side` our words.
    """

    text: str
    values: tuple[tuple[str, str], ...] = ()
    parts: tuple[PartOut, ...] = ()


def sentence(text: str, parts: Iterable[PartOut] = (), /, **values: object) -> SentenceOut:
    """Return a sentence with its values."""
    return SentenceOut(text, _named(values), tuple(parts))


def part(text: str, /, **values: object) -> PartOut:
    """Return one of several that a sentence lists."""
    return PartOut(text, _named(values))


def english(told: Iterable[SentenceOut]) -> str:
    """Return sentences as they stand in English, with codes for what they name."""
    return " ".join(_filled(one) for one in told)


def _filled(one: SentenceOut) -> str:
    listed = ", ".join(each.text.format(**dict(each.values)) for each in one.parts)
    return one.text.format(**dict(one.values), parts=listed)


def _named(values: dict[str, object]) -> tuple[tuple[str, str], ...]:
    return tuple((name, str(value)) for name, value in values.items())
