"""Focal points become entries of the compendium: proposed, reviewed, never retroactive.

Who answered when, and since when that was known, is brought over: each naming is a version of the
entry `<entity>:<part>`, and so is each end with nobody named after it.
"""

from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime, time, timedelta
from itertools import groupby
from typing import Any

import sqlalchemy as sa
from alembic import op
from sqlalchemy.engine import Connection

from app.kit.db import BigId, Json, UtcDateTime

revision: str = "0031"
down_revision: str | Sequence[str] | None = "0030"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None

KIND = "focal_point"
BEFORE = "'entity', 'mandate', 'lead', 'arrangement', 'capacity'"
NOW = f"{BEFORE}, '{KIND}'"
KEPT = "entente compendium: an entry is never changed"
REVIEWED = timedelta(days=365)
TEXTS = ("kind", "code", "source", "provenance", "basis")
DAYS = ("valid_from", "valid_to", "review_by")
MOMENTS = ("effective_at", "recorded_at")

ENTRIES = sa.table(
    "compendium_entries",
    *(sa.column(name, sa.Integer()) for name in ("id", "version", "number")),
    *(sa.column(name, sa.String()) for name in (*TEXTS, "entity")),
    sa.column("content", Json),
    sa.column("withdrawn", sa.Boolean()),
    *(sa.column(name, sa.Date()) for name in DAYS),
    *(sa.column(name, UtcDateTime()) for name in MOMENTS),
)
POINTS = sa.table(
    "focal_points",
    *(sa.column(name, sa.Integer()) for name in ("id", "person_id")),
    *(sa.column(name, sa.String()) for name in ("entity", "part", "source")),
    *(sa.column(name, sa.Date()) for name in DAYS),
    *(sa.column(name, UtcDateTime()) for name in ("begins_at", "recorded_at", "closed_at")),
)
REMINDERS = sa.table(
    "compendium_reminders",
    *(sa.column(name, sa.Integer()) for name in ("entry_id", "person_id", "times")),
    sa.column("at", UtcDateTime()),
)
VERSIONS = sa.table(
    "compendium_versions",
    sa.column("number", sa.Integer()),
    sa.column("recorded_at", UtcDateTime()),
)
Row = dict[str, Any]


def upgrade() -> None:
    """Go to this revision."""
    line = op.get_bind()
    held = [dict(row) for row in line.execute(sa.select(POINTS)).mappings()]
    _kinds(line, NOW)
    known = line.execute(sa.select(VERSIONS).order_by(VERSIONS.c.number)).all()
    held.sort(key=lambda row: (*_place(row), row["valid_from"], row["id"]))
    rows = [one for _, each in groupby(held, _place) for one in _versions(list(each))]
    for row in rows:
        by_then = [one.number for one in known if one.recorded_at <= row["recorded_at"]]
        row["number"] = max(by_then, default=1)
    if rows:
        line.execute(sa.insert(ENTRIES), rows)
    op.drop_index("ix_focal_points_person_id", "focal_points")
    op.drop_index("ix_focal_points_entity", "focal_points")
    op.drop_table("focal_points")


def _place(row: Row) -> tuple[str, str]:
    return row["entity"], row["part"]


def _versions(named: list[Row]) -> list[Row]:
    """Return the versions of one entry: of those who were named one after another in one part."""
    found: list[Row] = []
    for row, after in zip(named, [*named[1:], None], strict=True):
        begins = row["begins_at"] or _dawn(row["valid_from"])
        _add(found, row, begins, (row["recorded_at"], None))
        until = row["valid_to"]
        if until is not None and (after is None or after["valid_from"] != until):
            _add(found, row, begins, (row["closed_at"] or row["recorded_at"], until))
    return found


def _add(found: list[Row], row: Row, begins: datetime, said: tuple[datetime, date | None]) -> None:
    recorded, until = said
    if found:
        recorded = max(recorded, found[-1]["recorded_at"])
    code = f"{row['entity']}:{row['part']}"
    content = {name: row[name] for name in ("entity", "part", "person_id")}
    found.append(
        {
            "kind": KIND,
            "code": code,
            "version": len(found) + 1,
            "entity": row["entity"],
            "content": {"code": code, **content, "cite": ["F53", "fc"]},
            "withdrawn": False,
            "source": row["source"],
            "provenance": "completed",
            "basis": "",
            "valid_from": row["valid_from"],
            "valid_to": until,
            "review_by": row["review_by"] or row["valid_from"] + REVIEWED,
            "effective_at": max(begins, recorded) if found else begins,
            "recorded_at": recorded,
        }
    )


def _dawn(day: date) -> datetime:
    return datetime.combine(day, time.min, tzinfo=UTC)


def downgrade() -> None:
    """Go back to the revision before: of each focal point when it began, and when it ended."""
    line = op.get_bind()
    query = sa.select(ENTRIES).where(ENTRIES.c.kind == KIND)
    told = [dict(row) for row in line.execute(query).mappings()]
    told.sort(key=lambda row: (row["code"], row["version"]))
    _table_of_points()
    rows = [one for _, each in groupby(told, lambda row: row["code"]) for one in _named(each)]
    if rows:
        line.execute(sa.insert(POINTS), rows)
    mine = sa.select(ENTRIES.c.id).where(ENTRIES.c.kind == KIND)
    line.execute(sa.delete(REMINDERS).where(REMINDERS.c.entry_id.in_(mine)))
    _kinds(line, BEFORE)


def _named(versions: Any) -> list[Row]:
    """Return the focal points of one part, by the versions of its entry."""
    found: list[Row] = []
    for row in versions:
        last = found[-1] if found else None
        goes_on = last is not None and last["valid_to"] is None
        person = row["content"]["person_id"]
        same = goes_on and not row["withdrawn"] and last is not None and last["person_id"] == person
        if last is not None and goes_on and (not same or row["valid_to"]):
            last["valid_to"] = row["valid_to"] if same else row["effective_at"].date()
            last["closed_at"] = row["recorded_at"]
        if not same and not row["withdrawn"]:
            found.append(_point(row))
    return found


