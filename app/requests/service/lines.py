"""The lines of a list: what clients see of each request, ready to be written as JSON."""

from collections.abc import Sequence
from typing import Any

import sqlalchemy as sa

from app.engine.packs import Shelf
from app.requests.schemas import RequestLine
from app.requests.service.reading import Reader, label


def lines(shelf: Shelf, reader: Reader, rows: Sequence[sa.Row[Any]]) -> list[dict[str, Any]]:
    """Return rows of `search` as the fields of `RequestLine`; tests hold the two together.

    Plain dicts, because a model for each of fifty lines would cost more than reading them.
    """
    labels: dict[Any, str] = {}
    found = []
    for row in rows:
        cells: Sequence[Any] = row
        workflow, version, state = place = cells[1:4]
        reference, title, language, stage, urgency, revision, *rest = cells[4:]
        since, updated_at, due, countries = rest
        if place not in labels:
            labels[place] = label(reader, shelf.get(workflow, version).definition.states[state])
        found.append(
            {
                "reference": reference,
                "title": title,
                "language": language,
                "countries": sorted(countries.split(",")) if countries else [],
                "state": state,
                "stage": stage,
                "label": labels[place],
                "urgency": urgency,
                "revision": revision,
                "since": _short(since),
                "updated_at": _short(updated_at),
                "due": _short(due) if due else None,
            }
        )
    return found


def _short(moment: str) -> str:
    """Return a moment without decimals that say nothing, as models write it."""
    return moment.replace(".000000Z", "Z")


def line_of(shelf: Shelf, reader: Reader, rows: Sequence[sa.Row[Any]]) -> list[RequestLine]:
    """Return rows of `search` as models, for readers that are no clients."""
    return [RequestLine.model_validate(line) for line in lines(shelf, reader, rows)]
