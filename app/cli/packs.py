"""`entente packs`: check, show, draw and release workflow packs."""

from pathlib import Path
from typing import Annotated

import typer

from app.cli.common import told
from app.config import Settings
from app.directory.actor import ROLES
from app.engine import diagram, release
from app.engine.check import Report, examine_pack
from app.engine.packs import Pack, Shelf, load_shelf
from app.kit.text import Catalogue
from app.lifecycle.vocabulary import ACTS, VOCABULARY
from app.policy.table import RULES, disagreements

app = typer.Typer(no_args_is_help=True)
Label = Annotated[str, typer.Argument(help="A pack: name@version, or a name for its newest.")]
Folder = Annotated[Path | None, typer.Option(help="Another folder of packs.")]


def _shelf(folder: Path | None) -> tuple[Shelf, Path]:
    place = folder or Settings().workflows
    return load_shelf(place, VOCABULARY), place


def _pack(shelf: Shelf, label: str) -> Pack:
    name, _, version = label.partition("@")
    return shelf.get(name, int(version)) if version.isdecimal() else shelf.latest(name)


@app.command()
def check(folder: Folder = None) -> None:
    """Check every pack: its words, its graph, every invariant; and that rights agree."""
    with told():
        shelf, place = _shelf(folder)
        texts = Catalogue(place / "locales")
        failed = False
        for pack in shelf:
            report = examine_pack(pack, shelf, texts.missing)
            _tell(pack, report)
            failed |= not report.passed
        for fault in disagreements(RULES, ROLES, ACTS):
            typer.secho(f"policy table: {fault}", fg="red")
            failed = True
        for path in release.changed(place):
            typer.secho(f"changed after its release: {path}", fg="red")
            failed = True
    raise typer.Exit(1 if failed else 0)


def _tell(pack: Pack, report: Report) -> None:
    typer.secho(f"{pack.label}  sha256 {pack.sha256[:16]}", bold=True)
    states, steps = len(pack.definition.states), len(pack.definition.edges)
    typer.echo(f"  {states} states, {steps} steps, {report.nodes} situations explored")
    for fault in report.faults:
        told_params = ", ".join(f"{name} {value}" for name, value in fault.params.items())
        typer.secho(f"  fault   {fault.code}: {told_params}", fg="red")
    if report.staff:
        least = ", ".join(f"{number} {role}" for role, number in report.staff.items())
        typer.echo(f"  four eyes need at least: {least}")
    for proof in report.proofs:
        rule = proof.invariant
        claim = f"no state of '{rule.never_reach}' without {rule.without} ({rule.cite})"
        if proof.holds:
            typer.secho(f"  proved  {claim}, on every path", fg="green")
        else:
            typer.secho(f"  BROKEN  {claim}; the shortest way round it:", fg="red")
            typer.echo("          " + " ".join(proof.path))


@app.command()
def show(label: Label = "needs_assessment", folder: Folder = None) -> None:
    """Show a pack's states and transitions."""
    with told():
        pack = _pack(_shelf(folder)[0], label)
    typer.secho(f"{pack.label}: {pack.definition.title}", bold=True)
    for name, state in pack.definition.states.items():
        due = f", due in {state.due_days} days" if state.due_days else ""
        turn = f", turn of {' and '.join(state.turn)}" if state.turn else ""
        typer.secho(f"{state.stage}/{name}: {state.label}{due}{turn}", fg="cyan")
        for edge in pack.definition.edges:
            if edge.source == name:
                guards = ", ".join(use.name for use in edge.transition.guards) or "no guard"
                roles = " or ".join(edge.transition.by)
                typer.echo(f"    {edge.transition.trigger} -> {edge.target}  [{roles}; {guards}]")


@app.command()
def draw(
    label: Label = "needs_assessment",
    mermaid: Annotated[bool, typer.Option(help="Mermaid text instead of SVG.")] = False,
    folder: Folder = None,
) -> None:
    """Write a pack's diagram to standard output."""
    with told():
        pack = _pack(_shelf(folder)[0], label)
    drawn = diagram.mermaid(pack.definition) if mermaid else diagram.svg(pack.definition)
    typer.echo(drawn)


@app.command("release")
def release_pack(label: Label = "needs_assessment", folder: Folder = None) -> None:
    """Release a pack that passes the check: from then on its files never change."""
    with told():
        shelf, place = _shelf(folder)
        pack = _pack(shelf, label)
        texts = Catalogue(place / "locales")
        report = examine_pack(pack, shelf, texts.missing)
        _tell(pack, report)
        if not report.passed:
            raise typer.Exit(1)
        release.release(place, pack.files)
    typer.echo(f"Released {pack.label}: {len(pack.files)} files are fixed.")
