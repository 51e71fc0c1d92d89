"""One row of the policy table: what one operation takes."""

from dataclasses import dataclass
from typing import Literal, get_args

Relation = Literal["none", "any", "self", "country", "entity", "request"]
"""What the actor must have to do with the object: nothing at all (public), a valid credential, be
the person concerned, act for a country or an entity, or see the request."""

Scope = Literal["none", "read", "write", "decide", "admin"]
"""What a token must be allowed: to read, to fill in, to decide or move, to administer."""

Assurance = Literal["none", "step_up"]
"""Whether a second factor must have been given within the last minutes."""

Kind = Literal["public", "internal", "restricted", "protected", "secret"]
"""The class of a field, from what may be published to what nobody is shown twice."""

Share = Literal["all", "own", "none"]
"""What of a field is for an entity that is asked or at work."""

KINDS: tuple[Kind, ...] = get_args(Kind)

SCOPES: dict[str, str] = {
    "read": "Read what its owner may read.",
    "write": "Fill in: file, edit, answer, add, report.",
    "decide": "Decide: move requests, sign, confirm, consent.",
    "admin": "Administer: people, roles and tokens.",
}
"""Every scope that a token can have, with what it allows."""


@dataclass(frozen=True, slots=True)
class Field:
    """The class of one field, the roles that may read it and those that may write it.

    No roles named: whoever may read the object so far, or carry out the operation. `entities` says
    what of it is for who sees the request for an entity's sake alone: all, what is its own, or
    nothing.
    """

    kind: Kind
    readers: frozenset[str] = frozenset()
    writers: frozenset[str] = frozenset()
    entities: Share = "all"


@dataclass(frozen=True, slots=True)
class Rule:
    """What one operation takes; `operation` is the name of its endpoint function.

    `roles`: one of them must be held somewhere (none named: whoever has the relation). `beyond`:
    roles that need not have the relation. `acts`: the acts of the workflow definition, one of which
    it carries out: their roles stand in the definition that the request follows, and not here.
    `moves`: it fires transitions, whose roles stand in the definition likewise. `second`: whom the
    actor must not be, by person (four eyes). `within`: seeing the request is not enough, what lays
    a country's weaknesses open must be readable too (`access.within`). `signed`: a form that must
    bear the token of its session. `hourly`: one person does it only so often an hour.
    `shows` and `takes`: the closest class of field in its answers and in its body, where it is not
    the one that goes with the relation.
    """

    operation: str
    scope: Scope
    relation: Relation = "request"
    roles: tuple[str, ...] = ()
    acts: tuple[str, ...] = ()
    moves: bool = False
    beyond: tuple[str, ...] = ()
    assurance: Assurance = "none"
    second: str = ""
    within: bool = False
    signed: bool = False
    hourly: bool = False
    shows: Kind | None = None
    takes: Kind | None = None

    @property
    def reads(self) -> Kind:
        """The closest class that its answers may hold; what is restricted, if one reads within."""
        return self.shows or _with(self.relation)

    @property
    def writes(self) -> Kind:
        """The closest class that its body may hold."""
        return self.takes or _with(self.relation)

    @property
    def public(self) -> bool:
        """Whether it is open without any credential."""
        return self.relation == "none"


def _with(relation: Relation) -> Kind:
    """Return the closest class that goes with a relation: no secret, and nothing protected."""
    if relation == "none":
        return "public"
    return "restricted" if relation == "request" else "internal"
