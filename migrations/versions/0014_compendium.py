"""The compendium as a record: every version of every entry, with valid time and recorded time.

What stood in one table a kind becomes the first versions of entries, which are added and never
changed: a trigger holds to that. Of an entity the code alone stays, to be pointed at.
"""

from collections.abc import Sequence
from datetime import UTC, date, datetime, time
from typing import Any

import sqlalchemy as sa
from alembic import op
from sqlalchemy.engine import Connection

from app.kit.db import BigId, Json, UtcDateTime

revision: str = "0014"
down_revision: str | Sequence[str] | None = "0013"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None

SINCE_EVER = date(1945, 10, 24)
ENTITY = ("name", "full_name", "kind", "region", "assignable", "cite")
CONTENT = {
    "entity": ("code", *ENTITY),
    "mandate": (
        *("code", "entity", "role", "text", "topics", "kinds", "regions", "sensitivities"),
        "cite",
    ),
    "lead": ("subject", "entity", "topics", "sensitivities", "cite"),
    "arrangement": ("code", "parties", "title", "scope", "split", "signed", "cite"),
    "capacity": ("code", "entity", "period", "requests", "note", "cite"),
}
OLD = {
    "mandate": "mandates",
    "lead": "lead_roles",
    "arrangement": "arrangements",
    "capacity": "capacities",
}
LISTS = ("cite", "topics", "kinds", "regions", "sensitivities", "parties", "split", "lead_of")
KEPT = "entente compendium: an entry is never changed"
GIVES_HELP = ("lead", "provider", "regional")


def _column(name: str) -> sa.ColumnClause[Any]:
    if name in LISTS:
        return sa.column(name, Json)
    if name in ("valid_from", "valid_to", "review_by"):
        return sa.column(name, sa.Date())
    if name in ("assignable", "withdrawn"):
        return sa.column(name, sa.Boolean())
    return sa.column(name, UtcDateTime() if name.endswith("_at") else None)


def _table(name: str, *columns: str) -> sa.TableClause:
    return sa.table(name, *map(_column, columns))


ENTRIES = sa.table(
    "compendium_entries",
    *map(_column, ("kind", "code", "version", "number", "entity")),
    sa.column("content", Json),
    *map(
        _column,
        ("withdrawn", "source", "provenance", "basis", "valid_from", "valid_to", "review_by"),
    ),
    *map(_column, ("effective_at", "recorded_at")),
)
VERSIONS = _table("compendium_versions", "number", "source", "recorded_at", "effective_at")


def upgrade() -> None:
    """Go to this revision."""
    line = op.get_bind()
    op.add_column("compendium_versions", sa.Column("effective_at", UtcDateTime(), nullable=True))
    line.execute(sa.update(VERSIONS).values(effective_at=VERSIONS.c.recorded_at))
    with op.batch_alter_table("compendium_versions") as batch:
        batch.alter_column("effective_at", existing_type=UtcDateTime(), nullable=False)
    _entries()
    rows = _brought_over(line)
    if rows:
        line.execute(sa.insert(ENTRIES), rows)
    for name in ("mandates", "lead_roles", "arrangements", "capacities"):
        op.drop_table(name)
    for name in ENTITY:
        op.drop_column("entities", name)
    _focal_points(line)
    _keep()


