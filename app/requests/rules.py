"""What must hold of a dossier, as pure rules: values in, reasons out."""

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import date, datetime

from app.kit.errors import Blocker

ORDINARY, RESTRICTED, CONFIDENTIAL = LEVELS = ("ordinary", "restricted", "confidential")
"""Levels of a request, each holding back more: from programs, then from all who have no part."""

ANNEX = "annex"
"""The level of a document that opens by named grant alone."""


@dataclass(frozen=True, slots=True)
class TextFacts:
    """What a request says of itself."""

    title: str
    summary: str
    authority: str
    countries: frozenset[str]
    regional: bool
    cyber_labelled: bool
    internal: bool | None
    urgency: str


@dataclass(frozen=True, slots=True)
class NeedFacts:
    """One need that still stands; `findings` counts those it rests on."""

    id: int
    number: int
    area: str
    topic: str
    text: str
    kind: str
    origin: str
    findings: int


@dataclass(frozen=True, slots=True)
class QuestionFacts:
    """A clarification that is still open; one partly answered is no silence."""

    number: int
    due_on: date
    partly: bool = False


@dataclass(frozen=True, slots=True)
class RecordFacts:
    """A completed assessment that serves the request."""

    assessment_id: int
    kind: str
    completed_at: datetime
    valid_until: date


@dataclass(frozen=True, slots=True)
class ConsentFacts:
    """The last word of one country on one subject."""

    country: str
    subject: str
    proposal: int | None
    given: bool


def lowered(countries: Collection[str], consented: Collection[str]) -> bool:
    """Whether a level may be lowered: every country of the request stands behind it (F19)."""
    return bool(countries) and set(countries) <= set(consented)


def missing(text: TextFacts, needs: Collection[NeedFacts]) -> Iterator[Blocker]:
    """Yield everything that a request must still say before it can be submitted, all at once."""
    if not text.title:
        yield Blocker("request.title_missing", "F10")
    if len(text.summary) < 20:
        yield Blocker("request.summary_missing", "F10")
    if not text.authority:
        yield Blocker("request.authority_missing", "F10")
    if text.regional and len(text.countries) < 2:
        yield Blocker("request.regional_needs_countries", "F30")
    if not needs:
        yield Blocker("request.needs_missing", "F22")
    for need in needs:
        if not need.text:
            yield Blocker("request.need_text_missing", "F22", {"need": need.number})


def unexamined(
    text: TextFacts, verdicts: dict[str, str], elements: Collection[str]
) -> Iterator[Blocker]:
    """Yield what is unexamined of the cyber elements in a request not labelled cyber (F15)."""
    if text.cyber_labelled:
        return
    for element in elements:
        if element not in verdicts:
            yield Blocker("elements.unexamined", "F15", {"element": element})
    if not {"present", "possible"} & set(verdicts.values()):
        yield Blocker("elements.none_found", "F15")
