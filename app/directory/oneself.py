"""What somebody is told of himself or herself."""

from sqlalchemy.orm import Session

from app.directory import credentials
from app.directory.actor import Actor
from app.directory.schemas import GrantView, Me
from app.directory.service import person_of
from app.kit.errors import Invalid
from app.ledger import service as ledger
from app.policy import rights
from app.policy.rule import SCOPES


def me(actor: Actor, csrf: str | None = None) -> Me:
    """Return who one is."""
    return Me(
        id=actor.person_id,
        name=actor.name,
        roles=sorted({grant.role for grant in actor.grants}),
        scopes=[scope for scope in SCOPES if actor.scopes is None or scope in actor.scopes],
        grants=[GrantView.model_validate(grant) for grant in actor.grants],
        assured_until=actor.assured_at + rights.FRESH if actor.assured_at else None,
        csrf=csrf,
    )


def choose_language(session: Session, actor: Actor, language: str) -> str:
    """Have oneself written to in a language from now on, and return it.

    Raises Invalid where one acts in another's name.
    """
    if actor.person_id is None or actor.on_behalf is not None:
        raise Invalid("language.oneself", "A language is chosen for oneself, in one's own name.")
    person = person_of(session, actor.person_id)
    person.language = language
    credentials.advance_epoch(session)
    session.flush()
    told = {"person": person.id, "language": language}
    ledger.append(session, ledger.DIRECTORY, "language_chosen", actor, told)
    return language
