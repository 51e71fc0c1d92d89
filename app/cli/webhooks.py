"""`entente webhooks`: whom this installation calls; the operator can pause or end one."""

from typing import Annotated

import typer

from app.cli.common import office
from app.webhooks import service

app = typer.Typer(no_args_is_help=True)
Number = Annotated[int, typer.Argument(help="The number of a webhook.", min=1)]


@app.command("list")
def list_all() -> None:
    """List all webhooks: their owners, addresses and states."""
    with office() as place, place.database.reading() as session:
        for one in service.views(session, service.every(session)):
            failing = f", failing since {one.failing_since:%Y-%m-%d}" if one.failing_since else ""
            typer.echo(f"{one.id:>5}  {one.url}  {one.owner_name}  {one.status}{failing}")


@app.command()
def pause(webhook: Number) -> None:
    """Send nothing to a receiver until it is resumed; what happens meanwhile waits."""
    with office() as place, place.database.writing() as session:
        service.pause(session, None, webhook)
        typer.echo("Paused.")


@app.command()
def resume(webhook: Number) -> None:
    """Send again, after a pause or when it was disabled."""
    with office() as place, place.database.writing() as session:
        service.resume(session, None, webhook)
        typer.echo("Resumed.")


@app.command()
def end(webhook: Number) -> None:
    """End a webhook for good; its secrets are destroyed."""
    with office() as place, place.database.writing() as session:
        service.end(session, None, webhook)
        typer.echo("Ended.")
