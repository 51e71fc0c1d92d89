"""`entente retention`, `erase` and `erasures`: what its time ends, what goes, what stays gone."""

import json
from pathlib import Path
from typing import Annotated

import typer

from app.cli.common import Office, office
from app.kit import clock
from app.kit.errors import Invalid
from app.retention import nightly
from app.retention import service as retention

erasures = typer.Typer(no_args_is_help=True)
List = Annotated[Path, typer.Argument(help="A list of erasures, one JSON object a line.")]


def keep_terms(
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Only say what would end.")] = False,
) -> None:
    """End what is past its term, as every night: answers, notices, old requests and drafts."""
    with office() as place:
        now = clock.now()
        for line in nightly.report(place.database, place.shelf, place.settings, now):
            oldest = f", oldest {line.oldest:%Y-%m-%d}" if line.oldest else ""
            held = f", {line.held} held" if line.held else ""
            typer.echo(f"{line.count:>8}  {line.what}{oldest}{held}")
        if dry_run:
            typer.echo("Nothing was changed.")
            return
        ended = nightly.keep_terms(place.database, place.shelf, place.settings, now)
        typer.echo(f"{ended} ended.")


def erase(
    reference: Annotated[str, typer.Argument(help="A reference such as TA-2026-00042.")],
    reason: Annotated[str, typer.Option(help="Why; it stays readable.")],
    now: Annotated[bool, typer.Option("--now", help="Do it; else only say what goes.")] = False,
) -> None:
    """Erase for good what a request that has ended says; its reference, states and log stay."""
    with office() as place:
        _tell(place, reference)
        if not now:
            typer.echo("Nothing was changed; with --now it is erased for good.")
            return
        with place.database.writing() as session:
            request = retention.find(session, None, reference, lock=True)
            retention.erase(session, place.shelf, None, request, reason)
        place.database.tidy()
        typer.echo(f"{reference} is erased.")


def _tell(place: Office, reference: str) -> None:
    with place.database.reading() as session:
        request = retention.find(session, None, reference)
        for one in retention.going(session, request):
            typer.echo(f"{one.rows:>8}  {one.table}  {'dropped' if one.dropped else 'blanked'}")
        for reason in retention.against(session, place.shelf, request):
            typer.secho(f"against: {reason.code} {dict(reason.params)}", fg="red")


@erasures.command("export")
def take_list(file: List) -> None:
    """Write the list of what was erased, to lie beside the backups."""
    with office() as place, place.database.reading() as session:
        listed = retention.done(session)
    draft = file.with_name(file.name + ".new")
    draft.write_text("".join(json.dumps(one) + "\n" for one in listed), "utf-8")
    draft.replace(file)
    typer.echo(f"{len(listed)} erasures.")


@erasures.command("apply")
def apply_list(file: List) -> None:
    """Erase again what a restored database does not know to be erased; before it serves."""
    with office() as place:
        again = 0
        for line in file.read_text("utf-8").splitlines():
            with place.database.writing() as session:
                again += retention.again(session, _read(line))
        place.database.tidy()
        typer.echo(f"{again} requests were erased again.")


def _read(line: str) -> dict[str, str]:
    try:
        listed = json.loads(line)
        return {name: str(listed[name]) for name in ("reference", "erased_at", "reason")}
    except (ValueError, KeyError, TypeError):
        raise Invalid("erasures.unreadable", "The list has a line that is no erasure.") from None