def _point(row: Mapping[str, Any]) -> Row:
    return {
        **{name: row["content"][name] for name in ("entity", "part", "person_id")},
        "source": row["source"],
        "valid_from": max(row["valid_from"], row["effective_at"].date()),
        "valid_to": row["valid_to"],
        "review_by": row["review_by"],
        "begins_at": row["effective_at"],
        "recorded_at": row["recorded_at"],
        "closed_at": row["recorded_at"] if row["valid_to"] else None,
    }


def _table_of_points() -> None:
    op.create_table(
        "focal_points",
        sa.Column("id", BigId, nullable=False),
        sa.Column("entity", sa.String(), nullable=False),
        sa.Column("person_id", BigId, nullable=False),
        *(sa.Column(name, sa.String(), nullable=False) for name in ("part", "source")),
        *(sa.Column(name, sa.Date(), nullable=name != "valid_from") for name in DAYS),
        *(
            sa.Column(name, UtcDateTime(), nullable=name != "recorded_at")
            for name in ("begins_at", "recorded_at", "closed_at")
        ),
        sa.ForeignKeyConstraint(["entity"], ["entities.code"], name="fk_focal_points_entity"),
        sa.ForeignKeyConstraint(["person_id"], ["people.id"], name="fk_focal_points_person_id"),
        sa.PrimaryKeyConstraint("id", name="pk_focal_points"),
    )
    op.create_index("ix_focal_points_entity", "focal_points", ["entity"])
    op.create_index("ix_focal_points_person_id", "focal_points", ["person_id"])


def _kinds(line: Connection, kinds: str) -> None:
    """Let entries be of these kinds, and keep those of them; SQLite builds the table anew."""
    if op.get_context().dialect.name == "sqlite":
        _built_anew(line, kinds)
        return
    table = "ALTER TABLE compendium_entries"
    op.execute(f"{table} DISABLE TRIGGER entente_compendium_kept")
    op.execute(f"DELETE FROM compendium_entries WHERE kind NOT IN ({kinds})")
    op.execute(f"{table} ENABLE TRIGGER entente_compendium_kept")
    op.execute(f"{table} DROP CONSTRAINT ck_compendium_entries_kind")
    op.execute(f"{table} ADD CONSTRAINT ck_compendium_entries_kind CHECK (kind IN ({kinds}))")


def _built_anew(line: Connection, kinds: str) -> None:
    wanted = sa.select(ENTRIES).where(sa.text(f"kind IN ({kinds})"))
    entries = [dict(row) for row in line.execute(wanted).mappings()]
    reminders = [dict(row) for row in line.execute(sa.select(REMINDERS)).mappings()]
    op.drop_table("compendium_reminders")  # they point at entries
    for act in ("update", "delete"):
        op.execute(f"DROP TRIGGER entente_compendium_{act}")
    op.drop_table("compendium_entries")
    _tables(kinds)
    for table, rows in ((ENTRIES, entries), (REMINDERS, reminders)):
        if rows:
            line.execute(sa.insert(table), rows)
    for act in ("UPDATE", "DELETE"):
        op.execute(
            f"CREATE TRIGGER entente_compendium_{act.lower()} BEFORE {act}"
            f" ON compendium_entries BEGIN SELECT RAISE(ABORT, '{KEPT}'); END"
        )


def _tables(kinds: str) -> None:
    entries, reminders = "compendium_entries", "compendium_reminders"
    op.create_table(
        entries,
        sa.Column("id", BigId, nullable=False),
        *(sa.Column(name, sa.String(), nullable=False) for name in TEXTS),
        *(sa.Column(name, sa.Integer(), nullable=False) for name in ("version", "number")),
        sa.Column("entity", sa.String(), nullable=True),
        sa.Column("content", Json, nullable=False),
        sa.Column("withdrawn", sa.Boolean(), nullable=False),
        *(sa.Column(name, sa.Date(), nullable=name != "valid_from") for name in DAYS),
        *(sa.Column(name, UtcDateTime(), nullable=False) for name in MOMENTS),
        sa.CheckConstraint(f"kind IN ({kinds})", name=op.f("ck_compendium_entries_kind")),
        sa.CheckConstraint(
            "version = 1 OR effective_at >= recorded_at",
            name=op.f("ck_compendium_entries_never_retroactive"),
        ),
        sa.ForeignKeyConstraint(
            ["number"], ["compendium_versions.number"], name=f"fk_{entries}_number"
        ),
        sa.ForeignKeyConstraint(["entity"], ["entities.code"], name=f"fk_{entries}_entity"),
        sa.PrimaryKeyConstraint("id", name=f"pk_{entries}"),
        sa.UniqueConstraint("kind", "code", "version", name=f"uq_{entries}_kind_code_version"),
    )
    op.create_index("ix_compendium_entries_number", entries, ["number"])
    op.create_index("ix_compendium_entries_entity", entries, ["entity"])
    op.create_table(
        reminders,
        sa.Column("entry_id", BigId, nullable=False),
        sa.Column("person_id", BigId, nullable=False),
        sa.Column("at", UtcDateTime(), nullable=False),
        sa.Column("times", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["entry_id"], ["compendium_entries.id"], name=f"fk_{reminders}_entry_id"
        ),
        sa.ForeignKeyConstraint(["person_id"], ["people.id"], name=f"fk_{reminders}_person_id"),
        sa.PrimaryKeyConstraint("entry_id", "person_id", name=f"pk_{reminders}"),
    )
