"""What an entry of the common repository may be, as pure rules (F34, F51)."""

from collections.abc import Collection

MOST_TITLE = 120


def title_of(lesson: str) -> str:
    """Return a title for a lesson: its first line, cut at a word where it is long."""
    first = lesson.strip().splitlines()[0].strip()
    if len(first) <= MOST_TITLE:
        return first
    return first[: MOST_TITLE - 1].rsplit(" ", 1)[0] + "…"


def strangers(topics: Collection[str], known: Collection[str]) -> list[str]:
    """Return the topics that no pack knows, in order."""
    return sorted(set(topics) - set(known))
