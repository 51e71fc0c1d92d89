"""`entente verify`, `anchor` and `roles`: proof that nothing was changed."""

import json
from pathlib import Path
from typing import Annotated

import typer

from app.cli.common import office
from app.directory.actor import Actor, Grant
from app.kit import clock, revisions
from app.ledger.places import Folder
from app.requests import access, timeline
from app.requests.service import proof

HOUSE_READER = Actor(None, "command line", (Grant("auditor"),))
SHOWN = 50


def verify(
    reference: Annotated[
        str | None, typer.Option("--request", help="Only this request, such as TA-2026-00042.")
    ] = None,
    export: Annotated[
        Path | None, typer.Option(help="With --request: a file for scripts/verify-log.")
    ] = None,
) -> None:
    """Check the decision log: chains, heads, gaps, where requests stand, anchors."""
    if export and not reference:
        raise typer.BadParameter("--export takes a --request")
    with office() as place, place.database.reading() as session:
        anchors = Folder(place.settings.anchors_place)
        streams = None
        if reference:
            request = access.find(session, HOUSE_READER, reference)
            streams = [timeline.stream(request.id)]
            if export:
                export.write_text(json.dumps(proof.export(session, anchors, request), indent=1))
        _tell(proof.verify(session, anchors, streams))


def _tell(report: proof.Report) -> None:
    for fault in report.faults[:SHOWN]:
        typer.secho(f"WRONG  {fault.stream} {fault.seq}: {fault.kind}", fg="red")
    if len(report.faults) > SHOWN:
        typer.secho(f"WRONG  and {len(report.faults) - SHOWN} more", fg="red")
    said = f"{report.entries} entries in {report.streams} streams, {report.erased} erased; "
    said += f"{report.anchors} anchors, the newest of {report.anchored_at or 'never'}"
    typer.echo(said)
    if report.faults:
        raise typer.Exit(1)


def anchor() -> None:
    """Sign where every stream of the decision log stands, and write it to the place of anchors."""
    with office() as place:
        folder = place.settings.anchors_place
        written = proof.anchor_all(place.database, Folder(folder), clock.now())
        typer.echo(f"{written} anchors written to {folder}" if written else "Nothing has grown.")


def roles() -> None:
    """Show the SQL that gives PostgreSQL separate roles: migrate, app, read, verify."""
    typer.echo((revisions.MIGRATIONS / "roles.sql").read_text("utf-8"))
