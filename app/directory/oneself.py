"""What somebody is told of himself or herself."""

from app.directory.actor import Actor
from app.directory.schemas import GrantView, Me
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
