"""In whose name a command works: whose token it is, and whether the policy table lets them try."""

from app.accounts import factors, limits
from app.accounts.limits import SECOND_FACTOR
from app.cli.common import Office
from app.directory import credentials
from app.directory.actor import Actor
from app.kit import clock
from app.kit.db import Session
from app.kit.errors import Unauthenticated
from app.ledger import service as ledger
from app.policy import rights
from app.policy.table import COMMANDS, RULES
from app.requests import nets


def recognised(place: Office, session: Session, token: str, *operations: str) -> Actor:
    """Return who holds a token, held against the rows of what is to be done.

    From here on the transaction has this person's sight, in both nets.
    Raises Unauthenticated; Forbidden for a token that is too narrow, a role or a second factor.
    """
    key = place.settings.token_key.get_secret_value()
    actor = credentials.recognise(session, key, token, clock.now()).actor
    for operation in operations:
        rights.entitle(COMMANDS.get(operation) or RULES[operation], actor, clock.now())
    nets.enter(session, actor)
    return actor


def step_up(place: Office, token: str, code: str) -> None:
    """Give the second factor of a token's person: it assures the token for ten minutes.

    The try is counted first. Raises Unauthenticated, TooMany, Forbidden.
    """
    with place.database.writing() as session:
        actor = recognised(place, session, token, "step_up")
        limits.take(session, SECOND_FACTOR, str(actor.person_id), clock.now())
    with place.database.writing() as session:
        actor = recognised(place, session, token, "step_up")
        row = credentials.token_of(session, actor)
        if row is None or actor.person_id is None:
            raise Unauthenticated("token.missing", "Name a token.")
        factors.give(session, actor.person_id, code)
        limits.forget(session, SECOND_FACTOR, str(actor.person_id))
        ledger.append(session, f"sign_in:{clock.today()}", "step_up", actor, {})
        credentials.assure(session, row.id, clock.now())
