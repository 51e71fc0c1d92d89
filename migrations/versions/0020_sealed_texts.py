"""Sealed texts: findings, questions and answers, notes, reasons, and what screening quotes.

What was written before is sealed here, with the key of its request; so are risk assessments and
sources of evidence from before 0005. Going back opens all of it again.
"""

import json
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

import sqlalchemy as sa
from alembic import op

from app.config import Settings
from app.kit import clock, keys, sealing
from app.kit.db import Json, UtcDateTime
from app.kit.keys import Keyring
from app.kit.sealing import Place
from app.requests.vault import WHOLE

revision: str = "0020"
down_revision: str | Sequence[str] | None = "0019"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None

BATCH = 200
MARK = "sealed:"
"""What stood before sealed sources, when there were others as well."""
KEYS = sa.table(
    "request_keys",
    sa.column("request_id"),
    sa.column("wrapped"),
    sa.column("made_at", UtcDateTime()),
)
ASSESSED = " JOIN assessments a ON a.id = t.assessment_id"


@dataclass(frozen=True)
class Sealed:
    """A table, what is sealed in it, the request (`owner`) and how a row's place is called."""

    table: str
    fields: tuple[str, ...]
    key: tuple[str, ...] = ("id",)
    owner: str = "t.request_id"
    joins: str = ""
    name: Callable[[Any], str] = field(default=lambda row: f"{row.owner}/{row.number}")
    document: bool = False
    times: dict[str, Any] = field(default_factory=dict)

    def rows(self, ids: Sequence[int]) -> sa.TextualSelect:
        """Return the query for the rows of some requests."""
        text = f"SELECT t.*, {self.owner} AS owner FROM {self.table} t{self.joins}"
        wanted = sa.text(f"{text} WHERE {self.owner} IN :ids")
        wanted = wanted.bindparams(sa.bindparam("ids", list(ids), expanding=True))
        kinds: dict[str, Any] = dict.fromkeys(self.fields, Json) if self.document else {}
        return wanted.columns(**kinds, **self.times)


TEXTS = (
    Sealed("findings", ("text", "risk_factor")),
    Sealed("clarifications", ("question", "answer")),
    Sealed("lowerings", ("reason",)),
    Sealed("named_grants", ("reason",)),
    Sealed(
        "openings",
        ("reason",),
        name=lambda row: f"{row.owner}/{clock.stamp(row.at)}",
        times={"at": UtcDateTime()},
    ),
    Sealed(
        "answers",
        ("note",),
        owner="a.request_id",
        joins=ASSESSED,
        name=lambda row: f"{row.assessment_id}/{row.question}",
    ),
    Sealed(
        "evidence",
        ("source",),
        owner="a.request_id",
        joins=f" JOIN answers w ON w.id = t.answer_id{ASSESSED.replace('t.', 'w.')}",
        name=lambda row: str(row.id),
    ),
    Sealed(
        "risk_assessments",
        ("content",),
        key=("assessment_id",),
        owner="a.request_id",
        joins=ASSESSED,
        name=lambda row: str(row.assessment_id),
        document=True,
    ),
    Sealed(
        "assessment_records",
        ("summary",),
        key=("request_id", "assessment_id"),
        name=lambda row: f"{row.owner}/{row.assessment_id}",
        document=True,
    ),
    Sealed(
        "criterion_findings",
        ("evidence",),
        key=("screening_id", "criterion"),
        owner="s.request_id",
        joins=" JOIN screenings s ON s.id = t.screening_id",
        name=lambda row: f"{row.screening_id}/{row.criterion}",
        document=True,
    ),
)


def upgrade() -> None:
    """Go to this revision."""
    _turn(_shut)


def downgrade() -> None:
    """Go back to the revision before."""
    _turn(_open)


Turn = Callable[["Locks", int, Any, Place], Any]


def _turn(turn: Turn) -> None:
    """Put every text into its other form, the requests one batch after the other."""
    line, last, locks = op.get_bind(), 0, Locks()
    while ids := _ids(line, last):
        for table in TEXTS:
            for row in line.execute(table.rows(ids)).all():
                _write(line, table, row, dict(_turned(turn, locks, table, row)))
        last = ids[-1]


def _ids(line: sa.Connection, last: int) -> list[int]:
    query = sa.text("SELECT id FROM requests WHERE id > :last ORDER BY id LIMIT :most")
    return list(line.scalars(query, {"last": last, "most": BATCH}))


def _turned(turn: Turn, locks: "Locks", table: Sealed, row: Any) -> Iterable[tuple[str, Any]]:
    for name in table.fields:
        value = getattr(row, name)
        if value:
            yield name, turn(locks, row.owner, value, Place(table.table, table.name(row), name))
        elif table.document:
            yield name, {} if turn is _shut or table.table != "criterion_findings" else []


def _write(line: sa.Connection, table: Sealed, row: Any, values: dict[str, Any]) -> None:
    if values:
        kind = Json if table.document else sa.String
        columns = [sa.column(name, kind) for name in table.fields]
        target = sa.table(table.table, *map(sa.column, table.key), *columns)
        own = [target.c[name] == getattr(row, name) for name in table.key]
        line.execute(sa.update(target).where(*own).values(values))


def _shut(locks: "Locks", owner: int, value: Any, place: Place) -> Any:
    if isinstance(value, str):
        if value.startswith(MARK):
            return value.removeprefix(MARK)
        return sealing.seal_text(locks.made(owner), value, place)
    if isinstance(value, dict) and set(value) == {WHOLE}:
        return value
    return {
        WHOLE: sealing.seal_text(
            locks.made(owner), json.dumps(value, ensure_ascii=False, sort_keys=True), place
        )
    }


def _open(locks: "Locks", owner: int, value: Any, place: Place) -> Any:
    lock = locks.held(owner)
    if isinstance(value, str):
        return sealing.unseal_text(lock, value, place) if lock else ""
    return json.loads(sealing.unseal_text(lock, value[WHOLE], place)) if lock else {}


class Locks:
    """The data keys of requests; the keyring is read when there is something to seal."""

    def __init__(self) -> None:
        """Begin with none."""
        self._held: dict[int, bytes | None] = {}
        self._ring: Keyring | None = None

    def held(self, request_id: int) -> bytes | None:
        """Return the key of a request; None when it was destroyed."""
        if request_id not in self._held:
            query = sa.select(KEYS.c.wrapped).where(KEYS.c.request_id == request_id)
            wrapped = op.get_bind().scalar(query)
            owner = _owner(request_id)
            self._held[request_id] = wrapped and sealing.unwrap(self._keys(), wrapped, owner)
        return self._held[request_id]

    def made(self, request_id: int) -> bytes:
        """Return the key of a request, made when it has none yet."""
        key = self.held(request_id)
        if key is None:
            key, wrapped = sealing.new_key(self._keys(), _owner(request_id))
            row = {"request_id": request_id, "wrapped": wrapped, "made_at": clock.now()}
            op.get_bind().execute(sa.insert(KEYS).values(row))
            self._held[request_id] = key
        return key

    def _keys(self) -> Keyring:
        self._ring = self._ring or keys.load(Settings().keys_place)
        return self._ring


def _owner(request_id: int) -> Place:
    return Place("request_keys", request_id, "wrapped")
