"""The decision log: events are chained under a key, other streams have entries of their own.

What happened before is chained here, with the key of the installation: from now on nobody can change
it unseen, though for its past this says only what the database held on this day.
"""

from collections.abc import Mapping, Sequence
from typing import Any

import sqlalchemy as sa
from alembic import op

from app.config import Settings
from app.kit import keys
from app.kit.db import BigId, Json, UtcDateTime
from app.ledger import chain
from app.ledger.chain import Entry

revision: str = "0004"
down_revision: str | Sequence[str] | None = "0003"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None

BATCH = 500
KEPT = "entente log: what happened is not changed"
GAP = "entente log: events are numbered without a gap"
APART = "entente log: an entry hangs on the one before it"
CHAIN: dict[str, sa.types.TypeEngine[Any]] = {
    "on_behalf": sa.BigInteger(),
    "version": sa.String(),
    "standing": sa.String(),
    "salt": sa.LargeBinary(),
    "digest": sa.LargeBinary(),
    "prev": sa.LargeBinary(),
    "key": sa.String(),
    "mac": sa.LargeBinary(),
    "hash": sa.LargeBinary(),
}
"""What binds an event to the one before it; empty only in rows that bypassed the service."""

EVENT = ("id", "request_id", "number", "at", "actor_id", "kind", "tx", *(set(CHAIN) - {"salt"}))
ENTRY = (
    *("id", "stream", "seq", "at", "actor_id", "on_behalf", "action"),
    *("digest", "prev", "key", "mac", "hash"),
)


def _row(prefix: str, names: Sequence[str]) -> str:
    return f"({', '.join(f'{prefix}.{name}' for name in sorted(names))})"


def _same(names: Sequence[str], word: str) -> str:
    return f"{_row('OLD', names)} {word} {_row('NEW', names)}"


# SQLite -------------------------------------------------------------------------------------

LAST = "SELECT COALESCE(MAX(e.number), 0) FROM request_events e WHERE e.request_id = NEW.request_id"
LAST_HASH = (
    "SELECT e.hash FROM request_events e"
    " WHERE e.request_id = NEW.request_id AND e.number = NEW.number - 1"
)
LAST_ENTRY = "SELECT COALESCE(MAX(e.seq), 0) FROM ledger_entries e WHERE e.stream = NEW.stream"
LAST_ENTRY_HASH = (
    "SELECT e.hash FROM ledger_entries e WHERE e.stream = NEW.stream AND e.seq = NEW.seq - 1"
)
EVENT_ERASED = f"NEW.salt IS NULL AND NEW.data = '{{}}' AND {_same(EVENT, 'IS')}"
ENTRY_ERASED = f"NEW.salt IS NULL AND NEW.content = '{{}}' AND {_same(ENTRY, 'IS')}"
HAPPENED = "EXISTS (SELECT 1 FROM request_events e WHERE e.request_id = OLD.id)"
STEPPED = "NEW.stream IS OLD.stream AND NEW.seq = OLD.seq + 1"

SQLITE: dict[str, tuple[str, list[tuple[str, str]]]] = {
    "entente_log_changed": ("BEFORE UPDATE ON request_events", [(KEPT, f"NOT ({EVENT_ERASED})")]),
    "entente_log_added": (
        "BEFORE INSERT ON request_events",
        [
            (KEPT, "EXISTS (SELECT 1 FROM request_events e WHERE e.id = NEW.id)"),
            (GAP, f"NEW.number <> ({LAST}) + 1"),
            (APART, f"COALESCE(NEW.prev, x'') <> COALESCE(({LAST_HASH}), x'')"),
        ],
    ),
    "entente_log_request_dropped": ("BEFORE DELETE ON requests", [(KEPT, HAPPENED)]),
    "entente_ledger_changed": (
        "BEFORE UPDATE ON ledger_entries",
        [(KEPT, f"NOT ({ENTRY_ERASED})")],
    ),
    "entente_ledger_dropped": ("BEFORE DELETE ON ledger_entries", [(KEPT, "1")]),
    "entente_ledger_added": (
        "BEFORE INSERT ON ledger_entries",
        [
            (KEPT, "EXISTS (SELECT 1 FROM ledger_entries e WHERE e.id = NEW.id)"),
            (GAP, f"NEW.seq <> ({LAST_ENTRY}) + 1"),
            (APART, f"NEW.prev <> COALESCE(({LAST_ENTRY_HASH}), x'')"),
        ],
    ),
    "entente_ledger_head_changed": ("BEFORE UPDATE ON ledger_heads", [(KEPT, f"NOT ({STEPPED})")]),
    "entente_ledger_head_dropped": ("BEFORE DELETE ON ledger_heads", [(KEPT, "1")]),
    "entente_ledger_head_added": (
        "BEFORE INSERT ON ledger_heads",
        [(KEPT, "EXISTS (SELECT 1 FROM ledger_heads h WHERE h.stream = NEW.stream AND h.seq > 0)")],
    ),
}
SQLITE_BEFORE: dict[str, tuple[str, list[tuple[str, str]]]] = {
    "entente_log_changed": ("BEFORE UPDATE ON request_events", [(KEPT, "1")]),
    "entente_log_added": (
        "BEFORE INSERT ON request_events",
        SQLITE["entente_log_added"][1][:2],
    ),
}
"""The two that 0002 made, as it made them."""


