"""`entente import` and `entente export`: requests as JSON lines, in the name of a person."""

import json
import os
import re
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Any, BinaryIO, TextIO

import typer

from app.accounts.limits import hold_exports
from app.cli.callers import recognised, step_up
from app.cli.common import Office, office
from app.directory.actor import Actor
from app.kit.db import Clash, Failure, Overtaken
from app.kit.errors import Conflict, Invalid, Refusal, Unauthenticated, Unavailable
from app.ledger import service as ledger
from app.lifecycle import service as lifecycle
from app.lifecycle.moves import Move
from app.requests import nets
from app.requests import service as dossier
from app.requests.service import transfer
from app.requests.service.filters import Search
from app.setting_up import WORKFLOW

Token = Annotated[str, typer.Option(envvar="ENTENTE_TOKEN", help="Whose rights are used.")]
PIPE = Path("-")
EXPORT = "export_requests"


@dataclass
class Tally:
    """What became of the lines so far."""

    taken: int = 0
    known: int = 0
    refused: int = 0


def take_out(
    token: Token,
    to: Annotated[Path, typer.Argument(help="A file; - is standard output.")] = PIPE,
    state: Annotated[list[str] | None, typer.Option(help="Only in these states.")] = None,
    country: Annotated[str | None, typer.Option(help="Only of a country, ISO alpha-3.")] = None,
    code: Annotated[str, typer.Option(help="What one's device shows: an export takes it.")] = "",
) -> None:
    """Export requests: one JSON line for each, with all that its dossier holds.

    Only what the person may read whole is written, and that it was is entered into the log. It
    takes a second factor: a code, or a step-up with the same token within the last ten minutes.
    Documents are named with size and sha256, without their bytes. A file appears under its name
    when it is complete, and not before.
    """
    with office() as place:
        search = _search(place, state or [], country)
        if code:
            step_up(place, token, code)
        with written(to) as stream:
            count = _export(place, token, search, stream)
    typer.echo(f"Exported: {count}.", err=True)


def _search(place: Office, states: list[str], country: str | None) -> Search:
    known = {state for pack in place.shelf for state in pack.definition.states}
    if unknown := sorted(set(states) - known):
        raise Invalid("state.unknown", f"No workflow has the state {', '.join(unknown)}.")
    if country is not None and not re.fullmatch("[A-Z]{3}", country):
        raise Invalid("country.unknown", "Name the country by its ISO alpha-3 code, such as KEN.")
    return Search(state=tuple(states), country=country)


def _export(place: Office, token: str, search: Search, stream: BinaryIO) -> int:
    """Write the requests batch by batch, each in a transaction of its own, and return how many.

    Raises TooMany past what one person may take out an hour.
    """
    with place.database.writing() as session:
        actor = recognised(place, session, token, EXPORT)
        hold_exports(session, place.settings.export_limit, actor.person_id)
    with place.database.reading() as session:
        nets.enter(session, actor)
        extent = transfer.extent(session, actor, search)
    after = count = 0
    with typer.progressbar(length=extent.count, label="Exporting", file=sys.stderr) as bar:
        while True:
            with place.database.reading() as session:
                transfer.steady(session)
                actor = recognised(place, session, token, "list_requests")
                found, after = transfer.whole(session, actor, search, (after, extent.last))
            if not found:
                _enter(place, actor, search, count)
                return count
            stream.writelines(json.dumps(one, ensure_ascii=False).encode() + b"\n" for one in found)
            count += len(found)
            bar.update(len(found))


def _enter(place: Office, actor: Actor, search: Search, count: int) -> None:
    """Enter into the decision log who took out how much, before the file has its name."""
    with place.database.writing() as session:
        told = {"count": count, "state": list(search.state), "country": search.country}
        ledger.append(session, "exports", "requests_exported", actor, told)


@contextmanager
def written(to: Path) -> Iterator[BinaryIO]:
    """Give a stream to `to`; a file gets its name only when all of it is on the disk."""
    if to == PIPE:
        stream = sys.stdout.buffer
        yield stream
        stream.flush()
        return
    if to.exists() and not to.is_file():
        raise Invalid("export.file", f"{to} is no plain file.")
    try:
        handle, name = tempfile.mkstemp(".part", f".{to.name}.", to.resolve().parent)
        try:
            with os.fdopen(handle, "wb") as part:
                yield part
                part.flush()
                os.fsync(part.fileno())
            Path(name).replace(to)
        finally:
            Path(name).unlink(missing_ok=True)
    except OSError as fault:
        raise Unavailable("export.file", f"{to} cannot be written: {fault.strerror}.") from fault


