"""What the lines of reports are called, in the reader's language, and where their figures lead."""

from collections.abc import Iterable
from urllib.parse import urlencode

from app.engine.packs import Pack, Shelf
from app.kit.text import Catalogue


def leading(**wanted: str | bool) -> str:
    """Return the query string of a list of requests that is narrowed to this."""
    told = {name: "true" if value is True else value for name, value in wanted.items()}
    return urlencode(told)


class Speech:
    """The texts of all packs in one language, the newest version of each first."""

    def __init__(self, shelf: Shelf, texts: Catalogue, language: str) -> None:
        """Keep the packs and the language."""
        self._packs: list[Pack] = sorted(shelf, key=lambda one: (one.name, -one.version))
        self._texts, self._language = texts, language

    def states(self) -> list[tuple[str, str, str]]:
        """Return every state once with its stage and its label, in the order of the definitions."""
        found: dict[str, tuple[str, str, str]] = {}
        for pack in self._packs:
            for code, state in pack.definition.states.items():
                found.setdefault(code, (code, state.stage, self._say(state.label)))
        return list(found.values())

    def public(self) -> dict[str, str]:
        """Return what every state is called for the country, and so for everyone, by its code."""
        return self._first(
            (code, state.public)
            for pack in self._packs
            for code, state in pack.definition.states.items()
        )

    def topics(self) -> list[tuple[str, str, str]]:
        """Return area, topic and label of every area (without a topic) and of its topics."""
        found: dict[tuple[str, str], str] = {}
        for pack in self._packs:
            for area in pack.areas.areas:
                found.setdefault((area.code, ""), self._say(area.label))
                for topic in area.topics:
                    found.setdefault((area.code, topic.code), self._say(topic.label))
        return [(area, topic, label) for (area, topic), label in sorted(found.items())]

    def principles(self) -> dict[str, str]:
        """Return the label of every principle by its code."""
        return self._first(
            (one.code, one.label) for pack in self._packs for one in pack.principles.principles
        )

    def blocks(self) -> dict[str, str]:
        """Return the label of every scored topic by its code."""
        return self._first(
            (one.topic, one.label) for pack in self._packs for one in pack.questionnaire.blocks
        )

    def _first(self, pairs: Iterable[tuple[str, str]]) -> dict[str, str]:
        found: dict[str, str] = {}
        for code, label in pairs:
            found.setdefault(code, self._say(label))
        return found

    def _say(self, english: str) -> str:
        return self._texts.text(english, self._language)
