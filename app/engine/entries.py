"""What every framework pack shares: coded, labelled entries that name the paragraph behind them."""

import re
from collections import Counter
from collections.abc import Iterable
from typing import Annotated

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, StringConstraints

# A paragraph may carry a letter (F12g) or the number of its bullet (F30-2).
_MARK = re.compile(r"(?P<text>[FCR])(?P<number>[1-9]\d?)(?P<part>[a-z]|-[1-9])?|N[012]|f[abc]")
_LAST_PARAGRAPH = {"F": 55, "C": 94, "R": 24}


def known_mark(mark: str) -> str:
    """Return the citation mark unchanged.

    Marks: F n the framework, fa fb fc its footnotes, C n the report of the Board that endorsed
    it, R n the expert group of 2013, N0 N1 N2 the notes of three sessions.
    Raises ValueError for a mark of another form or beyond the last paragraph of its text.
    """
    found = _MARK.fullmatch(mark)
    if found is None:
        raise ValueError(f"{mark!r} is no citation mark")
    text = found["text"]
    if text and int(found["number"]) > _LAST_PARAGRAPH[text]:
        raise ValueError(f"{mark!r} is beyond the last paragraph of its text")
    return mark


Words = Annotated[str, StringConstraints(min_length=1, strip_whitespace=True)]
Snake = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9]*(_[a-z0-9]+)*$")]
Mark = Annotated[str, AfterValidator(known_mark)]
Cite = Annotated[tuple[Mark, ...], Field(min_length=1)]


class Part(BaseModel):
    """Anything inside a pack: it never changes, and an unknown key is refused."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class Entry(Part):
    """A coded entry of a pack: label for lists, text for readers, cite for whoever asks why."""

    code: Snake
    label: Words
    text: Words
    cite: Cite


class Framework(Part):
    """The head that every framework pack carries; its version is the file's name, not a field."""

    name: Snake
    title: Words
    source: Words


def refuse_twins(kind: str, codes: Iterable[str]) -> None:
    """Raise ValueError when a code stands twice in one list of `kind`."""
    twins = sorted(code for code, times in Counter(codes).items() if times > 1)
    if twins:
        raise ValueError(f"{kind}: {', '.join(twins)} stands more than once")


def refuse_unknown(kind: str, used: Iterable[str], known: Iterable[str]) -> None:
    """Raise ValueError naming every used code of `kind` that is not among the known ones."""
    strange = sorted(set(used) - set(known))
    if strange:
        raise ValueError(f"unknown {kind}: {', '.join(strange)}")
