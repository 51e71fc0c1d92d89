"""Pictures of a definition: SVG of its own, and Mermaid text for those who draw themselves."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from html import escape

from app.engine.definition import WorkflowDefinition
from app.engine.layout import GAP, HEAD, LANE, MARGIN, ROW, TOP, WIDTH, Box, Layout, lay_out
from app.kit.speech import in_words as words
from app.kit.speech import marked

FONT = "system-ui, 'Segoe UI', 'Noto Sans', 'DejaVu Sans', Arial, sans-serif"
INK, FAINT, PAPER = "#1b2733", "#5a6672", "#ffffff"
TINTS = ("#e3eefb", "#e2f4ea", "#fdf0d8", "#efe6fa", "#fbe4e6", "#e0f3f5")
ROOM, CLOSEST, FEWEST = WIDTH - 24, 1.25, 8
"""Pixels for a line in a box; how much closer letters may stand; letters that a cut leaves."""
DUE, PAUSED, THE_END = marked("due in {days} days"), marked("clock paused"), marked("the end")
LINES = ("#2a64ad", "#237a4b", "#9a6500", "#6d3fb0", "#b02a3a", "#14737d")


@dataclass(frozen=True, slots=True)
class Pen:
    """In which words a picture is drawn, and from which side; `plain` shows the codes as well."""

    say: Callable[[str], str] = str
    plain: bool = True
    rtl: bool = False
    width: int = 0

    @property
    def arrow(self) -> str:
        """What stands before where a step leads."""
        return "←" if self.rtl else "→"

    def text(self, place: tuple[int, int], style: str, text: str, told: str = "") -> str:
        """Return a line of text from `place`, with what is told of it.

        What would be wider than a box is set closer; a heading may be as wide as it is.
        """
        x, y = place
        squeezed = not self.plain and y > TOP and _length(text, style) > ROOM
        fit = f' textLength="{ROOM}" lengthAdjust="spacingAndGlyphs"' if squeezed else ""
        at = self.width - x if self.rtl else x
        line = f'<text x="{at}" y="{y}" {style}{fit}>{escape(text)}</text>'
        return f"<g><title>{escape(told)}</title>{line}</g>" if told else line


PLAIN = Pen()


def svg(definition: WorkflowDefinition, pen: Pen = PLAIN) -> str:
    """Return the picture as SVG: a column for each stage, a box for each state with its triggers.

    It needs no font or file from elsewhere, and says in words what it shows. In a language that is
    written from the right the columns run from the right, too.
    """
    layout = lay_out(definition)
    pen = replace(pen, width=layout.width)
    size = f'width="{layout.width}" height="{layout.height}"'
    side = ' direction="rtl"' if pen.rtl else ""
    turned = f' transform="translate({layout.width} 0) scale(-1 1)"' if pen.rtl else ""
    title, head = pen.say(definition.title), f'font-size="20" font-weight="600" fill="{INK}"'
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" role="img" aria-labelledby="name what" {size}',
        f' viewBox="0 0 {layout.width} {layout.height}"{side} font-family="{escape(FONT)}">',
        f'<title id="name">{escape(title)}</title>',
        f'<desc id="what">{escape(in_words(definition, pen))}</desc>',
        _arrow_heads(),
        f'<rect width="100%" height="100%" fill="{PAPER}"/>',
        f"<g{turned}>",
        *_bands(layout),
        *_curves(layout),
        *(_frame(definition, box) for box in layout.boxes.values()),
        "</g>",
        pen.text((MARGIN, 34), head, title),
        *_stages(layout, pen),
        *(line for box in layout.boxes.values() for line in _box(definition, box, pen)),
        "</svg>\n",
    ]
    return "\n".join(parts)


def _length(text: str, style: str) -> float:
    """Return about how wide a text is: Chinese signs are as wide as high, Arabic ones narrow."""
    size = int(style.partition('font-size="')[2].partition('"')[0])
    return size * sum(
        1.0 if sign > "\u2e7f" else 0.46 if "\u0600" <= sign <= "\u06ff" else 0.58 for sign in text
    )


def _shortened(label: str, rest: str, style: str) -> str:
    """Return a label with what follows it, cut where both could not be read in a box."""
    left = label
    while len(left) > FEWEST and _length(left + rest, style) > ROOM * CLOSEST:
        left = left[:-1]
    return f"{left}{rest}" if left == label else f"{left.rstrip()}…{rest}"


def mermaid(definition: WorkflowDefinition) -> str:
    """Return the definition as Mermaid text (stateDiagram-v2)."""
    lines = ["stateDiagram-v2", "    direction LR"]
    for name, state in definition.states.items():
        lines.append(f'    state "{state.label.replace(chr(34), chr(39))}" as {name}')
    lines.append(f"    [*] --> {definition.initial}")
    seen = dict.fromkeys((e.source, e.target, e.transition.trigger) for e in definition.edges)
    lines += [f"    {source} --> {target}: {trigger}" for source, target, trigger in seen]
    lines += [f"    {name} --> [*]" for name, state in definition.states.items() if state.final]
    return "\n".join(lines) + "\n"


def in_words(definition: WorkflowDefinition, pen: Pen = PLAIN) -> str:
    """Return what the picture shows, as sentences, for those who cannot see it."""
    told = []
    for name, state in definition.states.items():
        edges = [e for e in definition.edges if e.source == name]
        label = pen.say(state.label)
        if not pen.plain:
            ends = [pen.say(definition.states[e.target].label) for e in edges]
            steps = [pen.say(e.transition.label) for e in edges]
            ways = dict.fromkeys(f"{a} {pen.arrow} {b}" for a, b in zip(steps, ends, strict=True))
            told.append(f"{label}: {'; '.join(ways) or pen.say(THE_END)}.")
            continue
        ways = dict.fromkeys(
            f"{e.transition.trigger} to {definition.states[e.target].label}" for e in edges
        )
        leads = f"leads by {'; '.join(ways)}" if ways else "ends the request"
        told.append(f"{label} ({state.stage}) {leads}.")
    return " ".join(told)


def _arrow_heads() -> str:
    heads = [
        f'<marker id="to{place}" viewBox="0 0 8 8" refX="7" refY="4" markerWidth="7" '
        f'markerHeight="7" orient="auto"><path d="M0 0L8 4L0 8z" fill="{line}"/></marker>'
        for place, line in enumerate(LINES)
    ]
    return f"<defs>{''.join(heads)}</defs>"


def _bands(layout: Layout) -> list[str]:
    height = layout.height - 48 - MARGIN
    return [
        f'<rect x="{_left(place) - 12}" y="48" width="{WIDTH + 24}" height="{height}" rx="10" '
        f'fill="{TINTS[place % len(TINTS)]}" fill-opacity="0.55"/>'
        for place in range(len(layout.stages))
    ]


def _stages(layout: Layout, pen: Pen) -> list[str]:
    """Return the names of the stages, each over its column."""
    parts = []
    for place, stage in enumerate(layout.stages):
        style = f'font-size="13" font-weight="600" fill="{LINES[place % len(LINES)]}"'
        told = stage if pen.plain else pen.say(words(stage))
        parts.append(pen.text((_left(place), 70), style, told))
    return parts


def _left(place: int) -> int:
    return MARGIN + place * (WIDTH + GAP)


def _curves(layout: Layout) -> list[str]:
    """Return the curves, each in the colour of the column it leaves; far ones over the boxes."""
    parts = []
    far = 0
    for box in layout.boxes.values():
        for place, row in enumerate(box.rows):
            if not row.drawn:
                continue
            target = layout.boxes[row.target]
            distance = abs(target.column - box.column)
            far += distance > 1
            way = _way(box, place, target, far)
            colour = box.column % len(LINES)
            parts.append(
                f'<path d="{way}" fill="none" stroke="{LINES[colour]}" stroke-width="1.4" '
                f'stroke-opacity="0.85" marker-end="url(#to{colour})"/>'
            )
    return parts


def _way(box: Box, place: int, target: Box, far: int) -> str:
    """Return the path of a curve from a row of `box` to the head of `target`."""
    start, end = box.row_at(place), target.top + HEAD // 2
    if box.column == target.column:
        # Onwards on the right, back on the left; the further, the wider the curve.
        bulge = min(18 + abs(end - start) // 7, GAP // 2)
        side, turn = (box.right, bulge) if end > start else (box.left, -bulge)
        return f"M{side} {start}C{side + turn} {start} {side + turn} {end} {side} {end}"
    ahead = 1 if target.column > box.column else -1
    out = box.right if ahead > 0 else box.left
    into = target.left if ahead > 0 else target.right
    if abs(target.column - box.column) == 1:
        bend = GAP * 0.6 * ahead
        return f"M{out} {start}C{out + bend:g} {start} {into - bend:g} {end} {into} {end}"
    lane = TOP - 12 - LANE * (far % 4)
    up, down = out + ahead * (20 + LANE * (far % 4)), into - ahead * (26 + LANE * (far % 4))
    return (
        f"M{out} {start}Q{up} {start} {up} {start - 16}V{lane + 10}"
        f"Q{up} {lane} {up + ahead * 10} {lane}H{down - ahead * 10}"
        f"Q{down} {lane} {down} {lane + 10}V{end - 16}Q{down} {end} {into} {end}"
    )


def _frame(definition: WorkflowDefinition, box: Box) -> str:
    state = definition.states[box.name]
    edge = 3 if state.final or box.name == definition.initial else 1.3
    return (
        f'<rect x="{box.left}" y="{box.top}" width="{WIDTH}" height="{box.height}" rx="8" '
        f'fill="{PAPER}" stroke="{LINES[box.column % len(LINES)]}" stroke-width="{edge}"/>'
    )


def _box(definition: WorkflowDefinition, box: Box, pen: Pen) -> list[str]:
    """Return what stands in a box: its label, what is to be known of the state, its triggers."""
    state = definition.states[box.name]
    label, public = pen.say(state.label), pen.say(state.public)
    told = f"{label}: the country reads {public!r}" if pen.plain else f"{label} · {public}"
    marks = [pen.say(DUE).format(days=state.due_days)] if state.due_days else []
    marks += [pen.say(PAUSED)] if state.pauses else []
    marks += [pen.say(THE_END)] if state.final else []
    under = ", ".join([box.name, *marks] if pen.plain else marks)
    left = box.left + 12
    head = f'font-size="14" font-weight="600" fill="{INK}"'
    return [
        pen.text((left, box.top + 19), head, label, told),
        pen.text((left, box.top + 35), f'font-size="11" fill="{FAINT}"', under),
        *(_row(definition, box, place, pen) for place in range(len(box.rows))),
    ]


def _row(definition: WorkflowDefinition, box: Box, place: int, pen: Pen) -> str:
    row = box.rows[place]
    transition = row.transition
    label = pen.say(transition.label)
    told = f"{label}. By {', '.join(transition.by)}." if pen.plain else label
    if transition.guards and pen.plain:
        told += f" If {', '.join(use.name for use in transition.guards)}."
    style, rest = f'font-size="12" fill="{INK}"', ""
    if len(transition.back_to) > 1 or not row.drawn:
        rest = f" {pen.arrow} {pen.say(definition.states[row.target].label)}"
    text = f"{transition.trigger}{rest}" if pen.plain else _shortened(label, rest, style)
    y = box.top + HEAD + ROW * place + 12
    return pen.text((box.left + 12, y), style, text, told)
