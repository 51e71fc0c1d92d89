"""Where things stand in the picture of a definition: a column for each stage, a box for each state.

Lengths are pixels. A box lists the triggers that leave it, one row each, so that the text of a
trigger stands at the beginning of its curve and never lies across another.
"""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass

from app.engine.definition import TransitionDef, WorkflowDefinition

WIDTH, GAP, MARGIN, TOP = 264, 124, 64, 118
HEAD, ROW, SPACE = 44, 17, 30
LANE = 9
MANY = 6
"""A trigger that leads to one state from more than so many is written, not drawn."""


@dataclass(frozen=True, slots=True)
class Row:
    """A trigger that leaves a state; `drawn` says whether a curve leads to its target."""

    transition: TransitionDef
    target: str
    drawn: bool


@dataclass(frozen=True, slots=True)
class Box:
    """A state with its place: column, left edge, top edge, and the rows below its head."""

    name: str
    column: int
    left: int
    top: int
    rows: tuple[Row, ...]

    @property
    def right(self) -> int:
        """The right edge."""
        return self.left + WIDTH

    @property
    def height(self) -> int:
        """Head and rows, with some air below the last row."""
        return HEAD + ROW * len(self.rows) + (6 if self.rows else 0)

    def row_at(self, place: int) -> int:
        """Return the middle of a row, from the top of the picture."""
        return self.top + HEAD + ROW * place + ROW // 2


@dataclass(frozen=True, slots=True)
class Layout:
    """Every box by its state, the stages over their columns, and the size of the whole."""

    boxes: Mapping[str, Box]
    stages: tuple[str, ...]
    width: int
    height: int


def lay_out(definition: WorkflowDefinition) -> Layout:
    """Return where everything stands; the same definition always gives the same picture."""
    stages = tuple(
        stage
        for stage in definition.stages
        if any(s.stage == stage and not s.final for s in definition.states.values())
    )
    columns = _columns(definition, stages)
    rows = _rows(definition)
    filled = dict.fromkeys(range(len(stages)), TOP)
    boxes: dict[str, Box] = {}
    ordered = sorted(definition.states, key=lambda name: definition.states[name].final)
    for name in ordered:
        column = columns[name]
        left = MARGIN + column * (WIDTH + GAP)
        boxes[name] = Box(name, column, left, filled[column], rows.get(name, ()))
        filled[column] += boxes[name].height + SPACE
    width = 2 * MARGIN + len(stages) * (WIDTH + GAP) - GAP
    return Layout(boxes, stages, width, max(filled.values()) + MARGIN)


def _rows(definition: WorkflowDefinition) -> dict[str, tuple[Row, ...]]:
    counted = Counter((e.transition.trigger, e.target) for e in definition.edges)
    rows: dict[str, tuple[Row, ...]] = {}
    for edge in definition.edges:
        drawn = counted[(edge.transition.trigger, edge.target)] <= MANY
        row = Row(edge.transition, edge.target, drawn)
        rows[edge.source] = (*rows.get(edge.source, ()), row)
    return rows


def _columns(definition: WorkflowDefinition, stages: tuple[str, ...]) -> dict[str, int]:
    """Return each state's column: its stage's; for a final one that of the state it ends."""
    places = {stage: place for place, stage in enumerate(stages)}
    columns = {
        name: places.get(state.stage, len(stages) - 1) for name, state in definition.states.items()
    }
    for name, rows in _rows(definition).items():
        for row in rows:
            if row.drawn and definition.states[row.target].final:
                columns[row.target] = columns[name]
    return columns
