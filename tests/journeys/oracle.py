"""Who may meet which marker of a neighbour: the entitlement, said again without the service's code."""

from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from app.directory.credentials import digest

COUNTRY_ROLES = {"resident_coordinator", "government", "assessor"}
NEIGHBOUR = sa.text(
    "SELECT r.id, r.reference, r.stage, r.level, r.filed_at FROM requests r"
    " JOIN request_countries c ON c.request_id = r.id WHERE c.country = :country"
)
INVOLVED = sa.text("SELECT entity, standing FROM involvements WHERE request_id = :id")
OWNER = sa.text("SELECT person_id FROM api_tokens WHERE digest = :digest")
GRANTS = sa.text(
    "SELECT role, country, entity FROM role_grants WHERE person_id = :person AND ended_at IS NULL"
)
LENT = sa.text(
    "SELECT g.role, g.country, g.entity FROM delegations d JOIN role_grants g ON g.id = d.grant_id"
    " WHERE d.id = :lent AND d.delegate_id = :person"
)
SAID = sa.text(
    "SELECT country, given FROM consents WHERE request_id = :id AND subject = 'publication'"
    " ORDER BY id"
)
ASKING = sa.text("SELECT country FROM request_countries WHERE request_id = :id")
OPENLY, PUBLISHED = "/public/requests", {"title", "summary", "reference"}
"""Where everyone reads of requests that their countries consent to publish, and what of them."""
TRAIL = ("/events", "/me/notices", "/me/offers")
"""Where an entity that is out still finds what it was told while it was asked."""


@dataclass(frozen=True, slots=True)
class Met:
    """A marker: of which country, how far it is open, of which field."""

    country: str
    depth: str
    field: str


@dataclass(frozen=True, slots=True)
class Reader:
    """Who was answered: what they hold, and where they read."""

    grants: tuple[tuple[str, str | None, str | None], ...]
    path: str = ""

    def everywhere(self) -> set[str]:
        """Return the roles held without a scope."""
        return {role for role, country, entity in self.grants if not (country or entity)}


def reader_of(session: Session, key: str, headers: Any, path: str) -> Reader:
    """Return who makes a call; nobody for strangers and through broken glass.

    No neighbour's glass is ever broken.
    """
    token = headers.get("authorization", "").removeprefix("Bearer ")
    person = session.scalar(OWNER, {"digest": digest(key, token)})
    if person is None or "break-glass" in headers:
        return Reader((), path)
    held = [tuple(row) for row in session.execute(GRANTS, {"person": person})]
    if lent := headers.get("delegation"):
        which = {"lent": int(lent), "person": person}
        held += [tuple(row) for row in session.execute(LENT, which)]
    return Reader(tuple(held), path)


def may(session: Session, reader: Reader, met: Met) -> bool:
    """Whether a reader may meet a marker, as the neighbour stands now."""
    country = met.country.upper()
    neighbour = session.execute(NEIGHBOUR, {"country": country}).one()
    if met.depth == "sealed":
        return False
    filed = neighbour.filed_at is not None
    if reader.path.endswith(OPENLY) and met.field in PUBLISHED and filed:
        return neighbour.level == "ordinary" and _consents(session, neighbour.id)
    if "auditor" in reader.everywhere() or _own(reader, country, filed=filed):
        return True
    office = _in_office(reader, neighbour)
    program = met.depth == "outer" and _by_program(reader, country, neighbour.level)
    return filed and (office or program or _involved(session, reader, met, neighbour.id))


def _consents(session: Session, request_id: int) -> bool:
    """Whether the last word of each country on publication is yes."""
    said = {row.country: row.given for row in session.execute(SAID, {"id": request_id})}
    asking = set(session.scalars(ASKING, {"id": request_id}))
    return all(bool(said.get(country)) for country in asking)


def _in_office(reader: Reader, neighbour: Any) -> bool:
    """Whether desk or screening, which do not know a confidential request outside their stage."""
    everywhere = reader.everywhere()
    screens = bool(everywhere & {"screening_officer", "rights_reviewer"})
    hidden = neighbour.level == "confidential" and neighbour.stage != "screening"
    return "desk_officer" in everywhere or (screens and not hidden)


def _by_program(reader: Reader, country: str, level: str) -> bool:
    scopes = {scope for role, scope, entity in reader.grants if role == "client" and not entity}
    return level == "ordinary" and bool(scopes & {None, country})


def _own(reader: Reader, country: str, *, filed: bool) -> bool:
    roles = {role for role, scope, _ in reader.grants if scope == country}
    return "resident_coordinator" in roles or (filed and bool(roles & COUNTRY_ROLES))


def _involved(session: Session, reader: Reader, met: Met, request_id: int) -> bool:
    entities = {entity for role, _, entity in reader.grants if role == "focal_point" and entity}
    standing = {row.entity: row.standing for row in session.execute(INVOLVED, {"id": request_id})}
    stands = {standing[entity] for entity in entities if entity in standing}
    if "accepted" in stands:
        return True
    if met.depth != "outer":
        return False
    return "asked" in stands or (bool(stands) and reader.path.endswith(TRAIL))
