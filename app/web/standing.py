"""The live picture of a workflow: its states by stage, how many requests stand in each, how long.

Columns follow the direction of reading. Lengths are pixels; the table beside it says the same.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from app.engine.definition import WorkflowDefinition
from app.engine.layout import lay_out
from app.reports.schemas import DurationLine, StateLine

WIDTH, HEIGHT, GAP, SPACE, TOP = 142, 92, 40, 20, 60
LETTERS, LINES = 19, 2
"""How much of a state's name its box takes: letters in a line, and lines."""


@dataclass(frozen=True, slots=True)
class Place:
    """One state in the picture: its name in lines, how many stand there, and for how long."""

    name: str
    words: tuple[str, ...]
    left: int
    top: int
    here: StateLine | None
    stay: DurationLine | None
    column: int = 0


@dataclass(frozen=True, slots=True)
class Way:
    """A way from one state to another, drawn as a curve; `back`: towards where a request was."""

    path: str
    back: bool


@dataclass(frozen=True, slots=True)
class Standing:
    """The whole picture: states, ways between them, stages with the middle of their column."""

    places: tuple[Place, ...]
    ways: tuple[Way, ...]
    stages: tuple[tuple[int, str], ...]
    width: int
    height: int


def standing(
    definition: WorkflowDefinition,
    said: Callable[[str], str],
    here: Mapping[str, StateLine],
    stays: Mapping[str, DurationLine],
    *,
    mirrored: bool,
) -> Standing:
    """Return the picture; `said` gives a text in the reader's language."""
    layout = lay_out(definition)
    width = len(layout.stages) * (WIDTH + GAP)

    def across(column: int) -> int:
        left = GAP // 2 + column * (WIDTH + GAP)
        return width - left - WIDTH if mirrored else left

    filled = dict.fromkeys(range(len(layout.stages)), TOP)
    places: dict[str, Place] = {}
    for name, box in layout.boxes.items():
        words = wrapped(said(definition.states[name].label))
        at = (across(box.column), filled[box.column])
        places[name] = Place(name, words, *at, here.get(name), stays.get(name), box.column)
        filled[box.column] += HEIGHT + SPACE
    pairs = dict.fromkeys(
        (name, row.target) for name, box in layout.boxes.items() for row in box.rows if row.drawn
    )
    ways = [_way(places[source], places[target]) for source, target in pairs if source != target]
    stages = [(across(at) + WIDTH // 2, stage) for at, stage in enumerate(layout.stages)]
    return Standing(tuple(places.values()), tuple(ways), tuple(stages), width, max(filled.values()))


def wrapped(text: str) -> tuple[str, ...]:
    """Return a name in the lines that its box has; what is left over is cut off, and said so."""
    lines = [""]
    for word in text.split():
        longer = f"{lines[-1]} {word}".strip()
        if len(longer) <= LETTERS or not lines[-1]:
            lines[-1] = longer
        else:
            lines.append(word)
    cut = [one if len(one) <= LETTERS + 2 else one[:LETTERS] + "…" for one in lines]
    if len(cut) > LINES:
        cut[LINES - 1] = cut[LINES - 1].rstrip("…") + "…"
    return tuple(cut[:LINES])


def _way(source: Place, target: Place) -> Way:
    begin, end = source.top + HEIGHT // 2, target.top + HEIGHT // 2
    back = (target.column, target.top) < (source.column, source.top)
    if source.column == target.column:
        side = source.left if back else source.left + WIDTH
        bend = side + (GAP // 2 - 4) * (-1 if back else 1)
        return Way(f"M{side} {begin}C{bend} {begin} {bend} {end} {side} {end}", back)
    right = target.left > source.left
    out, into = source.left + WIDTH * right, target.left + WIDTH * (not right)
    turn = GAP if right else -GAP
    if abs(target.column - source.column) == 1:
        path = f"M{out} {begin}C{out + turn} {begin} {into - turn} {end} {into} {end}"
        return Way(path, back)
    lane = TOP - 24
    path = f"M{out} {begin}C{out + turn} {lane} {into - turn} {lane} {into} {end}"
    return Way(path, back)
