"""Which roles see which requests: what `access.visible` and `access.within` turn into SQL."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Protocol

EVERYTHING = frozenset({"auditor"})
"""See drafts of every country too. Administrators are in none of these: they see no request."""

DESK = frozenset({"desk_officer"})
"""See every filed request, whatever its level, when held without a scope."""

SCREENING = frozenset({"screening_officer", "rights_reviewer"})
"""See every filed request; a confidential one only while it stands in their stage."""

DRAFTS = frozenset({"resident_coordinator"})
"""See the requests of the countries for which they are held, drafts among them."""

COUNTRY = frozenset({"government", "assessor"})
"""See the filed requests of the countries for which they are held."""

ENTITY = frozenset({"focal_point"})
"""See the requests about which their entity is asked or which it has accepted, and then within."""

PROGRAM = frozenset({"client"})
"""See ordinary requests alone, in whatever scope they are held, and never read within."""


class Held(Protocol):
    """What sight asks of a grant."""

    @property
    def role(self) -> str:
        """The role."""

    @property
    def country(self) -> str | None:
        """The country it is held for."""

    @property
    def entity(self) -> str | None:
        """The entity it is held for."""

    @property
    def named(self) -> int | None:
        """The number of a named grant."""


@dataclass(frozen=True, slots=True)
class Sight:
    """Which requests somebody sees: the ways by which, any of which is enough.

    Both nets are made of it: the condition `access.visible`, and `words` for the database's own
    policies. `everything`, `desk`, `screening` and `program` hold for all countries; the sets name
    countries, entities (`clients`: of programs) and named grants; `glass` is one reference, alone.
    """

    everything: bool = False
    desk: bool = False
    screening: bool = False
    program: bool = False
    drafts: frozenset[str] = frozenset()
    countries: frozenset[str] = frozenset()
    programs: frozenset[str] = frozenset()
    entities: frozenset[str] = frozenset()
    clients: frozenset[str] = frozenset()
    named: frozenset[int] = frozenset()
    glass: str | None = None

    def words(self) -> str:
        """Return it as the policies of the database read it: words, of which any one is enough."""
        plain = {
            "all": self.everything,
            "filed": self.desk,
            "screening": self.screening,
            "program": self.program,
        }
        sets: dict[str, Iterable[object]] = {
            "draft": self.drafts,
            "country": self.countries,
            "programs": self.programs,
            "entity": self.entities,
            "client": self.clients,
            "named": self.named,
            "glass": [self.glass] if self.glass else [],
        }
        said = [name for name, holds in plain.items() if holds]
        said += [f"{name}:{one}" for name, held in sets.items() for one in sorted(map(str, held))]
        return " ".join(said) or "nothing"


def sight_of(grants: Iterable[Held], glass: str | None = None) -> Sight:
    """Return what somebody with these grants sees; through broken glass the one request alone."""
    if glass is not None:
        return Sight(glass=glass)
    held = list(grants)
    everywhere = {one.role for one in held if not (one.country or one.entity)}
    drafts, countries, programs = (
        frozenset(one.country for one in held if one.role in roles and one.country)
        for roles in (DRAFTS, COUNTRY, PROGRAM)
    )
    entities, clients = (
        frozenset(one.entity for one in held if one.role in roles and one.entity)
        for roles in (ENTITY, PROGRAM)
    )
    desk, screening = bool(everywhere & DESK), bool(everywhere & SCREENING)
    return Sight(
        everything=bool(everywhere & EVERYTHING),
        desk=desk,
        screening=screening and not desk,
        program=bool(everywhere & PROGRAM) and not desk and not screening,
        drafts=drafts,
        countries=countries - drafts,
        programs=programs - drafts - countries,
        entities=entities,
        clients=clients - entities,
        named=frozenset(one.named for one in held if one.named is not None),
    )
