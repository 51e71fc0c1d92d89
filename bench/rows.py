"""Made-up requests for measuring: the rows of many of them, always the same ones."""

import json
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from random import Random
from typing import Any

Row = tuple[Any, ...]

KENYAN = 2000
"""The first so many requests are Kenya's; the others go round the countries."""
BEGIN = datetime(2026, 1, 5, 8, tzinfo=UTC)
PLACES = (
    *(("triage", "intake"), ("assessment", "assessment"), ("screening", "screening")),
    *(("matching", "matching"), ("closed", "ended"), ("closed", "ended"), ("closed", "ended")),
    *(("withdrawn", "ended"), ("offered", "matching"), ("clarification", "intake")),
)
WORDS = (
    *("laboratory", "forensics", "training", "legislation", "ransomware", "evidence", "court"),
    *("hospital", "response", "team", "strategy", "awareness", "exchange", "prosecutor"),
    *("network", "monitoring", "children", "payment", "fraud", "registry", "harbour", "energy"),
)

COLUMNS: dict[str, tuple[str, ...]] = {
    "requests": (
        *("id", "reference", "workflow", "workflow_version", "workflow_hash", "state", "stage"),
        *("came_from", "revision", "title", "summary", "language", "authority", "sector"),
        *("regional", "cyber_labelled", "internal", "internal_reason", "urgency"),
        *("urgency_reason", "cross_border", "framework_outcome", "created_by", "created_at"),
        *("filed_at", "since", "updated_at", "due_at"),
    ),
    "request_countries": ("request_id", "country"),
    "request_events": ("id", "request_id", "number", "at", "actor_id", "kind", "data"),
    "deadlines": ("request_id", "state", "started_at", "due_at"),
    "needs": (
        *("request_id", "number", "area", "topic", "text", "kind", "sector", "sensitivities"),
        *("priority", "origin", "dropped"),
    ),
}


class Made:
    """Rows of the requests numbered `first` to `last`; `fresh` ones stand in triage, untouched."""

    def __init__(self, span: range, actor: int, pack: tuple[str, int, str], *, fresh: bool) -> None:
        """Keep what all rows share: who filed them, and the workflow's name, version and hash."""
        self.span, self.fresh, self.actor, self.pack = span, fresh, actor, pack

    def rows(self, table: str, countries: list[str]) -> Iterator[Row]:
        """Return the rows of one table, in the order of `COLUMNS`, moments as datetimes."""
        for number in self.span:
            yield from getattr(self, f"_{table}")(number, countries)

    def _place(self, number: int) -> tuple[str, str]:
        return PLACES[0] if self.fresh else PLACES[number * 7919 % len(PLACES)]

    def _requests(self, number: int, _: list[str]) -> Iterator[Row]:
        chance = Random(number)
        state, stage = self._place(number)
        at = BEGIN + timedelta(seconds=number * 17)
        title = " ".join(chance.choices(WORDS, k=5)).capitalize()
        summary = " ".join(chance.choices(WORDS, k=30))
        if number % 1000 == 0:
            summary += " zanzibar"
        due = None if stage == "ended" else at + timedelta(days=7)
        yield (
            *(number, f"TA-2026-{number:05d}", *self.pack, state, stage, "draft", 2),
            *(title, summary, "en", "Ministry of the Interior", "", False, True, False, ""),
            *("ordinary", "", "", "", self.actor, at, at, at, at, due),
        )

    def _request_countries(self, number: int, countries: list[str]) -> Iterator[Row]:
        yield (
            number,
            "KEN" if number <= KENYAN else countries[(number // 10 + number) % len(countries)],
        )

    def _request_events(self, number: int, _: list[str]) -> Iterator[Row]:
        at = BEGIN + timedelta(seconds=number * 17)
        told = json.dumps({"trigger": "submit", "from": "draft", "to": "triage", "cite": "F10"})
        yield 2 * number - 1, number, 1, at, self.actor, "request_opened", "{}"
        yield 2 * number, number, 2, at, self.actor, "moved", told

    def _deadlines(self, number: int, _: list[str]) -> Iterator[Row]:
        state, stage = self._place(number)
        if stage != "ended":
            at = BEGIN + timedelta(seconds=number * 17)
            yield number, state, at, at + timedelta(days=7)

    def _needs(self, number: int, _: list[str]) -> Iterator[Row]:
        area = "ABCDE"[number % 5]
        yield (
            number,
            1,
            area,
            f"{area}{1 + number % 9}",
            "Training of examiners",
            "",
            "",
            "[]",
            3,
            "request",
            False,
        )
