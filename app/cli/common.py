"""What commands share: settings, the open database, and how a refusal is told."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

import typer

from app.config import Settings
from app.engine.packs import Shelf, load_shelf
from app.kit import keys
from app.kit.db import Database
from app.kit.errors import Refusal
from app.kit.text import Catalogue
from app.lifecycle.vocabulary import VOCABULARY


@dataclass(frozen=True, slots=True)
class Office:
    """An installation as the command line sees it."""

    settings: Settings
    database: Database
    shelf: Shelf
    texts: Catalogue


@contextmanager
def office() -> Iterator[Office]:
    """Open the installation that the environment names; tell a refusal and end with code 1."""
    with told():
        settings = Settings()
        database = Database(
            settings.database_url, settings.pool_size, keys.opener(settings.keys_place)
        )
        shelf = load_shelf(settings.workflows, VOCABULARY)
        try:
            yield Office(settings, database, shelf, Catalogue(settings.workflows / "locales"))
        finally:
            database.close()


@contextmanager
def told() -> Iterator[None]:
    """Turn a refusal into words on standard error and an exit code."""
    try:
        yield
    except Refusal as refusal:
        typer.secho(f"{refusal.title}: {refusal.detail or refusal.code}", err=True, fg="red")
        for blocker in refusal.blockers:
            told_params = ", ".join(f"{name}={value}" for name, value in blocker.params.items())
            cite = f" [{blocker.cite}]" if blocker.cite else ""
            typer.echo(f"  - {blocker.code} {told_params}{cite}", err=True)
        raise typer.Exit(1) from None
