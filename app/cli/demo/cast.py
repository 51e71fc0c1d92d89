"""The people of the demonstration: one for each role at least, with a token each."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import timedelta

from app.accounts import factors, links
from app.compendium import entries
from app.compendium import service as compendium
from app.compendium.service import Change, Stamp
from app.directory import service as directory
from app.directory.schemas import EVERY_SCOPE, GrantBody, PersonBody, Role, TokenBody
from app.kit import clock
from app.kit.db import Session


@dataclass(frozen=True, slots=True)
class Part:
    """One part in the play: a key, a name, and the role with its scope."""

    key: str
    name: str
    role: Role
    country: str | None = None
    entity: str | None = None


@dataclass(frozen=True, slots=True)
class Player:
    """A person who plays a part, with the token that speaks for them, and their device."""

    part: Part
    person_id: int
    token: str
    device: str = ""


DESK = (
    Part("desk", "Ines Duarte, desk officer", "desk_officer"),
    Part("desk2", "Jonas Meyer, desk officer", "desk_officer"),
    Part("screener", "Wei Lan, screening officer", "screening_officer"),
    Part("screener2", "Paul Okoye, screening officer", "screening_officer"),
    Part("reviewer", "Marta Silva, rights reviewer", "rights_reviewer"),
    Part("auditor", "Olga Ivanova, auditor", "auditor"),
    Part("admin", "Sam Reed, administrator", "administrator"),
    Part("client", "Dashboard of a partner", "client"),
)
GUESTS = (
    Part("desk@guest", "You, as a desk officer", "desk_officer"),
    Part("coordinator@guest", "You, as the coordinator in Kenya", "resident_coordinator", "KEN"),
    Part("focal@guest", "You, as the focal point of UNODC", "focal_point", None, "unodc"),
    Part("auditor@guest", "You, as an auditor", "auditor"),
)
"""For whoever looks on: they come in at the pages, with a password of their own choice."""
SHOWN = frozenset({"unodc", "itu"})
"""The entities whose focal points are named when the demonstration begins."""
REVIEWED = timedelta(days=365)
"""After how long a focal point of the play is looked at again."""


def country_parts(country: str) -> tuple[Part, ...]:
    """Return the parts of one country: coordinator, government and assessor."""
    roles: tuple[tuple[str, str, Role], ...] = (
        ("coordinator", "Resident coordinator", "resident_coordinator"),
        ("government", "Government counterpart", "government"),
        ("assessor", "Assessor", "assessor"),
    )
    return tuple(
        Part(f"{key}:{country}", f"{title} in {country}", role, country=country)
        for key, title, role in roles
    )


def entity_part(entity: str) -> Part:
    """Return the focal point of an entity."""
    return Part(f"focal:{entity}", f"Focal point of {entity.upper()}", "focal_point", entity=entity)


def present(session: Session) -> bool:
    """Whether anybody is enrolled already."""
    return bool(directory.people(session, None, 1).rows)


def recall(session: Session, key: str) -> dict[str, Player]:
    """Give the desk officer of an earlier demonstration a new token; nobody in another database."""
    first = directory.people(session, None, 1).rows[0]
    if first.name != DESK[0].name:
        return {}
    secret, _ = directory.issue_token(
        session, None, key, (first.id, TokenBody(name="again", scopes=EVERY_SCOPE))
    )
    device = factors.enrol_at_once(session, first.id)
    return {DESK[0].key: Player(DESK[0], first.id, secret, device)}


def assignable(session: Session) -> list[str]:
    """Return the codes of the entities that can be given a need."""
    found = compendium.entities(session, clock.today())
    return [entity.code for entity in found if entity.assignable]


def everybody(session: Session, countries: Iterable[str]) -> list[Part]:
    """Return the desk, who plays for these countries, and the focal point of each entity."""
    of_countries = (part for country in countries for part in country_parts(country))
    return [*DESK, *of_countries, *map(entity_part, assignable(session))]


def welcome(session: Session, part: Part) -> str:
    """Enrol a guest, who signs in as `<key>.example`; return the secret of an invitation."""
    grants = (GrantBody(role=part.role, country=part.country, entity=part.entity),)
    body = PersonBody(name=part.name, email=f"{part.key}.example", grants=grants)
    person = directory.enrol(session, None, body)
    return links.make(session, person.id, links.INVITATION)


def gather(session: Session, key: str, parts: Iterable[Part]) -> dict[str, Player]:
    """Enrol players, and name the focal points among them in the compendium; return them by key."""
    players = {part.key: _enrol(session, key, part) for part in parts}
    now = clock.now()
    named = [
        Change(
            "focal_point",
            entries.read(
                "focal_point",
                {
                    "entity": one.part.entity,
                    "person_id": one.person_id,
                    "valid_from": now.date(),
                    "review_by": now.date() + REVIEWED,
                },
            ),
        )
        for one in players.values()
        if one.part.entity
    ]
    compendium.record(session, named, Stamp(now, now, "demonstration"))
    return players


def _enrol(session: Session, key: str, part: Part) -> Player:
    """Enrol a player and give a token."""
    grants = (GrantBody(role=part.role, country=part.country, entity=part.entity),)
    body = PersonBody(name=part.name, grants=grants, program=part.role == "client")
    person = directory.enrol(session, None, body)
    wanted = (person.id, TokenBody(name="demonstration", scopes=EVERY_SCOPE))
    secret, _ = directory.issue_token(session, None, key, wanted)
    return Player(part, person.id, secret, factors.enrol_at_once(session, person.id))
