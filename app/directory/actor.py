"""Who is acting: a person with roles, each within a scope."""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal

ROLES: dict[str, str] = {
    "resident_coordinator": "Files, edits, answers clarifications, withdraws, runs the assessment.",
    "government": "Reads its requests, acknowledges, consents, appeals, gives feedback.",
    "assessor": "Records answers, evidence, consultations and the risk assessment.",
    "desk_officer": "Triage, clarification, prepares matches, keeps the compendium.",
    "screening_officer": "Findings on the principles.",
    "rights_reviewer": "Findings on the third principle; sits on appeals.",
    "focal_point": "Accepts or declines for its entity, delivers.",
    "auditor": "Reads everything but protected annexes.",
    "administrator": "People, roles and tokens; no case content.",
    "client": "A program that reads within what it was granted.",
}
"""Every role that a person can hold, with what it does (docs and `GET /me` show these)."""

COUNTRY_ROLES = frozenset({"resident_coordinator", "government", "assessor"})
ENTITY_ROLES = frozenset({"focal_point"})
READER = "reader"
"""Nobody's role: what a named grant to see one request is called among the grants."""
GLOBAL_ROLES = frozenset(
    {"desk_officer", "screening_officer", "rights_reviewer", "auditor", "administrator"}
)


@dataclass(frozen=True, slots=True)
class Grant:
    """One role within one scope: a country, an entity, or (neither) everything.

    With `named` it is no role but the number of a named grant: the sight of one request.
    """

    role: str
    country: str | None = None
    entity: str | None = None
    named: int | None = None


Kind = Literal["entity", "country", "request"]
"""What a person can be tied to."""


@dataclass(frozen=True, slots=True)
class Tie:
    """What binds a person to an entity, a country or one request, from a moment on (C7).

    To have answered for an entity is a tie that never ends; a declared interest may end; a recusal
    is a tie to the request's reference.
    """

    kind: Kind
    value: str
    since: datetime
    until: datetime | None = None

    def holds(self, now: datetime) -> bool:
        """Whether it binds at a moment."""
        return self.since <= now and (self.until is None or now < self.until)


@dataclass(frozen=True, slots=True)
class Actor:
    """A person who acts; `person_id` is None for the system itself.

    `scopes` narrows what a token may do (None: all that its owner may); `assured_at` is the moment
    of the last second factor given with this credential; `credential` names it in the ledger
    (`token:7`, `session:3`); `on_behalf` is the person whose delegation is being used, and `acts`
    what that delegation is limited to. `ties` are those of both. `others` are the numbers that they
    acted under before their records were joined. `glass` is the reference of the one request that
    an administrator reads in an emergency. `until` is when a session in a browser ends if it is not
    used again; None for any other credential.
    """

    person_id: int | None
    name: str
    grants: tuple[Grant, ...] = field(default=())
    language: str = "en"
    scopes: frozenset[str] | None = None
    assured_at: datetime | None = None
    credential: str = ""
    on_behalf: int | None = None
    acts: frozenset[str] | None = None
    ties: tuple[Tie, ...] = field(default=())
    others: frozenset[int] = frozenset()
    glass: str | None = None
    until: datetime | None = None

    @property
    def persons(self) -> frozenset[int]:
        """Everyone whose word this is: who acts, and on whose behalf; both count (C7).

        Each stands here by every number that he or she ever acted under.
        """
        own = {one for one in (self.person_id, self.on_behalf) if one is not None}
        return self.others | own

    def roles_in(self, countries: frozenset[str], entities: frozenset[str]) -> frozenset[str]:
        """Return the roles held towards something that concerns these countries and entities."""
        return frozenset(
            grant.role
            for grant in self.grants
            if (grant.country is None and grant.entity is None and grant.named is None)
            or grant.country in countries
            or grant.entity in entities
        )

    def holds(self, role: str) -> bool:
        """Whether the role is held in any scope."""
        return any(grant.role == role for grant in self.grants)

    def countries(self, role: str) -> frozenset[str]:
        """Return the countries in which the role is held."""
        return frozenset(g.country for g in self.grants if g.role == role and g.country)

    def entities(self, role: str) -> frozenset[str]:
        """Return the entities for which the role is held."""
        return frozenset(g.entity for g in self.grants if g.role == role and g.entity)


SYSTEM = Actor(None, "system", (Grant("system"),))
"""The house itself: automatic moves are made in this name."""
