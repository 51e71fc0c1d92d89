"""What changed between two wordings: the words that went and those that came, with some around."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import Any, Literal

from app.requests.schemas import TextVersionView

AROUND = 12
"""How many words that stayed are shown around those that changed."""
WORDS = re.compile(r"\S+\s*|\s+")
Mark = Literal["same", "gone", "new", "left out"]


@dataclass(frozen=True, slots=True)
class Changed:
    """One field that an event changed: pieces of text, each marked."""

    part: str
    field: str
    pieces: tuple[tuple[Mark, str], ...]


def pieces(before: str, after: str, *, whole: bool = False) -> Iterator[tuple[Mark, str]]:
    """Yield the pieces of two wordings in the order in which they are read.

    `whole`: all that stayed is told as well.
    """
    old, new = WORDS.findall(before), WORDS.findall(after)
    steps = SequenceMatcher(None, old, new, autojunk=False).get_opcodes()
    for place, (kind, a, b, c, d) in enumerate(steps):
        if kind == "equal":
            if whole:
                yield "same", "".join(old[a:b])
            else:
                yield from _stayed(old[a:b], first=place == 0, last=place == len(steps) - 1)
            continue
        if b > a:
            yield "gone", "".join(old[a:b])
        if d > c:
            yield "new", "".join(new[c:d])


def _stayed(words: Sequence[str], *, first: bool, last: bool) -> Iterator[tuple[Mark, str]]:
    """Yield words that stayed; of many only those beside what changed."""
    head = 0 if first else AROUND
    tail = 0 if last else AROUND
    if len(words) <= head + tail:
        yield "same", "".join(words)
        return
    if head:
        yield "same", "".join(words[:head])
    yield "left out", ""
    if tail:
        yield "same", "".join(words[-tail:])


def by_event(
    versions: Sequence[TextVersionView], now: Mapping[str, Mapping[str, Any]]
) -> dict[int, list[Changed]]:
    """Return what each event changed; `now` are the texts that stand, by part and field.

    A version is what stood before the event whose number follows its revision.
    """
    standing = {part: dict(fields) for part, fields in now.items()}
    found: dict[int, list[Changed]] = {}
    for version in reversed(versions):
        known = standing.setdefault(version.part, {})
        for field, before in version.content.items():
            after, known[field] = known.get(field, before), before
            if spelled(before) != spelled(after):
                told = tuple(pieces(spelled(before), spelled(after)))
                one = Changed(version.part, field, told)
                found.setdefault(version.revision + 1, []).append(one)
    return found


def spelled(value: Any) -> str:
    """Return a value of a field as a text."""
    if isinstance(value, list | tuple):
        return ", ".join(map(str, value))
    return "" if value is None else str(value)
