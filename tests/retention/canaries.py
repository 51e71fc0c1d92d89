"""Canaries: words that stand nowhere else, sown into every text of a request, and looked for."""

import random
from collections.abc import Iterable, Iterator
from typing import Any

import sqlalchemy as sa

from app.kit.db import Database

WORDY = frozenset(
    {"title", "summary", "authority", "sector_note", "cross_border", "framework_outcome", "text"}
    | {"reason", "note", "who", "what", "host", "place", "source", "condition", "impact", "lesson"}
    | {"name", "office", "answer", "unit", "questions", "comment", "risk_factor", "sources"}
    | {"threats_systems", "threats_gain", "threats_content", "regional_factors"}
    | {"national_factors", "no_impact_reason", "no_lesson_reason", "message"}
)
"""The fields of bodies that take a person's own words."""

LETTERS = "abcdefghijklmnopqrstuvwxyz"
TAIL = 14
"""An index of words may share beginnings; so much of its end tells a canary."""


class Canaries:
    """Sows a word of its own into every text, and finds where any of them is still."""

    def __init__(self, seed: int = 20) -> None:
        self._random = random.Random(seed)
        self.sown: list[str] = []

    def word(self) -> str:
        """Return a new canary: twenty letters."""
        word = "".join(self._random.choices(LETTERS, k=20))
        self.sown.append(word)
        return word

    def key(self) -> str:
        """Return a new key under which a call may be repeated."""
        return f"call-{self._random.getrandbits(64):x}"

    def sow(self, body: Any, field: str = "") -> Any:
        """Return a body with a canary at the end of every text that is a person's own words."""
        if isinstance(body, dict):
            return {name: self.sow(value, name) for name, value in body.items()}
        if isinstance(body, list | tuple):
            return [self.sow(one, field) for one in body]
        if isinstance(body, str) and field in WORDY and " " in body:  # codes have no space
            return f"{body} {self.word()}"
        return body

    def found(self, content: bytes) -> set[str]:
        """Return the canaries that some content holds, plainly or in hexadecimal."""
        low = content.lower()
        return {
            word
            for word in self.sown
            if word[-TAIL:].encode() in low or word[-TAIL:].encode().hex().encode() in low
        }

    def hits(self, places: Iterable[tuple[str, bytes]]) -> dict[str, int]:
        """Return how many canaries each place still holds; places without one are left out."""
        counted: dict[str, set[str]] = {}
        for place, content in places:
            counted.setdefault(place, set()).update(self.found(content))
        return {place: len(words) for place, words in counted.items() if words}


def rows(database: Database) -> Iterator[tuple[str, bytes]]:
    """Yield every row of every table of a database, those behind its indexes of words too."""
    with database.engine.connect() as connection:
        for name in _tables(connection):
            for row in connection.exec_driver_sql(f"SELECT * FROM {name}"):
                yield name, b"\n".join(_bytes(value) for value in row)


def _tables(connection: sa.Connection) -> list[str]:
    if connection.dialect.name == "sqlite":
        query = "SELECT name FROM sqlite_master WHERE type = 'table'"
        return [f'"{name}"' for (name,) in connection.exec_driver_sql(query)]
    query = (
        "SELECT quote_ident(schemaname) || '.' || quote_ident(tablename) FROM pg_tables"
        " WHERE schemaname NOT IN ('pg_catalog', 'information_schema')"
    )
    return [name for (name,) in connection.exec_driver_sql(query)]


def _bytes(value: object) -> bytes:
    return bytes(value) if isinstance(value, bytes | memoryview) else str(value).encode()
