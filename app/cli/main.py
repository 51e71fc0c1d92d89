"""`entente`: every command by name."""

import os
import sys
from typing import Annotated

import typer

from app.cli import (
    compendium,
    keys,
    ledger,
    packs,
    people,
    portfolio,
    requests,
    retention,
    transfer,
    webhooks,
)
from app.cli.common import office
from app.cli.demo import command as demo
from app.cli.doctor import examine
from app.config import Settings
from app.kit import revisions, schema
from app.setting_up import load_reference

app = typer.Typer(help="Entente: technical assistance, from need to result.", no_args_is_help=True)
app.add_typer(packs.app, name="packs", help="Workflow packs: check, show, draw, release.")
app.add_typer(compendium.app, name="compendium", help="The compendium: show, export, import.")
app.add_typer(requests.app, name="requests", help="Requests: list, show, move.")
app.add_typer(people.users, name="users", help="People and their roles.")
app.add_typer(people.tokens, name="tokens", help="API tokens.")
app.add_typer(webhooks.app, name="webhooks", help="Webhooks: list, pause, resume, end.")
app.add_typer(keys.app, name="keys", help="Keys of the installation: rotate, rewrap.")
app.command("import")(transfer.bring_in)
app.command("export")(transfer.take_out)
app.add_typer(retention.erasures, name="erasures", help="Erasures: the list for restores.")
app.command("retention")(retention.keep_terms)
app.command("erase")(retention.erase)
app.command("demo")(demo.demo)
app.command("portfolio")(portfolio.portfolio)
app.command("verify")(ledger.verify)
app.command("anchor")(ledger.anchor)
app.command("roles")(ledger.roles)


@app.command()
def serve(
    host: Annotated[str | None, typer.Option(help="Address to listen on.")] = None,
    port: Annotated[int | None, typer.Option(help="Port to listen on.")] = None,
    workers: Annotated[int, typer.Option(help="Processes (SQLite: 1).", min=1, max=64)] = 1,
) -> None:
    """Serve the REST API."""
    settings = Settings()
    if workers > 1 and settings.database_url.startswith("sqlite"):
        typer.secho("SQLite knows one writer: serve it with one worker.", err=True, fg="red")
        raise typer.Exit(1)
    place = [host or settings.host, str(port or settings.port), str(workers)]
    own = [sys.executable, "-m", "app.cli.serving", *place]
    os.execv(own[0], own)  # noqa: S606 - our own program


@app.command()
def work() -> None:
    """Run the background jobs: deadlines and notices."""
    os.execv(sys.executable, [sys.executable, "-m", "app.jobs"])  # noqa: S606 - our own program


@app.command()
def migrate() -> None:
    """Bring the database to the newest schema and load countries and compendium."""
    with office() as place:
        schema.migrate(place.database.engine)
        with place.database.writing() as session:
            load_reference(session, place.shelf)
        typer.echo(f"The schema stands at {revisions.head()}.")


@app.command()
def doctor() -> None:
    """Say what is wrong with this installation and how to mend it."""
    faults = examine(Settings(), dict(os.environ))
    for fault in faults:
        typer.secho(f"{fault.mark}  {fault.what}", fg=fault.colour)
        if fault.mend:
            typer.echo(f"      {fault.mend}")
    if any(fault.grave for fault in faults):
        raise typer.Exit(1)


def main() -> None:
    """Run the command line."""
    app()
