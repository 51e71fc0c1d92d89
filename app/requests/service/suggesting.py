"""Suggestions for a dossier: what its summary and its needs speak of. People decide."""

from typing import get_args

from sqlalchemy.orm import Session

from app.engine.packs import Pack, Shelf
from app.engine.suggestion import Suggestion, suggest
from app.engine.words import Language
from app.requests.schemas.suggestion import (
    MetView,
    SuggestBody,
    SuggestedView,
    SuggestionsView,
    SuggestNeed,
    TextSuggestion,
)
from app.requests.service.reading import needs as needs_of
from app.requests.tables import AssistanceRequest

READ = 4000
"""How many characters of each stored text are read."""


def suggestions(
    session: Session, shelf: Shelf, request: AssistanceRequest, body: SuggestBody
) -> SuggestionsView:
    """Return topics, kinds, sectors, groups and sensitivities for the summary and each need.

    Nothing is written. The same texts give the same answer as long as the words pack stays.
    """
    pack = shelf.get(request.workflow, request.workflow_version)
    title = request.title if body.title is None else body.title
    summary = request.summary if body.summary is None else body.summary
    around = f"{title[:READ]}\n{summary[:READ]}"
    language = body.language or _language(request.language)
    asked = (
        _stored(session, request) if body.needs is None else list(enumerate(body.needs, start=1))
    )
    return SuggestionsView(
        words=pack.words_label,
        summary=_view(None, suggest(pack.words, around, declared=language)),
        needs=[_view(number, _of_need(pack, need, around, language)) for number, need in asked],
    )


def _of_need(pack: Pack, need: SuggestNeed, around: str, language: Language) -> Suggestion:
    return suggest(pack.words, need.text, around, need.area, language)


def _stored(session: Session, request: AssistanceRequest) -> list[tuple[int, SuggestNeed]]:
    rows = needs_of(session, request)
    return [
        (row.number, SuggestNeed(text=row.text[:READ], area=row.area))
        for row in rows
        if not row.dropped
    ]


def _language(named: str) -> Language:
    return next((known for known in get_args(Language) if known == named), "en")


def _view(number: int | None, found: Suggestion) -> TextSuggestion:
    lists = {
        name: [SuggestedView.model_validate(one) for one in listed]
        for name, listed in {
            "topics": found.topics,
            "kinds": found.kinds,
            **found.lists,
        }.items()
    }
    return TextSuggestion(
        number=number,
        language=found.language,
        internal=[MetView.model_validate(met) for met in found.internal],
        set_aside=list(found.set_aside),
        **lists,
    )
