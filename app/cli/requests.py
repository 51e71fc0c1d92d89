"""`entente requests`: list, show and move requests, in the name of a person."""

import json
from typing import Annotated

import typer

from app.cli.callers import recognised
from app.cli.common import office
from app.directory.actor import Actor, Grant
from app.lifecycle import migration
from app.lifecycle import service as lifecycle
from app.lifecycle.moves import Move
from app.requests import access, timeline
from app.requests import service as dossier
from app.requests.service.filters import Search
from app.requests.service.reading import Reader

app = typer.Typer(no_args_is_help=True)
HOUSE_READER = Actor(None, "command line", (Grant("auditor"),))
Token = Annotated[str, typer.Option(envvar="ENTENTE_TOKEN", help="Whose rights are used.")]
Reference = Annotated[str, typer.Argument(help="A reference such as TA-2026-00042.")]


@app.command("list")
def list_requests(
    token: Token,
    state: Annotated[list[str] | None, typer.Option(help="Only in these states.")] = None,
    limit: Annotated[int, typer.Option(min=1, max=200)] = 50,
) -> None:
    """List requests that the person may see, newest first."""
    with office() as place, place.database.reading() as session:
        actor = recognised(place, session, token, "list_requests")
        found = dossier.search(session, actor, Search(state=tuple(state or ())), None, limit)
        reader = Reader(actor, "en", place.texts)
        for line in dossier.line_of(place.shelf, reader, found.rows):
            due = f"due {line.due:%Y-%m-%d}" if line.due else ""
            where = ",".join(line.countries)
            typer.echo(f"{line.reference}  {where:<8} {line.label:<28} {due:<15} {line.title}")


@app.command()
def show(reference: Reference, token: Token) -> None:
    """Show one request with its timeline."""
    with office() as place, place.database.reading() as session:
        actor = recognised(place, session, token, "read_request", "read_timeline")
        request = access.find(session, actor, reference)
        view = dossier.view_of(session, place.shelf, Reader(actor, "en", place.texts), request)
        typer.echo(view.model_dump_json(indent=2))
        events = timeline.read(session, actor, request, 0, 1000)
        for event in timeline.views(session, events, timeline.ear_of(session, actor, request)):
            told = json.dumps(event.data, ensure_ascii=False)
            typer.echo(
                f"{event.number:>4}  {event.at:%Y-%m-%d %H:%M}  {event.actor}: {event.kind} {told}"
            )


@app.command()
def move(
    reference: Reference,
    trigger: Annotated[str, typer.Argument(help="A transition; `options` shows which.")],
    token: Token,
    form: Annotated[str, typer.Option(help="What the form asks, as JSON.")] = "{}",
    comment: Annotated[str, typer.Option(help="A remark for the timeline.")] = "",
) -> None:
    """Fire a transition; every rule holds here as at the API."""
    with office() as place, place.database.writing() as session:
        actor = recognised(place, session, token, "move_request")
        wish = Move(actor, reference, trigger, None, _form(form), comment)
        moved = lifecycle.advance(session, place.shelf, wish)
        typer.echo(
            f"{reference} stands in '{moved.standing.state}' (revision {moved.standing.revision})."
        )


@app.command()
def migrate(
    reference: Reference,
    version: Annotated[int, typer.Argument(help="The version of its workflow to go over to.")],
) -> None:
    """Take a request over to another version of its workflow; the gate holds here too."""
    with office() as place, place.database.writing() as session:
        request = access.find(session, HOUSE_READER, reference, lock=True)
        state = migration.migrate(session, place.shelf, None, request, version)
        typer.echo(f"{reference} follows {request.workflow}@{version} now, in '{state}'.")


def _form(text: str) -> dict[str, object]:
    try:
        form = json.loads(text)
    except ValueError:
        form = None
    if not isinstance(form, dict):
        raise typer.BadParameter('--form takes a JSON object, such as \'{"reason": "..."}\'.')
    return form
