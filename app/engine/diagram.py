"""Pictures of a definition: SVG of its own, and Mermaid text for those who draw themselves."""

from html import escape

from app.engine.definition import WorkflowDefinition
from app.engine.layout import GAP, HEAD, LANE, MARGIN, ROW, TOP, WIDTH, Box, Layout, Row, lay_out

FONT = "system-ui, 'Segoe UI', 'Noto Sans', 'DejaVu Sans', Arial, sans-serif"
INK, FAINT, PAPER = "#1b2733", "#5a6672", "#ffffff"
TINTS = ("#e3eefb", "#e2f4ea", "#fdf0d8", "#efe6fa", "#fbe4e6", "#e0f3f5")
LINES = ("#2a64ad", "#237a4b", "#9a6500", "#6d3fb0", "#b02a3a", "#14737d")


def svg(definition: WorkflowDefinition) -> str:
    """Return the picture as SVG: a column for each stage, a box for each state with its triggers.

    It needs no font or file from elsewhere, and says in words what it shows.
    """
    layout = lay_out(definition)
    size = f'width="{layout.width}" height="{layout.height}"'
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" role="img" aria-labelledby="name what" {size}',
        f' viewBox="0 0 {layout.width} {layout.height}" font-family="{escape(FONT)}">',
        f'<title id="name">{escape(definition.title)}</title>',
        f'<desc id="what">{escape(in_words(definition))}</desc>',
        _arrow_heads(),
        f'<rect width="100%" height="100%" fill="{PAPER}"/>',
        f'<text x="{MARGIN}" y="34" font-size="20" font-weight="600" fill="{INK}">',
        f"{escape(definition.title)}</text>",
        *_bands(layout),
        *_curves(layout),
        *(_box(definition, box) for box in layout.boxes.values()),
        "</svg>\n",
    ]
    return "\n".join(parts)


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


def in_words(definition: WorkflowDefinition) -> str:
    """Return what the picture shows, as sentences, for those who cannot see it."""
    told = []
    for name, state in definition.states.items():
        ways = dict.fromkeys(
            f"{e.transition.trigger} to {definition.states[e.target].label}"
            for e in definition.edges
            if e.source == name
        )
        leads = f"leads by {'; '.join(ways)}" if ways else "ends the request"
        told.append(f"{state.label} ({state.stage}) {leads}.")
    return " ".join(told)


def _arrow_heads() -> str:
    heads = [
        f'<marker id="to{place}" viewBox="0 0 8 8" refX="7" refY="4" markerWidth="7" '
        f'markerHeight="7" orient="auto"><path d="M0 0L8 4L0 8z" fill="{line}"/></marker>'
        for place, line in enumerate(LINES)
    ]
    return f"<defs>{''.join(heads)}</defs>"


def _bands(layout: Layout) -> list[str]:
    parts = []
    for place, stage in enumerate(layout.stages):
        left = MARGIN + place * (WIDTH + GAP) - 12
        height = layout.height - 48 - MARGIN
        parts.append(
            f'<rect x="{left}" y="48" width="{WIDTH + 24}" height="{height}" rx="10" '
            f'fill="{TINTS[place % len(TINTS)]}" fill-opacity="0.55"/>'
            f'<text x="{left + 12}" y="70" font-size="13" font-weight="600" '
            f'fill="{LINES[place % len(LINES)]}">{escape(stage)}</text>'
        )
    return parts


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


def _box(definition: WorkflowDefinition, box: Box) -> str:
    state = definition.states[box.name]
    colour = LINES[box.column % len(LINES)]
    edge = 3 if state.final or box.name == definition.initial else 1.3
    marks = [f"due in {state.due_days} days"] if state.due_days else []
    marks += ["clock paused"] if state.pauses else []
    marks += ["the end"] if state.final else []
    under = ", ".join([box.name, *marks])
    return (
        f"<g><title>{escape(f'{state.label}: the country reads {state.public!r}')}</title>"
        f'<rect x="{box.left}" y="{box.top}" width="{WIDTH}" height="{box.height}" rx="8" '
        f'fill="{PAPER}" stroke="{colour}" stroke-width="{edge}"/>'
        f'<text x="{box.left + 12}" y="{box.top + 19}" font-size="14" font-weight="600" '
        f'fill="{INK}">{escape(state.label)}</text>'
        f'<text x="{box.left + 12}" y="{box.top + 35}" font-size="11" fill="{FAINT}">'
        f"{escape(under)}</text>"
        + "".join(_row(definition, box, place, row) for place, row in enumerate(box.rows))
        + "</g>"
    )


def _row(definition: WorkflowDefinition, box: Box, place: int, row: Row) -> str:
    transition = row.transition
    told = f"{transition.label}. By {', '.join(transition.by)}."
    if transition.guards:
        told += f" If {', '.join(use.name for use in transition.guards)}."
    back = len(transition.back_to) > 1
    text = transition.trigger
    if back or not row.drawn:
        text += f" → {definition.states[row.target].label}"
    y = box.top + HEAD + ROW * place + 12
    return (
        f"<g><title>{escape(told)}</title>"
        f'<text x="{box.left + 12}" y="{y}" font-size="12" fill="{INK}">{escape(text)}</text></g>'
    )