def bring_in(
    token: Token,
    file: Annotated[Path, typer.Argument(help="JSON lines; - is standard input.")] = PIPE,
    submit: Annotated[bool, typer.Option("--submit", help="Submit each draft at once.")] = False,
    report: Annotated[Path, typer.Option(help="Where refused lines are told.")] = Path(
        "refused.jsonl"
    ),
) -> None:
    """Import filings, or lines that `export` wrote: each becomes a new draft.

    Every rule holds as at the API. The state of an exported line is NOT restored: importing never
    moves a request past the gate. Taken of it are the texts, the country's own needs and the work
    of others that it names.

    Each line stands alone: refused ones go into the report with line, code and reasons, the rest is
    imported. A second run imports nothing twice: the person's lines are known again by
    `external_id`, by the reference of an exported line, or else by their content.
    """
    with office() as place, _opened(file, report) as source:
        tally = _import(place, token, source, report, submit)
    typer.echo(f"New: {tally.taken}. There already: {tally.known}. Refused: {tally.refused}.")
    if tally.refused:
        typer.secho(f"Refused lines and why: {report}", err=True, fg="red")
        raise typer.Exit(1)


@contextmanager
def _opened(file: Path, report: Path) -> Iterator[tuple[BinaryIO, int | None]]:
    """Give the lines and their size in bytes, which is None for a pipe. Raises Invalid."""
    if file == PIPE:
        yield sys.stdin.buffer, None
        return
    try:
        stream = file.open("rb")
    except OSError as fault:
        raise Invalid("import.file", f"{file} cannot be read: {fault.strerror}.") from fault
    with stream:
        if report.exists() and report.samefile(file):
            raise Invalid("import.report", "The report would overwrite what is to be imported.")
        yield stream, file.stat().st_size


def _import(
    place: Office, token: str, source: tuple[BinaryIO, int | None], report: Path, submit: bool
) -> Tally:
    stream, size = source
    tally = Tally()
    with (
        _reported(report) as told,
        typer.progressbar(
            length=size or 1, label="Importing", file=sys.stderr, hidden=size is None
        ) as bar,
    ):
        for line in transfer.lines(stream):
            try:
                if _take(place, token, line, submit):
                    tally.taken += 1
                else:
                    tally.known += 1
            except (Unauthenticated, Unavailable):
                raise
            except Refusal as refusal:
                tally.refused += 1
                told.write(json.dumps(_told(line, refusal)) + "\n")
                told.flush()
            bar.update(line.size)
    if not tally.refused and report.is_file():
        report.unlink()
    return tally


@contextmanager
def _reported(report: Path) -> Iterator[TextIO]:
    """Give the report, emptied of what an earlier run told. Raises Invalid."""
    try:
        told = report.open("w", encoding="utf-8")
    except OSError as fault:
        raise Invalid("import.report", f"{report} cannot be written: {fault.strerror}.") from fault
    with told:
        yield told


def _take(place: Office, token: str, line: transfer.Line, submit: bool) -> bool:
    """Import one line in a transaction of its own; False when it is there already.

    Raises any Refusal, then nothing of the line is kept; Unavailable when the database fails.
    """
    filing = transfer.filing_of(line)
    operations = ("file_request", "move_request") if submit else ("file_request",)
    try:
        with place.database.writing() as session:
            actor = recognised(place, session, token, *operations)
            if transfer.known(session, actor, filing) is not None:
                return False
            pack = place.shelf.latest(WORKFLOW)
            request = dossier.open_draft(session, pack, actor, filing.body)
            for work in filing.standing_work:
                dossier.add_standing_work(session, place.shelf, actor, request, work)
            transfer.mark(session, actor, filing, request)
            if submit:
                lifecycle.advance(session, place.shelf, Move(actor, request.reference, "submit"))
            return True
    except (Clash, Overtaken):
        raise Conflict("import.clash", "Someone else was quicker; run the import again.") from None
    except Failure:
        said = "The database failed. All lines before stand; run the import again."
        raise Unavailable("import.database", said) from None


def _told(line: transfer.Line, refusal: Refusal) -> dict[str, Any]:
    return {
        "line": line.number,
        "code": refusal.code,
        "detail": refusal.detail,
        "blockers": [
            {"code": one.code, "cite": one.cite, "params": dict(one.params)}
            for one in refusal.blockers
        ],
    }
