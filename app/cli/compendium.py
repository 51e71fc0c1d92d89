"""`entente compendium`: show it as of a moment, take it out as a file, propose what a file says."""

from datetime import UTC, date, datetime
from pathlib import Path
from typing import Annotated

import typer

from app.cli.callers import recognised
from app.cli.common import Office, office
from app.cli.requests import Token
from app.cli.transfer import PIPE, written
from app.compendium import service as compendium
from app.compendium.exchange.files import Format
from app.compendium.schemas import ChangesBody, ComparedView, Difference
from app.kit import clock
from app.kit.db import Session
from app.kit.errors import Invalid
from app.setting_up import WORKFLOW

app = typer.Typer(no_args_is_help=True)
AsOf = Annotated[str, typer.Option(help="A day (read at its end) or a moment, ISO 8601.")]
KnownAt = Annotated[str, typer.Option(help="As it was known at this moment, ISO 8601.")]
Version = Annotated[int | None, typer.Option(min=1, help="As known with this version.")]
When = tuple[str, str, int | None]


@app.command()
def show(
    token: Token,
    code: Annotated[str, typer.Argument(help="One entry with all its versions.")] = "",
    as_of: AsOf = "",
    known_at: KnownAt = "",
    version: Version = None,
) -> None:
    """Show every entry that holds as of a moment, or every version of one entry."""
    with office() as place, place.database.reading() as session:
        recognised(place, session, token, "list_mandates")
        day, known = _moments(session, (as_of, known_at, version))
        if code:
            for one in compendium.history(session, code, None, known):
                gone = "  withdrawn" if one.withdrawn else ""
                since = one.effective_at.isoformat()
                typer.echo(f"{one.kind} {one.code} v{one.version} of {one.number}, {since}{gone}")
            return
        content = compendium.taken_out(session, "yaml", day, known)
    typer.echo(content.decode(), nl=False)


@app.command("export")
def take_out(
    token: Token,
    to: Annotated[Path, typer.Argument(help="A file; - is standard output.")] = PIPE,
    form: Annotated[Format, typer.Option("--format", help="yaml, csv or xlsx.")] = "yaml",
    as_of: AsOf = "",
    known_at: KnownAt = "",
    version: Version = None,
) -> None:
    """Take the entries out as a file, which can be edited and brought in again."""
    with office() as place:
        with place.database.reading() as session:
            recognised(place, session, token, "export_compendium")
            day, known = _moments(session, (as_of, known_at, version))
            content = compendium.taken_out(session, form, day, known)
        with written(to) as stream:
            stream.write(content)


@app.command("import")
def bring_in(
    token: Token,
    file: Annotated[Path, typer.Argument(help="YAML, CSV or XLSX.", exists=True, dir_okay=False)],
    title: Annotated[str, typer.Option(help="What the proposal is called.")] = "",
    reason: Annotated[
        str, typer.Option(help="Why; with a title and it the file is proposed.")
    ] = "",
) -> None:
    """Show what a file would change; with a title and a reason, propose it for review."""
    if bool(title) != bool(reason):
        raise typer.BadParameter("--title and --reason go together")
    with office() as place:
        found = _compared(place, token, file)
        for one in found.difference:
            _tell(one)
        typer.echo(f"{len(found.difference)} would change, {found.unchanged} would stay.", err=True)
        if title and found.changes:
            body = ChangesBody(title=title, reason=reason, changes=found.changes)
            typer.echo(f"Proposal {_proposed(place, token, body)} waits for a second person.")


def _compared(place: Office, token: str, file: Path) -> ComparedView:
    with place.database.reading() as session, file.open("rb") as document:
        recognised(place, session, token, "compare_file")
        return compendium.compared(session, file.name, document)


def _proposed(place: Office, token: str, body: ChangesBody) -> int:
    with place.database.writing() as session:
        actor = recognised(place, session, token, "propose_change")
        areas = place.shelf.latest(WORKFLOW).areas
        return compendium.propose(session, areas, actor, body).id


def _tell(one: Difference) -> None:
    typer.echo(f"{one.act} {one.kind} {one.code}")
    for field in one.fields:
        typer.echo(f"  {field.field}: {field.before!r} -> {field.after!r}")


def _moments(session: Session, asked: When) -> tuple[date, datetime]:
    """Return of which moment is asked, and as known when. Raises Invalid, NotFound."""
    as_of, known_at, version = asked
    known = _moment(known_at) if known_at else None
    if isinstance(known, date) and not isinstance(known, datetime):
        raise Invalid("reading.moment", "Say with hours and minutes when it was known.")
    day = _moment(as_of) if as_of else clock.now()
    return day, compendium.known(session, known, version)


def _moment(text: str) -> date:
    """Return a day or a moment from ISO 8601; a moment without a zone is in UTC. Raises Invalid."""
    try:
        if len(text) == len("2026-11-22"):
            return date.fromisoformat(text)
        moment = datetime.fromisoformat(text)
    except ValueError as fault:
        raise Invalid("reading.moment", f"{text!r} is no day and no moment.") from fault
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)
