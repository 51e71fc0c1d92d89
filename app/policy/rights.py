"""What an actor may do by the table alone: scope of the token, role held, second factor.

Whether the object is the actor's business, and what its state allows, is asked where the object is
at hand (`access.find`, `access.permit`).
"""

from datetime import datetime, timedelta
from typing import Protocol

from app.kit.errors import Forbidden
from app.policy.rule import Rule
from app.policy.table import COMMANDS, RULES

FRESH = timedelta(minutes=10)
"""How long a second factor counts."""


class Entitled(Protocol):
    """What the table must know of an actor."""

    @property
    def scopes(self) -> frozenset[str] | None:
        """What the token may do; None is all that its owner may."""

    @property
    def assured_at(self) -> datetime | None:
        """When a second factor was last given with this credential."""

    @property
    def acts(self) -> frozenset[str] | None:
        """What the delegation that is used is limited to; None without such a limit."""

    def holds(self, role: str) -> bool:
        """Whether the role is held in any scope."""


def entitle(rule: Rule, actor: Entitled, now: datetime) -> None:
    """Let pass who may try this operation at all.

    Raises Forbidden: `token.scope`, `delegation.act`, `policy.role` or `assurance.step_up`.
    """
    if not within(actor, rule):
        raise Forbidden("token.scope", f"This token may not '{rule.scope}': use another one.")
    if not lent(actor, rule):
        raise Forbidden("delegation.act", "The delegation extends to certain acts, not to this.")
    if rule.roles:
        require(actor, rule)
    if rule.assurance == "step_up" and not assured(actor, now):
        raise Forbidden(
            "assurance.step_up",
            "Give a second factor first: POST /api/v1/me/step-up with a code, then repeat this "
            "within ten minutes. Whoever has no second factor yet enrols one.",
        )


def within(actor: Entitled, rule: Rule) -> bool:
    """Whether the scopes of the actor's token allow the operation."""
    return actor.scopes is None or rule.scope == "none" or rule.scope in actor.scopes


def lent(actor: Entitled, rule: Rule) -> bool:
    """Whether a delegation leaves the operation open.

    One that is limited to acts extends to reading and to these acts, of which `access.permit` and
    the engine judge each; never to what is no act of a definition, such as lowering a level.
    """
    return actor.acts is None or rule.scope in ("none", "read") or bool(rule.acts) or rule.moves


def assured(actor: Entitled, now: datetime) -> bool:
    """Whether the actor has given a second factor within the last ten minutes."""
    return actor.assured_at is not None and now - actor.assured_at <= FRESH


def require(actor: Entitled, rule: Rule) -> None:
    """Raise Forbidden unless the actor holds one of the roles that the row names."""
    if not any(actor.holds(role) for role in rule.roles):
        raise Forbidden("policy.role", f"This takes the role {' or '.join(rule.roles)}.")


def reaches_beyond(actor: Entitled | None, operation: str) -> bool:
    """Whether the actor may do this to what is not his or her own.

    None is the installation's own command line, which may.
    """
    return actor is None or any(actor.holds(role) for role in RULES[operation].beyond)


def require_for(actor: Entitled | None, operation: str) -> None:
    """Hold the actor's roles against a row below the desk; None is the command line, which may.

    Raises Forbidden.
    """
    if actor is not None:
        require(actor, COMMANDS.get(operation) or RULES[operation])
