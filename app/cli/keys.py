"""`entente keys`: renewing the keys of an installation."""

from collections.abc import Callable
from enum import StrEnum
from typing import TypeVar

import typer

from app.accounts import factors
from app.cli.common import Office, office
from app.kit import keys
from app.kit.db import Database, Session
from app.ledger import service as ledger
from app.requests import vault
from app.requests.service import replays
from app.webhooks import service as webhooks

app = typer.Typer(no_args_is_help=True)
T = TypeVar("T")


class Purpose(StrEnum):
    """The keys that can be renewed while what was made with earlier ones stays readable."""

    LEDGER = keys.LEDGER
    ANCHOR = keys.ANCHOR
    MASTER = keys.MASTER


@app.command()
def rotate(purpose: Purpose) -> None:
    """Add a newer key; what was made with earlier ones stays readable.

    `ledger` and `anchor`: restart the service then. `master`: stop the service and its workers
    first, since every data key is wrapped anew; a run that was interrupted is taken up by `rewrap`.
    """
    with office() as place:
        file = place.settings.keys_place
        ring = keys.rotated(keys.load(file), purpose)
        keys.write(file, ring)
        name, _ = ring.current(purpose)
        _log(place, purpose, name)
        typer.echo(f"New entries are made with {purpose} {name}; restart what is running.")
    if purpose is Purpose.MASTER:
        rewrap()


def _log(place: Office, purpose: str, name: str) -> None:
    with place.database.writing() as session:
        told = {"purpose": purpose, "key": name}
        ledger.append(session, ledger.DIRECTORY, "key_rotated", None, told)


@app.command()
def rewrap() -> None:
    """Wrap every data key with the present master key; those that are so already stay."""
    with office() as place:
        changed = _all(place.database, vault.rewrap_all, 0)
        changed += _all(place.database, factors.rewrap_all, 0)
        changed += _all(place.database, webhooks.rewrap_all, 0)
        changed += _all(place.database, replays.rewrap_all, (0, ""))
        typer.echo(f"Wrapped anew: {changed}.")


def _all(database: Database, rewrap: Callable[[Session, T], tuple[int, T | None]], start: T) -> int:
    """Wrap keys batch by batch, each in a transaction of its own, and return how many."""
    after: T | None = start
    changed = 0
    while after is not None:
        with database.writing() as session:
            more, after = rewrap(session, after)
        changed += more
    return changed
