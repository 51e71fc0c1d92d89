"""What doors take and give for people, roles, tokens and countries."""

from datetime import date, datetime
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field

from app.kit.bodies import Sent
from app.kit.text import Alpha3, Filled, Name

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


class GrantView(View):
    """A role that is held, and where."""

    role: str
    country: str | None
    entity: str | None


class PersonView(View):
    """A person and the roles held."""

    id: int
    name: str
    email: str | None
    language: str
    program: bool
    suspended: bool
    grants: list[GrantView]


class Me(View):
    """Who one is."""

    id: int | None
    name: str
    roles: list[str]
    grants: list[GrantView]


class TokenBody(Body):
    """A new token for a person; it lasts at most 90 days."""

    name: Filled
    days: int = Field(90, ge=1, le=90)


class TokenView(View):
    """A token, without its secret."""

    id: int
    name: str
    prefix: str
    created_at: datetime
    expires_at: datetime
    revoked_at: datetime | None


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
