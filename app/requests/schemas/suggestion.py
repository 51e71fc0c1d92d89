"""What doors take and give for suggestions: topics, kinds and sensitivities, with their words."""

from typing import Annotated, Literal

from pydantic import Field, StringConstraints

from app.kit.text import Prose
from app.requests.schemas.request import Area, Body, View

Text = Annotated[Prose, StringConstraints(max_length=4000)]
Language = Literal["ar", "en", "es", "fr", "ru", "zh"]


class SuggestNeed(Body):
    """A need as it is being written; the area that was ticked is a hint and no more."""

    text: Text
    area: Area | Literal[""] = ""


class SuggestBody(Body):
    """Texts to read. What is not sent is taken from the request as it stands."""

    title: Text | None = None
    summary: Text | None = None
    language: Language | None = None
    needs: tuple[SuggestNeed, ...] | None = Field(None, max_length=60)


class MetView(View):
    """Words that a suggestion rests on: from `start` to before `end`, counted in characters."""

    concept: str
    where: Literal["need", "summary"]
    start: int
    end: int
    words: str


class SuggestedView(View):
    """A code with the words behind it; confidence from 0 to 1."""

    code: str
    confidence: float
    words: list[MetView]


class TextSuggestion(View):
    """What one text speaks of; the best topic and kind come first.

    `number` is that of the need, or its place among those sent; null for the summary. `set_aside`
    are sentences that command the reader: they count for nothing. `internal` are words by which it
    seems a matter of the organizations themselves (F2).
    """

    number: int | None
    language: Language
    topics: list[SuggestedView]
    kinds: list[SuggestedView]
    sectors: list[SuggestedView]
    elements: list[SuggestedView]
    stakeholders: list[SuggestedView]
    sensitivities: list[SuggestedView]
    internal: list[MetView]
    set_aside: list[str]


class SuggestionsView(View):
    """Suggestions for the summary and for each need, with the words pack that they come from."""

    words: str
    summary: TextSuggestion
    needs: list[TextSuggestion]
