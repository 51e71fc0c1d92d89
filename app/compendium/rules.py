"""Which topics of a mandate meet a need, and who leads in what: pure, and the same for all."""

from collections.abc import Iterable, Mapping
from typing import Any

from app.engine.mandates import GIVES_HELP

SMALL = "abcdefghijklmnopqrstuvwxyz"


def meets(area: str, topic: str, topics: Iterable[str]) -> bool:
    """Whether topics meet what is needed: its own topic, the one above it, or one that refines it.

    What names no topic (`topic` empty) is met by any topic of its area.
    """
    if not topic:
        return any(one.startswith(area) for one in topics)
    return any(topic in (one, one.rstrip(SMALL)) or one == topic.rstrip(SMALL) for one in topics)


def leads_in(
    mandate: Mapping[str, Any], leads: Iterable[tuple[str, Mapping[str, Any]]]
) -> list[str]:
    """Return the subjects in which a mandate's entity leads on topics of the mandate (F8, F9)."""
    if mandate["role"] not in GIVES_HELP:
        return []
    return sorted(
        subject
        for subject, lead in leads
        if lead["entity"] == mandate["entity"] and set(lead["topics"]) & set(mandate["topics"])
    )