def _trigger(name: str, made: Mapping[str, tuple[str, list[tuple[str, str]]]]) -> str:
    event, refusals = made[name]
    body = " ".join(f"SELECT RAISE(ABORT, '{said}') WHERE {when};" for said, when in refusals)
    return f"CREATE TRIGGER {name} {event} FOR EACH ROW BEGIN {body} END"


# PostgreSQL ---------------------------------------------------------------------------------


def _function(name: str, body: str, declared: str = "") -> str:
    return (
        f"CREATE OR REPLACE FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql AS $entente$"
        f" {declared} BEGIN {body} END $entente$"
    )


def _refuse(said: str) -> str:
    return f"RAISE EXCEPTION USING ERRCODE = 'check_violation', MESSAGE = '{said}';"


def _kept_unless(erased: str) -> str:
    return f"IF TG_OP = 'UPDATE' THEN IF {erased} THEN RETURN NEW; END IF; END IF; {_refuse(KEPT)}"


def _hangs(number: str, last: str) -> str:
    """Return the body that refuses a gap in the numbers, and an entry that hangs elsewhere."""
    return (
        f"{last} IF NEW.{number} <> COALESCE(last, 0) + 1 THEN {_refuse(GAP)} END IF;"
        f" IF COALESCE(NEW.prev, ''::bytea) <> COALESCE(head, ''::bytea) THEN {_refuse(APART)}"
        " END IF; RETURN NEW;"
    )


HEAD = "DECLARE last bigint; head bytea;"
FUNCTIONS = {
    "entente_log_erased": _function(
        "entente_log_erased",
        _kept_unless(
            "NEW.salt IS NULL AND NEW.data = '{}'::jsonb AND "
            + _same(EVENT, "IS NOT DISTINCT FROM")
        ),
    ),
    "entente_log_dropped": _function(
        "entente_log_dropped", f"IF {HAPPENED} THEN {_refuse(KEPT)} END IF; RETURN OLD;"
    ),
    "entente_ledger_erased": _function(
        "entente_ledger_erased",
        _kept_unless(
            "NEW.salt IS NULL AND NEW.content = '{}'::jsonb AND "
            + _same(ENTRY, "IS NOT DISTINCT FROM")
        ),
    ),
    "entente_ledger_number": _function(
        "entente_ledger_number",
        _hangs(
            "seq",
            "SELECT e.seq, e.hash INTO last, head FROM ledger_entries e"
            " WHERE e.stream = NEW.stream ORDER BY e.seq DESC LIMIT 1;",
        ),
        HEAD,
    ),
    "entente_ledger_head": _function(
        "entente_ledger_head",
        "IF TG_OP = 'UPDATE' THEN IF NEW.stream = OLD.stream AND NEW.seq = OLD.seq + 1 THEN"
        f" RETURN NEW; END IF; END IF; {_refuse(KEPT)}",
    ),
}
NUMBER = _function(
    "entente_log_number",
    _hangs(
        "number",
        "SELECT e.number, e.hash INTO last, head FROM request_events e"
        " WHERE e.request_id = NEW.request_id ORDER BY e.number DESC LIMIT 1;",
    ),
    HEAD,
)
NUMBER_BEFORE = _function(
    "entente_log_number", f"IF NEW.number <> ({LAST}) + 1 THEN {_refuse(GAP)} END IF; RETURN NEW;"
)
EACH, ALL = "FOR EACH ROW EXECUTE FUNCTION", "FOR EACH STATEMENT EXECUTE FUNCTION"
TRIGGERS = {
    "event_changed": f"BEFORE UPDATE OR DELETE ON request_events {EACH} entente_log_erased()",
    "request_dropped": f"BEFORE DELETE ON requests {EACH} entente_log_dropped()",
    "entry_changed": f"BEFORE UPDATE OR DELETE ON ledger_entries {EACH} entente_ledger_erased()",
    "entries_emptied": f"BEFORE TRUNCATE ON ledger_entries {ALL} entente_ledger_erased()",
    "entry_added": f"BEFORE INSERT ON ledger_entries {EACH} entente_ledger_number()",
    "head_changed": f"BEFORE UPDATE OR DELETE ON ledger_heads {EACH} entente_ledger_head()",
    "heads_emptied": f"BEFORE TRUNCATE ON ledger_heads {ALL} entente_ledger_head()",
}
EVENT_CHANGED = "BEFORE UPDATE OR DELETE ON request_events FOR EACH ROW"


