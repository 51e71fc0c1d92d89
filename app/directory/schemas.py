"""What doors take and give for people, roles, tokens and countries."""

from datetime import date, datetime
from typing import Annotated, Any, Literal

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field

from app.kit.bodies import Sent
from app.kit.text import Alpha3, Filled, FilledProse, Instant, Name

Role = Literal[
    "administrator",
    "assessor",
    "auditor",
    "client",
    "desk_officer",
    "focal_point",
    "government",
    "resident_coordinator",
    "rights_reviewer",
    "screening_officer",
]
"""The names of `app.directory.actor.ROLES`; a test compares them."""
TokenScope = Literal["read", "write", "decide", "admin"]
"""The names of `app.policy.rule.SCOPES`; a test compares them."""
EVERY_SCOPE: tuple[TokenScope, ...] = ("read", "write", "decide", "admin")


class Body(Sent):
    """What is sent: unknown fields are refused."""


class View(BaseModel):
    """What is shown; read from rows."""

    model_config = ConfigDict(from_attributes=True, frozen=True)


class GrantBody(Body):
    """A role within a scope: one country, one entity, or everything."""

    role: Role
    country: Alpha3 | None = None
    entity: Name | None = None


class PersonBody(Body):
    """A new person, with the roles held from the start."""

    name: Filled
    email: Filled | None = None
    language: Literal["ar", "en", "es", "fr", "ru", "zh"] = "en"
    program: bool = False
    grants: tuple[GrantBody, ...] = Field((), max_length=50)


class LanguageBody(Body):
    """The language in which somebody is written to."""

    language: Literal["ar", "en", "es", "fr", "ru", "zh"]


class LanguageView(View):
    """The language in which somebody is written to."""

    language: str


class GrantView(View):
    """A role that is held, and where; `id` names the grant where an administrator reads it."""

    id: int | None = None
    role: str
    country: str | None
    entity: str | None


class PersonView(View):
    """A person and the roles held; `joined_to` is who it proved to be, once records are joined."""

    id: int
    name: str
    email: str | None
    language: str
    program: bool
    suspended: bool
    joined_to: int | None = None
    grants: list[GrantView]


class ColleagueView(View):
    """A person who may be chosen by name, with the roles that tell who is meant.

    Only administrators are told of anybody who is suspended.
    """

    id: int
    name: str
    suspended: bool
    grants: list[GrantView]


class Me(View):
    """Who one is, and what this credential may do (`scopes`).

    `assured_until` is when the second factor given with this credential ends;
    `csrf` is what a session sends along with every change (X-CSRF-Token); a token needs none.
    """

    id: int | None
    name: str
    roles: list[str]
    scopes: list[str]
    grants: list[GrantView]
    assured_until: datetime | None
    csrf: str | None


class TokenBody(Body):
    """A new token for a person; it lasts at most 90 days, and does what its scopes say."""

    name: Filled
    days: int = Field(90, ge=1, le=90)
    scopes: tuple[TokenScope, ...] = Field(("read", "write"), min_length=1, max_length=4)


def _words(written: Any) -> Any:
    """Return the scopes of a token's row as a list; a token of before may do everything."""
    if written is None:
        return list(EVERY_SCOPE)
    return written.split() if isinstance(written, str) else written


class TokenView(View):
    """A token, without its secret."""

    id: int
    name: str
    prefix: str
    created_at: datetime
    expires_at: datetime
    revoked_at: datetime | None
    scopes: Annotated[list[str], BeforeValidator(_words)]
    last_used_at: datetime | None


class TokenMade(TokenView):
    """A token that was just made: its secret is shown this once."""

    secret: str


class GroupView(View):
    """Membership in a group or a regional commission."""

    group: str
    valid_from: date | None
    valid_to: date | None
    source: str


class CountryView(View):
    """A Member State or observer State."""

    alpha3: str
    alpha2: str
    m49: str
    status: str
    name: str
    names: dict[str, str]
    region: str
    subregion: str
    groups: list[GroupView]


class InterestBody(Body):
    """An interest to declare: an entity's code or a country's, why, and for how long."""

    kind: Literal["entity", "country"]
    value: Name
    reason: FilledProse
    valid_from: Instant | None = None
    valid_to: Instant | None = None


class InterestView(View):
    """A declared interest or a recusal (`kind` request, `value` its reference)."""

    id: int
    person_id: int
    name: str = ""
    kind: str
    value: str
    reason: str
    declared_at: datetime
    valid_from: datetime
    valid_to: datetime | None


class RecusalBody(Body):
    """Why one does not act in a request any more."""

    reason: FilledProse


class DelegationBody(Body):
    """A grant of one's own to lend to another person, from a moment to a moment.

    `acts` names acts and triggers of the definition it is limited to; empty: all of the role.
    """

    person_id: int = Field(ge=1, le=2**63 - 1)
    role: Role
    country: Alpha3 | None = None
    entity: Name | None = None
    acts: tuple[Name, ...] = Field((), max_length=50)
    valid_from: Instant | None = None
    valid_to: Instant


class DelegationView(View):
    """A delegation: who lends what to whom, and for how long."""

    id: int
    person_id: int
    name: str
    delegate_id: int
    delegate: str
    role: str
    country: str | None
    entity: str | None
    acts: list[str]
    valid_from: datetime
    valid_to: datetime
    revoked_at: datetime | None
