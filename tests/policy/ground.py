"""The prepared house of the matrix: requests with markers, principals, and nothing that lasts."""

from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from app.directory.credentials import Wanted, issue
from app.directory.schemas import GrantBody, Role, TokenScope
from app.directory.tables import ApiToken
from app.kit import clock, keys
from app.kit.db import Database, table_of
from app.policy.rule import SCOPES
from app.requests.tables import AssistanceRequest, Involvement
from tests.conftest import settings_for
from tests.factories.clients import Client, Clients

OWN, OTHER, ENTITY, STRANGER = "KEN", "UGA", "itu", "unodc"


class Rehearsal(Database):
    """A database on which every call works and no call leaves a trace: its end is a rollback."""

    @contextmanager
    def writing(self) -> Iterator[Session]:
        """Give a session that is rolled back at the end."""
        with self._writer if self.sqlite else nullcontext(), self.sessions() as session:
            if self.sqlite:
                session.connection(execution_options={"entente_begin": "IMMEDIATE"})
            yield session
            session.flush()
            session.rollback()


@dataclass(frozen=True, slots=True)
class Principal:
    """Who calls: the token, the one role with its scope, and what the token may do.

    `valid` is false where no call may get past the door.
    """

    name: str
    token: str
    person_id: int = 0
    role: str = ""
    country: str | None = None
    entity: str | None = None
    scopes: frozenset[str] = frozenset(SCOPES)
    valid: bool = True


@dataclass(frozen=True, slots=True)
class Subject:
    """A request: what it is to the principals, and the word that stands in it alone."""

    name: str
    reference: str
    marker: str
    country: str = OWN
    state: str = "triage"
    level: str = "ordinary"
    entity: str = ""


@dataclass
class Prepared:
    """The service with its requests and principals."""

    clients: Clients
    principals: dict[str, Principal] = field(default_factory=dict)
    subjects: dict[str, Subject] = field(default_factory=dict)
    bystander: int = 0


ROLES: tuple[tuple[Role, str | None, str | None], ...] = (
    ("resident_coordinator", OWN, None),
    ("government", OWN, None),
    ("assessor", OWN, None),
    ("desk_officer", None, None),
    ("screening_officer", None, None),
    ("rights_reviewer", None, None),
    ("focal_point", None, ENTITY),
    ("auditor", None, None),
    ("administrator", None, None),
    ("client", OWN, None),
)
NARROWED: tuple[Role, ...] = ("resident_coordinator", "desk_officer")
"""Roles whose tokens are tried with each scope alone."""

PRINCIPALS = (
    *("none", "bad", "expired", "suspended"),
    *(role for role, _, _ in ROLES),
    *(f"{role}:{scope}" for role in NARROWED for scope in SCOPES),
)
SUBJECTS = (
    *("own", "unassigned draft", "own entity's", "foreign entity's", "foreign country's"),
    *("closed", "confidential"),
)


@contextmanager
def prepared(url: str) -> Iterator[Prepared]:
    """Give a house in which every relation is there, and from then on nothing changes."""
    with Clients(settings_for(url)) as clients:
        ground = Prepared(clients)
        _file(ground)
        _enrol(ground)
        house = clients.house
        kept, house.database = (
            house.database,
            Rehearsal(url, keyring=keys.opener(house.settings.keys_place)),
        )
        yield ground
        house.database.close()
        house.database = kept


def _file(ground: Prepared) -> None:
    """File the requests, and put them where the relations want them."""
    facts: dict[str, dict[str, str]] = {
        "own": {},
        "unassigned draft": {"state": "draft"},
        "own entity's": {"entity": ENTITY},
        "foreign entity's": {"entity": STRANGER},
        "foreign country's": {"country": OTHER},
        "closed": {"state": "closed"},
        "confidential": {"level": "confidential"},
    }
    for number, name in enumerate(SUBJECTS, start=1):
        marker = f"marker{number}of{name[:3]}".replace(" ", "")
        known: dict[str, Any] = facts[name]
        coordinator = ground.clients.as_(
            "resident_coordinator", country=known.get("country", OWN), nth=9
        )
        subject = Subject(name, _filed(coordinator, marker, known), marker, **known)
        ground.subjects[name] = subject
        _place(ground.clients, subject)


def _filed(coordinator: Client, marker: str, known: dict[str, str]) -> str:
    body = {
        "countries": [known.get("country", OWN)],
        "title": f"Help {marker}",
        "summary": f"What {marker} needs.",
        "needs": [{"area": "D", "topic": "D9", "kind": "cirt", "text": f"A team for {marker}."}],
    }
    reference = str(coordinator.post("/requests", body).ok().body["reference"])
    coordinator.post(f"/requests/{reference}/comments", {"text": f"Remark {marker}"}).ok()
    return reference


def _place(clients: Clients, subject: Subject) -> None:
    """Put a filed request into its state and level, and ask its entity, without the way there."""
    row = table_of(AssistanceRequest)
    stage = {"draft": "intake", "closed": "ended"}.get(subject.state, "intake")
    filed = None if subject.state == "draft" else clock.now()
    now = clock.now()
    with clients.house.database.writing() as session:
        session.execute(
            sa.update(row)
            .where(row.c.reference == subject.reference)
            .values(state=subject.state, stage=stage, level=subject.level, filed_at=filed)
        )
        own = sa.select(row.c.id).where(row.c.reference == subject.reference)
        if subject.entity:
            session.add(
                Involvement(
                    request_id=session.scalars(own).one(),
                    entity=subject.entity,
                    part="lead",
                    standing="asked",
                    since=now,
                )
            )


def _enrol(ground: Prepared) -> None:
    clients = ground.clients
    known = ground.principals
    ground.bystander = clients.as_("desk_officer", nth=8).person_id
    for role, country, entity in ROLES:
        grant = GrantBody(role=role, country=country, entity=entity)
        person = clients.person([grant])
        known[role] = Principal(role, person.token, person.person_id, role, country, entity)
        for scope in SCOPES if role in NARROWED else ():
            token = _token(clients, person.person_id, (scope,))
            known[f"{role}:{scope}"] = Principal(
                f"{role}:{scope}",
                token,
                person.person_id,
                role,
                country,
                entity,
                frozenset({scope}),
            )
    known["none"] = Principal("none", "", valid=False)
    known["bad"] = Principal("bad", "ent_" + "x" * 43, valid=False)
    late = clients.as_("desk_officer", nth=7)
    _end(clients, late.person_id)
    known["expired"] = Principal("expired", late.token, late.person_id, valid=False)
    out = clients.as_("desk_officer", nth=6)
    clients.as_("administrator", nth=6).post(f"/people/{out.person_id}/suspension").ok()
    known["suspended"] = Principal("suspended", out.token, out.person_id, valid=False)


def _token(clients: Clients, person_id: int, scopes: tuple[TokenScope | str, ...]) -> str:
    house, now = clients.house, clock.now()
    with house.database.writing() as session:
        until = now + timedelta(days=1)
        wanted = Wanted(person_id, "narrow", now, until, frozenset(scopes))
        return issue(session, house.key, wanted)[0]


def _end(clients: Clients, person_id: int) -> None:
    """Let every token of a person have ended."""
    with clients.house.database.writing() as session:
        session.execute(
            sa.update(ApiToken)
            .where(ApiToken.person_id == person_id)
            .values(expires_at=clock.now() - timedelta(minutes=1))
        )
