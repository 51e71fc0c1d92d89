"""The table of results: what was measured, against what, and whether the figure is reached."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

from bench.machine import describe
from bench.rounds import Series, ratio

OUT = Path(__file__).with_name("results.md")


@dataclass(frozen=True, slots=True)
class Line:
    """One row of the table."""

    work: str
    reference: str
    figure: str
    rates: str
    cpu: str
    reach: str
    aim: str
    verdict: str

    def cells(self) -> tuple[str, ...]:
        """Return the row's cells in the order of the head."""
        reached = (self.reach, self.aim, self.verdict)
        return (self.work, self.reference, self.figure, self.rates, self.cpu, *reached)


HEAD = ("work", "reference", "ratio (range)", "rate /s", "CPU us/call", "reach", "aim", "verdict")


@dataclass(slots=True)
class Report:
    """Everything that one run found."""

    lines: list[Line] = field(default_factory=list)
    blocks: list[tuple[str, Sequence[Sequence[str]]]] = field(default_factory=list)

    def compare(
        self, work: tuple[str, Series], to: tuple[str, Series], reach: float | None, aim: str = ""
    ) -> None:
        """Add a ratio of rates that must be at least `reach`."""
        middle, least, most = ratio(work[1], to[1])
        verdict = "" if reach is None else "pass" if middle >= reach else "FAIL"
        rates = f"{work[1].median('rate'):,.0f} : {to[1].median('rate'):,.0f}"
        cpu = f"{work[1].median('cpu'):,.0f} : {to[1].median('cpu'):,.0f}"
        figure = f"{middle:.2f} ({least:.2f} to {most:.2f})"
        wanted = "" if reach is None else f">= {reach:g}"
        self._add(Line(work[0], to[0], figure, rates, cpu, wanted, aim, verdict))

    def bound(
        self, work: tuple[str, Series], to: tuple[str, Series], most: float, aim: str = ""
    ) -> None:
        """Add a ratio of the 99th percentiles that must be at most `most`."""
        middle, least, top = ratio(work[1], to[1], "p99")
        verdict = "pass" if middle <= most else "FAIL"
        times = f"{work[1].median('p99'):.1f} ms : {to[1].median('p99'):.1f} ms"
        figure = f"{middle:.2f} ({least:.2f} to {top:.2f})"
        self._add(Line(work[0], to[0], figure, times, "", f"<= {most:g}", aim, verdict))

    def fact(self, work: str, figure: str, wanted: tuple[str, str], *, passed: bool) -> None:
        """Add a figure that stands by itself; `wanted` is what to reach and what to aim at."""
        self._add(Line(work, "", figure, "", "", *wanted, "pass" if passed else "FAIL"))

    def table(self, title: str, rows: Sequence[Sequence[str]]) -> None:
        """Add a table of its own; the first row is its head."""
        self.blocks.append((title, rows))
        print(f"\n{title}\n{_table(rows)}", flush=True)

    def _add(self, line: Line) -> None:
        self.lines.append(line)
        print("  " + " | ".join(cell for cell in line.cells() if cell), flush=True)

    def text(self, command: str) -> str:
        """Return the whole report as Markdown."""
        parts = ["# What the bench measured\n", f"`{command}`; medians of interleaved rounds.\n"]
        parts += [f"* {fact}" for fact in describe()]
        parts += ["", _table([HEAD, *(line.cells() for line in self.lines)])]
        for title, rows in self.blocks:
            parts += [f"\n## {title}\n", _table(rows)]
        return "\n".join(parts) + "\n"

    def write(self, command: str) -> None:
        """Write `bench/results.md`."""
        OUT.write_text(self.text(command), encoding="utf-8")

    @property
    def failed(self) -> list[Line]:
        """The figures that are not reached."""
        return [line for line in self.lines if line.verdict == "FAIL"]


def _table(rows: Sequence[Sequence[str]]) -> str:
    head, *rest = rows
    lines = [head, ["---"] * len(head), *rest]
    return "\n".join("| " + " | ".join(line) + " |" for line in lines)
