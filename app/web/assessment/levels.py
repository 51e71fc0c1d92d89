"""The picture of a maturity profile: each topic's evidenced level, and the claimed beside it."""

from collections.abc import Iterator
from dataclasses import dataclass

from app.assessment.views import ProfileView

LEVELS = (1, 2, 3, 4, 5)
SIDE, STEP, ROW, TOP = 52, 110, 20, 26


@dataclass(frozen=True, slots=True)
class Bar:
    """One topic: its code, its place, and how far each level reaches; None where not measured."""

    code: str
    y: int
    evidenced: int | None
    claimed: int | None


@dataclass(frozen=True, slots=True)
class Drawn:
    """A picture: its size, the lines of the levels, and its bars."""

    width: int
    height: int
    lines: tuple[tuple[int, int], ...]
    bars: tuple[Bar, ...]


def drawn(profile: ProfileView) -> Drawn:
    """Return the picture of a profile; topics that nobody measured are left out of it."""
    bars = tuple(_bars(profile))
    height = TOP + ROW * len(bars) + 6
    lines = tuple((level, reach(level)) for level in LEVELS)
    return Drawn(SIDE + STEP * len(LEVELS), height, lines, bars)


def reach(level: float) -> int:
    """Return where a level stands across."""
    return round(SIDE + STEP * (level - 1) + STEP / 2)


def _bars(profile: ProfileView) -> Iterator[Bar]:
    measured = [one for one in profile.topics if one.claimed is not None]
    for place, one in enumerate(measured):
        evidenced = reach(one.evidenced) if one.evidenced else None
        claimed = reach(one.claimed) if one.claimed else None
        yield Bar(one.topic, TOP + ROW * place, evidenced, claimed)
