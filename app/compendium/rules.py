"""Which topics of a mandate meet a need: pure, and the same for whoever asks."""

from collections.abc import Iterable

SMALL = "abcdefghijklmnopqrstuvwxyz"


def meets(area: str, topic: str, topics: Iterable[str]) -> bool:
    """Whether topics meet what is needed: its own topic, the one above it, or one that refines it.

    What names no topic (`topic` empty) is met by any topic of its area.
    """
    if not topic:
        return any(one.startswith(area) for one in topics)
    return any(topic in (one, one.rstrip(SMALL)) or one == topic.rstrip(SMALL) for one in topics)
