"""Whole dossiers, batch by batch: as many queries for fifty requests as for one."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from app.directory.actor import Actor
from app.directory.tables import Person
from app.kit import clock
from app.kit.db import Base
from app.requests import access, vault
from app.requests.service import sealed
from app.requests.service.filters import Search
from app.requests.service.lists import narrowed
from app.requests.tables import (
    AssessmentRecord,
    Assignment,
    AssistanceRequest,
    Attachment,
    Clarification,
    Comment,
    Condition,
    Consent,
    Deadline,
    Element,
    Finding,
    Need,
    NeedFinding,
    RequestCountry,
    RequestEvent,
    StandingWork,
    TextVersion,
)

R = AssistanceRequest
FORMAT = "entente.dossier@1"
"""What a line says it is, so that it is told from a plain filing."""
BATCH = 50

Row = dict[str, Any]
PARTS: Mapping[str, tuple[type[Base], tuple[str, ...]]] = {
    "needs": (Need, ("number",)),
    "findings": (Finding, ("number",)),
    "clarifications": (Clarification, ("number",)),
    "elements": (Element, ("element",)),
    "standing_work": (StandingWork, ("number",)),
    "versions": (TextVersion, ("id",)),
    "events": (RequestEvent, ("number",)),
    "deadlines": (Deadline, ("id",)),
    "assessments": (AssessmentRecord, ("assessment_id",)),
    "conditions": (Condition, ("number",)),
    "consents": (Consent, ("id",)),
    "assignments": (Assignment, ("need_id", "part", "entity")),
    "comments": (Comment, ("id",)),
    "attachments": (Attachment, ("id",)),
}
"""Each part of a line by name: its table, and the order of its rows within a request."""
CHAIN = frozenset(
    {"head", "salt", "digest", "prev", "key", "mac", "hash", "standing", "on_behalf", "version"}
)
"""What binds events to each other; `entente verify --export` writes it, with all that proves it."""
INTERNAL = frozenset({"id", "request_id", "assessment_id", "need_id", "tx", "file_id"})
"""Keys of this database alone; a line names things by reference, number and code."""


WITHHELD: Mapping[type[Base], tuple[str, ...]] = {**sealed.FIELDS, AssessmentRecord: ("summary",)}
"""What is sealed in the house stays in it: a file that leaves lies open wherever it goes."""


@dataclass(frozen=True, slots=True)
class Extent:
    """How many requests there are to write, and the last of them: later ones are left for later."""

    count: int
    last: int


def steady(session: Session) -> None:
    """Let all reads of this transaction see one moment; call it before the first of them."""
    if session.get_bind().dialect.name == "postgresql":
        session.connection(execution_options={"isolation_level": "REPEATABLE READ"})


def extent(session: Session, actor: Actor, search: Search) -> Extent:
    """Return how much of what was asked for the actor may read whole.

    A dossier holds what lays a country's weaknesses open: it is not for whom only sees the request.
    """
    found = _readable(session, actor, search).with_only_columns(R.id).subquery()
    query = sa.select(sa.func.count(), sa.func.coalesce(sa.func.max(found.c.id), 0))
    return Extent(*session.execute(query.select_from(found)).one())


def _readable(session: Session, actor: Actor, search: Search) -> sa.Select[Any]:
    return narrowed(session, actor, search).where(access.within(actor))


def whole(
    session: Session, actor: Actor, search: Search, between: tuple[int, int]
) -> tuple[list[Row], int]:
    """Return the next dossiers after one id and up to another, and the id to go on from.

    At most `BATCH`, oldest first; an empty list means that there are no more. Every value is ready
    for JSON.
    """
    after, last = between
    query = _readable(session, actor, search).with_only_columns(*R.__table__.c)
    query = query.where(R.id > after, R.id <= last).order_by(R.id).limit(BATCH)
    rows = [dict(row) for row in session.execute(query).mappings()]
    ids = [row["id"] for row in rows]
    if not ids:
        return [], after
    parts = {name: _part(session, table, order, ids) for name, (table, order) in PARTS.items()}
    _number(session, ids, parts)
    countries = _countries(session, ids)
    followed = _references(session, [row["follows"] for row in rows])
    names = _names(session, rows, parts)
    dossiers = [
        {
            "format": FORMAT,
            **_shown(row),
            "follows": followed.get(row["follows"]),
            "countries": countries[row["id"]],
            **{name: [_shown(one) for one in held[row["id"]]] for name, held in parts.items()},
            "people": _people(row, parts, names),
        }
        for row in rows
    ]
    return dossiers, ids[-1]


def _part(
    session: Session, table: type[Base], order: Sequence[str], ids: Sequence[int]
) -> dict[int, list[Row]]:
    columns = table.__table__.c
    told = [one for one in columns if one.name not in WITHHELD.get(table, ())]
    query = sa.select(*told).where(columns.request_id.in_(ids))
    query = query.order_by(columns.request_id, *(columns[name] for name in order))
    held: dict[int, list[Row]] = defaultdict(list)
    for row in session.execute(query).mappings():
        held[row["request_id"]].append(dict(row))
    return held


def _number(session: Session, ids: Sequence[int], parts: dict[str, dict[int, list[Row]]]) -> None:
    """Say by number which need an assignment is for, and on which findings a need rests."""
    behind: dict[int, list[int]] = defaultdict(list)
    query = sa.select(NeedFinding.need_id, Finding.number).join(
        Finding, Finding.id == NeedFinding.finding_id
    )
    query = query.where(Finding.request_id.in_(ids)).order_by(Finding.number)
    for need_id, number in session.execute(query):
        behind[need_id].append(number)
    numbers: dict[int, int] = {}
    for need in _all(parts["needs"]):
        numbers[need["id"]] = need["number"]
        need["findings"] = behind[need["id"]]
    for assignment in _all(parts["assignments"]):
        assignment["need"] = numbers[assignment["need_id"]]
    for attachment in _all(parts["attachments"]):
        attachment["attachment"] = attachment["id"]


def _all(held: Mapping[int, list[Row]]) -> Iterable[Row]:
    return (row for rows in held.values() for row in rows)


def _countries(session: Session, ids: Sequence[int]) -> dict[int, list[str]]:
    query = sa.select(RequestCountry.request_id, RequestCountry.country)
    query = query.where(RequestCountry.request_id.in_(ids)).order_by(RequestCountry.country)
    held: dict[int, list[str]] = defaultdict(list)
    for request_id, country in session.execute(query):
        held[request_id].append(country)
    return held


def _references(session: Session, ids: Iterable[int | None]) -> dict[int | None, str]:
    wanted = {one for one in ids if one is not None}
    query = sa.select(R.id, R.reference).where(R.id.in_(wanted))
    return {row.id: row.reference for row in session.execute(query)} if wanted else {}


def _refers_to_people(table: type[Base]) -> frozenset[str]:
    return frozenset(
        column.name
        for column in table.__table__.c
        if any(key.target_fullname == "people.id" for key in column.foreign_keys)
    )


PEOPLE = {name: _refers_to_people(table) for name, (table, _) in PARTS.items()}
OWN_PEOPLE = _refers_to_people(R)


def _ids(row: Row, names: Iterable[str]) -> set[int]:
    return {row[name] for name in names if row[name] is not None}


def _names(
    session: Session, rows: Iterable[Row], parts: Mapping[str, dict[int, list[Row]]]
) -> dict[int, str]:
    wanted = {one for row in rows for one in _ids(row, OWN_PEOPLE)}
    for name, held in parts.items():
        wanted |= {one for row in _all(held) for one in _ids(row, PEOPLE[name])}
    query = sa.select(Person.id, Person.name).where(Person.id.in_(sorted(wanted)))
    return dict(session.execute(query).all())


def _people(
    row: Row, parts: Mapping[str, dict[int, list[Row]]], names: Mapping[int, str]
) -> dict[str, str]:
    """Return who is meant by the numbers of people in a line: names alone may be shared by two."""
    wanted = _ids(row, OWN_PEOPLE)
    for name, held in parts.items():
        wanted |= {one for part in held[row["id"]] for one in _ids(part, PEOPLE[name])}
    return {str(person_id): names[person_id] for person_id in sorted(wanted)}


def _shown(row: Row) -> Row:
    return {name: _plain(value) for name, value in row.items() if name not in INTERNAL | CHAIN}


def _plain(value: object) -> object:
    if isinstance(value, dict):
        return {name: one for name, one in value.items() if not vault.is_sealed(one)}
    if isinstance(value, datetime):
        return clock.stamp(value)
    return value.isoformat() if isinstance(value, date) else value