def _entries() -> None:
    op.create_table(
        "compendium_entries",
        sa.Column("id", BigId, nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("code", sa.String(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("entity", sa.String(), nullable=True),
        sa.Column("content", Json, nullable=False),
        sa.Column("withdrawn", sa.Boolean(), nullable=False),
        sa.Column("source", sa.String(), nullable=False),
        sa.Column("provenance", sa.String(), nullable=False),
        sa.Column("basis", sa.String(), nullable=False),
        sa.Column("valid_from", sa.Date(), nullable=False),
        sa.Column("valid_to", sa.Date(), nullable=True),
        sa.Column("review_by", sa.Date(), nullable=True),
        sa.Column("effective_at", UtcDateTime(), nullable=False),
        sa.Column("recorded_at", UtcDateTime(), nullable=False),
        sa.CheckConstraint(
            "kind IN ('entity', 'mandate', 'lead', 'arrangement', 'capacity')",
            name=op.f("ck_compendium_entries_kind"),
        ),
        sa.CheckConstraint(
            "version = 1 OR effective_at >= recorded_at",
            name=op.f("ck_compendium_entries_never_retroactive"),
        ),
        sa.ForeignKeyConstraint(
            ["number"], ["compendium_versions.number"], name="fk_compendium_entries_number"
        ),
        sa.ForeignKeyConstraint(["entity"], ["entities.code"], name="fk_compendium_entries_entity"),
        sa.PrimaryKeyConstraint("id", name="pk_compendium_entries"),
        sa.UniqueConstraint(
            "kind", "code", "version", name="uq_compendium_entries_kind_code_version"
        ),
    )
    op.create_index("ix_compendium_entries_number", "compendium_entries", ["number"])
    op.create_index("ix_compendium_entries_entity", "compendium_entries", ["entity"])


def _brought_over(line: Connection) -> list[dict[str, Any]]:
    """Return what stood in the tables as versions of entries, in the order of a founding."""
    founded = line.execute(sa.select(VERSIONS).order_by(VERSIONS.c.number)).first()
    if founded is None:
        return []
    mandates = _rows(line, "mandates", CONTENT["mandate"], "version", "provenance", "basis")
    review = min((row["review_by"] for row in mandates if row["review_by"]), default=None)
    rows = [_first("entity", row, None) for row in _rows(line, "entities", CONTENT["entity"])]
    rows += [_first("mandate", row, row["version"]) for row in mandates]
    rows += [_first("lead", row, None) for row in _rows(line, "lead_roles", CONTENT["lead"])]
    agreed = _rows(line, "arrangements", CONTENT["arrangement"])
    rows += [_first("arrangement", row, None) for row in agreed]
    limits = _rows(line, "capacities", ("entity", "requests", "note"))
    more = {"period": "", "cite": ["C53", "C54"]}
    rows += [_first("capacity", row | more | {"code": row["entity"]}, None) for row in limits]
    for row in rows:
        row["source"] = founded.source
        row["review_by"] = row["review_by"] or review
        row["recorded_at"] = row["recorded_at"] or founded.recorded_at
        row["number"] = founded.number
    _renumber(line, rows)
    return rows


def _rows(line: Connection, table: str, content: Sequence[str], *more: str) -> list[dict[str, Any]]:
    dated = ("valid_from", "valid_to", "review_by") if table == "mandates" else ()
    known = () if table in ("entities", "capacities") else ("recorded_at",)
    held = _table(table, *content, *more, *dated, *known)
    return [dict(row) for row in line.execute(sa.select(held).order_by(*held.c[:2])).mappings()]


def _content(kind: str, row: dict[str, Any]) -> dict[str, Any]:
    """Return what an old row says, with what entries say since: no limit where nobody set one."""
    content = {name: row[name] for name in CONTENT[kind]}
    if kind != "mandate":
        return content
    place = CONTENT[kind].index("kinds") + 1
    return dict([*list(content.items())[:place], ("sectors", []), *list(content.items())[place:]])


def _first(kind: str, row: dict[str, Any], version: int | None) -> dict[str, Any]:
    """Return a row of an old table as a version of an entry."""
    begins = row.get("valid_from") or SINCE_EVER
    if kind == "arrangement":
        begins = date.fromisoformat(f"{row['signed']}-01")
    speaks = datetime.combine(begins, time.min, tzinfo=UTC)
    if version not in (None, 1):
        speaks = max(speaks, row["recorded_at"])
    return {
        "kind": kind,
        "code": row["subject"] if kind == "lead" else row["code"],
        "version": version or 1,
        "entity": row["code"] if kind == "entity" else row.get("entity"),
        "content": _content(kind, row),
        "withdrawn": False,
        "provenance": row.get("provenance", "from_framework"),
        "basis": row.get("basis", ""),
        "valid_from": begins,
        "valid_to": row.get("valid_to"),
        "review_by": row.get("review_by"),
        "effective_at": speaks,
        "recorded_at": row.get("recorded_at"),
    }


def _renumber(line: Connection, rows: list[dict[str, Any]]) -> None:
    """Say with which numbered version each entry came: the last one recorded by then."""
    known = line.execute(sa.select(VERSIONS).order_by(VERSIONS.c.number)).all()
    for row in rows:
        by_then = [one.number for one in known if one.recorded_at <= row["recorded_at"]]
        row["number"] = max(by_then, default=row["number"])


def _focal_points(line: Connection) -> None:
    """Focal points learn when they were named: as far as is known, on the day they began."""
    for column in (
        sa.Column("part", sa.String(), nullable=True),
        sa.Column("source", sa.String(), nullable=True),
        sa.Column("review_by", sa.Date(), nullable=True),
        sa.Column("recorded_at", UtcDateTime(), nullable=True),
        sa.Column("closed_at", UtcDateTime(), nullable=True),
    ):
        op.add_column("focal_points", column)
    named = ("id", "valid_from", "valid_to", "part", "source", "recorded_at", "closed_at")
    held = _table("focal_points", *named)
    for row in line.execute(sa.select(held)).all():
        ended = datetime.combine(row.valid_to, time.min, tzinfo=UTC) if row.valid_to else None
        begun = datetime.combine(row.valid_from, time.min, tzinfo=UTC)
        known = {"part": "primary", "source": "", "recorded_at": begun, "closed_at": ended}
        line.execute(sa.update(held).where(held.c.id == row.id).values(known))
    with op.batch_alter_table("focal_points") as batch:
        for name in ("part", "source"):
            batch.alter_column(name, existing_type=sa.String(), nullable=False)
        batch.alter_column("recorded_at", existing_type=UtcDateTime(), nullable=False)


def _keep() -> None:
    """Hold to it that entries are added and never changed."""
    if op.get_context().dialect.name == "sqlite":
        for act in ("UPDATE", "DELETE"):
            op.execute(
                f"CREATE TRIGGER entente_compendium_{act.lower()} BEFORE {act}"
                f" ON compendium_entries BEGIN SELECT RAISE(ABORT, '{KEPT}'); END"
            )
        return
    op.execute(
        "CREATE FUNCTION entente_compendium_kept() RETURNS trigger LANGUAGE plpgsql AS $entente$"
        f" BEGIN RAISE EXCEPTION '{KEPT}' USING ERRCODE = '23514'; END $entente$"
    )
    op.execute(
        "CREATE TRIGGER entente_compendium_kept BEFORE UPDATE OR DELETE OR TRUNCATE"
        " ON compendium_entries FOR EACH STATEMENT EXECUTE FUNCTION entente_compendium_kept()"
    )


def downgrade() -> None:
    """Go back to the revision before: of every entry the newest version, of mandates all."""
    line = op.get_bind()
    if op.get_context().dialect.name == "sqlite":
        for act in ("update", "delete"):
            op.execute(f"DROP TRIGGER entente_compendium_{act}")
    else:
        op.execute("DROP TRIGGER entente_compendium_kept ON compendium_entries")
        op.execute("DROP FUNCTION entente_compendium_kept()")
    with op.batch_alter_table("focal_points") as batch:
        for name in ("part", "source", "review_by", "recorded_at", "closed_at"):
            batch.drop_column(name)
    held = [dict(row) for row in line.execute(sa.select(ENTRIES)).mappings()]
    op.drop_table("compendium_entries")
    with op.batch_alter_table("compendium_versions") as batch:
        batch.drop_column("effective_at")
    _entities(line, held)
    _old_tables()
    for kind, table in OLD.items():
        _put_back(line, kind, table, held)


def _entities(line: Connection, held: list[dict[str, Any]]) -> None:
    # With defaults, because SQLite cannot build a table anew that others point at.
    kinds: dict[str, tuple[Any, str]] = {"assignable": (sa.Boolean(), "0"), "cite": (Json, "[]")}
    if op.get_context().dialect.name == "postgresql":
        kinds["assignable"] = (sa.Boolean(), "false")
    for name in ENTITY:
        kind, default = kinds.get(name, (sa.String(), ""))
        empty = name == "region"
        column: sa.Column[Any] = sa.Column(
            name, kind, nullable=empty, server_default=None if empty else default
        )
        op.add_column("entities", column)
    entities = sa.table(
        "entities",
        *map(_column, ("code", *ENTITY)),
    )
    for row in _newest("entity", held):
        said = {name: row["content"][name] for name in ENTITY}
        line.execute(sa.update(entities).where(entities.c.code == row["code"]).values(said))


def _newest(kind: str, held: list[dict[str, Any]]) -> list[dict[str, Any]]:
    found: dict[str, dict[str, Any]] = {}
    for row in sorted(held, key=lambda one: one["version"]):
        if row["kind"] == kind and (not row["withdrawn"] or kind == "entity"):
            found[row["code"]] = row
    return [found[code] for code in sorted(found)]


def _old_tables() -> None:
    text = sa.String()
    op.create_table(
        "arrangements",
        *(sa.Column(name, text, nullable=False) for name in ("code", "title")),
        sa.Column("parties", Json, nullable=False),
        sa.Column("scope", text, nullable=False),
        sa.Column("split", Json, nullable=False),
        sa.Column("signed", text, nullable=False),
        sa.Column("cite", Json, nullable=False),
        sa.Column("recorded_at", UtcDateTime(), nullable=False),
        sa.PrimaryKeyConstraint("code", name="pk_arrangements"),
    )
    op.create_table(
        "capacities",
        sa.Column("entity", text, nullable=False),
        sa.Column("requests", sa.Integer(), nullable=False),
        sa.Column("note", text, nullable=False),
        sa.ForeignKeyConstraint(["entity"], ["entities.code"], name="fk_capacities_entity"),
        sa.PrimaryKeyConstraint("entity", name="pk_capacities"),
    )
    op.create_table(
        "lead_roles",
        *(sa.Column(name, text, nullable=False) for name in ("subject", "entity")),
        *(sa.Column(name, Json, nullable=False) for name in ("topics", "sensitivities", "cite")),
        sa.Column("recorded_at", UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(["entity"], ["entities.code"], name="fk_lead_roles_entity"),
        sa.PrimaryKeyConstraint("subject", name="pk_lead_roles"),
    )
    lists = ("topics", "kinds", "regions", "sensitivities", "lead_of", "cite")
    op.create_table(
        "mandates",
        sa.Column("id", BigId, nullable=False),
        sa.Column("code", text, nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        *(sa.Column(name, text, nullable=False) for name in ("entity", "role", "text")),
        *(sa.Column(name, Json, nullable=False) for name in lists),
        *(sa.Column(name, text, nullable=False) for name in ("provenance", "basis")),
        sa.Column("valid_from", sa.Date(), nullable=False),
        sa.Column("valid_to", sa.Date(), nullable=True),
        sa.Column("review_by", sa.Date(), nullable=True),
        sa.Column("recorded_at", UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(["entity"], ["entities.code"], name="fk_mandates_entity"),
        sa.PrimaryKeyConstraint("id", name="pk_mandates"),
        sa.UniqueConstraint("code", "version", name="uq_mandates_code_version"),
    )
    op.create_index("ix_mandates_entity", "mandates", ["entity"])


def _put_back(line: Connection, kind: str, table: str, held: list[dict[str, Any]]) -> None:
    """Fill an old table from the entries."""
    every = [row for row in held if row["kind"] == kind]
    rows = every if kind == "mandate" else _newest(kind, held)
    whole = [_told(kind, row, held) for row in sorted(rows, key=lambda one: one["code"])]
    if kind == "capacity":
        whole = [row for row in whole if not row.pop("period")]
        whole = [{name: row[name] for name in ("entity", "requests", "note")} for row in whole]
    if whole:
        line.execute(sa.insert(_table(table, *whole[0])), whole)


def _told(kind: str, row: dict[str, Any], held: list[dict[str, Any]]) -> dict[str, Any]:
    told = {name: row["content"].get(name) for name in CONTENT[kind]}  # later ones knew more
    if kind != "capacity":
        told["recorded_at"] = row["recorded_at"]
    if kind == "mandate":
        named = ("version", "provenance", "basis", "valid_from", "valid_to", "review_by")
        told |= {name: row[name] for name in named}
        told["lead_of"] = [
            lead["code"]
            for lead in _newest("lead", held)
            if told["role"] in GIVES_HELP
            and lead["entity"] == told["entity"]
            and set(lead["content"]["topics"]) & set(told["topics"])
        ]
    return told