def _tables() -> None:
    op.create_table(
        "ledger_entries",
        sa.Column("id", BigId, nullable=False),
        sa.Column("stream", sa.String(), nullable=False),
        sa.Column("seq", sa.Integer(), nullable=False),
        sa.Column("at", UtcDateTime(), nullable=False),
        sa.Column("actor_id", sa.BigInteger()),
        sa.Column("on_behalf", sa.BigInteger()),
        sa.Column("action", sa.String(), nullable=False),
        sa.Column("content", Json, nullable=False),
        sa.Column("salt", sa.LargeBinary()),
        sa.Column("digest", sa.LargeBinary(), nullable=False),
        sa.Column("prev", sa.LargeBinary(), nullable=False),
        sa.Column("key", sa.String(), nullable=False),
        sa.Column("mac", sa.LargeBinary(), nullable=False),
        sa.Column("hash", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_ledger_entries")),
        sa.UniqueConstraint("stream", "seq", name=op.f("uq_ledger_entries_stream_seq")),
    )
    op.create_table(
        "ledger_heads",
        sa.Column("stream", sa.String(), nullable=False),
        sa.Column("seq", sa.Integer(), nullable=False),
        sa.Column("hash", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("stream", name=op.f("pk_ledger_heads")),
    )
    op.create_table(
        "ledger_marks",
        sa.Column("stream", sa.String(), nullable=False),
        sa.Column("seq", sa.Integer(), nullable=False),
        sa.Column("anchor", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("stream", name=op.f("pk_ledger_marks")),
    )
    op.create_table(
        "ledger_anchors",
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("at", UtcDateTime(), nullable=False),
        sa.Column("digest", sa.LargeBinary(), nullable=False),
        sa.Column("count", sa.Integer(), nullable=False),
        sa.Column("event_id", sa.BigInteger(), nullable=False),
        sa.Column("entry_id", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("number", name=op.f("pk_ledger_anchors")),
    )


REQUESTS = sa.table(
    "requests",
    *(sa.column(name) for name in ("id", "reference", "workflow", "workflow_version")),
    *(sa.column(name) for name in ("state", "stage", "head")),
)
EVENTS = sa.table(
    "request_events",
    sa.column("id"),
    sa.column("request_id"),
    sa.column("number"),
    sa.column("at", UtcDateTime()),
    sa.column("actor_id"),
    sa.column("kind"),
    sa.column("data", Json),
    *(sa.column(name, kind) for name, kind in CHAIN.items()),
)


def chain_what_happened(connection: sa.Connection) -> int:
    """Bind every event to the one before it, and every request to its last; return how many."""
    if connection.execute(sa.select(EVENTS.c.id).limit(1)).one_or_none() is None:
        return 0
    url = connection.engine.url.render_as_string(hide_password=False)
    keyring = keys.load(Settings(database_url=url).keys_place)
    after = chained = 0
    while True:
        query = sa.select(REQUESTS).where(REQUESTS.c.id > after).order_by(REQUESTS.c.id)
        rows = connection.execute(query.limit(BATCH)).all()
        if not rows:
            return chained
        chained += _chain(connection, keyring, rows)
        after = rows[-1].id


def _chain(connection: sa.Connection, keyring: keys.Keyring, rows: Sequence[Any]) -> int:
    ids = [row.id for row in rows]
    query = sa.select(EVENTS).where(EVENTS.c.request_id.in_(ids)).order_by(EVENTS.c.number)
    held: dict[int, list[Any]] = {one: [] for one in ids}
    for event in connection.execute(query):
        held[event.request_id].append(event)
    changes: list[dict[str, Any]] = []
    heads: list[dict[str, Any]] = []
    for row in rows:
        prev = b""
        for event in held[row.id]:
            change = _bound(keyring, row, event, (prev, event is held[row.id][-1]))
            changes.append(change)
            prev = change["hash"]
        heads.append({"b_id": row.id, "b_head": prev or None})
    where = EVENTS.c.id == sa.bindparam("b_id")
    values: dict[str, Any] = {name: sa.bindparam(name) for name in CHAIN if name != "on_behalf"}
    if changes:
        connection.execute(sa.update(EVENTS).where(where).values(**values), changes)
    at = REQUESTS.c.id == sa.bindparam("b_id")
    connection.execute(sa.update(REQUESTS).where(at).values(head=sa.bindparam("b_head")), heads)
    return len(changes)


def _bound(
    keyring: keys.Keyring, row: Any, event: Any, place: tuple[bytes, bool]
) -> dict[str, Any]:
    """Return the columns of one event; only of the last is it known where the request stood."""
    prev, last = place
    salt, digest = chain.salted(event.data)
    version = f"{row.workflow}@{row.workflow_version}" if last else ""
    standing = f"{row.reference} {row.stage}/{row.state}" if last else ""
    entry = Entry(
        stream=f"request:{row.id}",
        seq=event.number,
        at=event.at,
        actor=event.actor_id,
        on_behalf=None,
        action=event.kind,
        version=version,
        standing=standing,
        digest=digest,
    )
    link = chain.seal(keyring, entry, prev)
    return {
        "b_id": event.id,
        "version": version,
        "standing": standing,
        "salt": salt,
        "digest": digest,
        "prev": link.prev,
        "key": link.key,
        "mac": link.mac,
        "hash": link.hash,
    }


def up_statements(dialect: str) -> list[str]:
    """Return the statements that put the triggers in place, once the rows are chained."""
    if dialect == "sqlite":
        return [_trigger(name, SQLITE) for name in SQLITE]
    made = [f"CREATE TRIGGER entente_{name} {fires}" for name, fires in TRIGGERS.items()]
    return [*FUNCTIONS.values(), NUMBER, *made]


def upgrade() -> None:
    """Go to this revision."""
    sqlite = op.get_context().dialect.name == "sqlite"
    _tables()
    op.add_column("requests", sa.Column("head", sa.LargeBinary()))
    for name, kind in CHAIN.items():
        op.add_column("request_events", sa.Column(name, kind))
    if sqlite:
        for name in SQLITE_BEFORE:
            op.execute(f"DROP TRIGGER {name}")
    else:
        op.execute("DROP TRIGGER entente_event_changed ON request_events")
    chain_what_happened(op.get_bind())
    for statement in up_statements(op.get_context().dialect.name):
        op.execute(statement)


def downgrade() -> None:
    """Go back to the revision before."""
    sqlite = op.get_context().dialect.name == "sqlite"
    if sqlite:
        for name in SQLITE:
            op.execute(f"DROP TRIGGER {name}")
    else:
        op.execute(NUMBER_BEFORE)
        for name in FUNCTIONS:
            op.execute(f"DROP FUNCTION {name}() CASCADE")
    for name in CHAIN:
        op.drop_column("request_events", name)
    op.drop_column("requests", "head")
    for name in ("ledger_anchors", "ledger_marks", "ledger_heads", "ledger_entries"):
        op.drop_table(name)
    if sqlite:
        for name in SQLITE_BEFORE:
            op.execute(_trigger(name, SQLITE_BEFORE))
    else:
        op.execute(
            f"CREATE TRIGGER entente_event_changed {EVENT_CHANGED} EXECUTE FUNCTION entente_log_kept()"
        )
