"""`entente users` and `entente tokens`: people, roles and credentials of this installation."""

from typing import Annotated

import typer

from app.accounts import factors, links, sessions
from app.accounts import service as accounts
from app.cli.common import office
from app.directory import service as directory
from app.directory.schemas import EVERY_SCOPE, GrantBody, PersonBody, TokenBody
from app.ledger import service as ledger

users = typer.Typer(no_args_is_help=True)
tokens = typer.Typer(no_args_is_help=True)
PersonId = Annotated[int, typer.Argument(help="The number of a person.", min=1)]
Role = Annotated[str, typer.Option(help="A role; see `GET /me` and the docs.")]
Country = Annotated[str | None, typer.Option(help="Scope: a country, ISO alpha-3.")]
Entity = Annotated[str | None, typer.Option(help="Scope: an entity of the compendium.")]


def _grant(role: str, country: str | None, entity: str | None) -> GrantBody:
    try:
        return GrantBody.model_validate({"role": role, "country": country, "entity": entity})
    except ValueError as fault:
        raise typer.BadParameter(str(fault)) from None


@users.command("add")
def add_user(
    name: Annotated[str, typer.Argument(help="The person's name.")],
    role: Role,
    country: Country = None,
    entity: Entity = None,
    email: Annotated[str | None, typer.Option(help="Mail address.")] = None,
) -> None:
    """Add a person with one role."""
    with office() as place, place.database.writing() as session:
        grants = (_grant(role, country, entity),)
        body = PersonBody(name=name, email=email, grants=grants)
        person = directory.enrol(session, None, body)
        typer.echo(f"Person {person.id}: {person.name}")


@users.command("list")
def list_users() -> None:
    """List people and their roles."""
    with office() as place, place.database.reading() as session:
        cursor: str | None = None
        while True:
            found = directory.people(session, cursor, 200)
            for view in directory.views(session, found.rows):
                held = ", ".join(f"{g.role}({g.country or g.entity or 'all'})" for g in view.grants)
                typer.echo(f"{view.id:>5}  {view.name}  {held}{'  SUSPENDED' * view.suspended}")
            cursor = found.next
            if cursor is None:
                return


@users.command("grant")
def grant(person: PersonId, role: Role, country: Country = None, entity: Entity = None) -> None:
    """Give a person a further role."""
    with office() as place, place.database.writing() as session:
        directory.grant(session, None, person, _grant(role, country, entity))
        typer.echo("Granted.")


@users.command("invite")
def invite(person: PersonId) -> None:
    """Print a link by which a person chooses a password, once, within 7 days."""
    with office() as place, place.database.writing() as session:
        accounts.invitable(session, person)
        secret = links.make(session, person, links.INVITATION)
        ledger.append(session, ledger.DIRECTORY, "person_invited", None, {"person": person})
        root = place.settings.public_url.rstrip("/")
        typer.echo(f"{root}/sign-in/invitation?link={secret}")


@users.command("second-factor")
def second_factor(person: PersonId) -> None:
    """Give a person another second factor, and print what their device reads, this once."""
    with office() as place, place.database.writing() as session:
        directory.person_of(session, person)
        secret = factors.enrol_at_once(session, person)
        sessions.end_all(session, person)
        told = {"person": person}
        ledger.append(session, ledger.DIRECTORY, "second_factor_given", None, told)
        typer.echo(factors.uri(session, person, secret))


@users.command("suspend")
def suspend(person: PersonId) -> None:
    """Suspend a person: every token is dead at once."""
    with office() as place, place.database.writing() as session:
        directory.suspend(session, None, person)
        typer.echo("Suspended.")


def _token(name: str, days: int, scopes: list[str]) -> TokenBody:
    try:
        return TokenBody.model_validate({"name": name, "days": days, "scopes": scopes})
    except ValueError as fault:
        raise typer.BadParameter(str(fault)) from None


@tokens.command("create")
def create(
    person: PersonId,
    name: Annotated[str, typer.Option(help="What the token is for.")] = "command line",
    days: Annotated[int, typer.Option(help="How long it lasts.", min=1, max=90)] = 90,
    scope: Annotated[
        list[str] | None, typer.Option(help="read, write, decide, admin; all unless narrowed.")
    ] = None,
) -> None:
    """Make a token; its secret is shown this once."""
    body = _token(name, days, scope or list(EVERY_SCOPE))
    with office() as place, place.database.writing() as session:
        key = place.settings.token_key.get_secret_value()
        secret, row = directory.issue_token(session, None, key, (person, body))
        typer.echo(f"{secret}\n(number {row.id}, until {row.expires_at:%Y-%m-%d})")


@tokens.command("list")
def list_tokens(person: PersonId) -> None:
    """List a person's tokens."""
    with office() as place, place.database.reading() as session:
        for row in directory.tokens(session, person):
            end = "revoked" if row.revoked_at else f"until {row.expires_at:%Y-%m-%d}"
            typer.echo(f"{row.id:>5}  {row.prefix}...  {row.name}  {end}  [{row.scopes or 'all'}]")


@tokens.command("revoke")
def revoke(token: Annotated[int, typer.Argument(help="The token's number.", min=1)]) -> None:
    """Revoke a token: it is dead at once, on every worker."""
    with office() as place, place.database.writing() as session:
        directory.revoke_token(session, None, token)
        typer.echo("Revoked.")
