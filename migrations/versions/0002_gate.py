"""The gate and the log, held by the database itself (F32, F38, F41).

No help, and no stage of delivery, without a completed in-country assessment: neither raw SQL nor an
import passes by. What happened is written once. A later migration that rebuilds one of these tables
on SQLite (batch mode) loses its triggers there and must make them again.
"""

from collections.abc import Sequence

from alembic import op

revision: str = "0002"
down_revision: str | Sequence[str] | None = "0001"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None

WHOLE = "('comprehensive')"
RAPID = "('containment', 'restoration', 'evidence_preservation')"
OPENING = "('comprehensive', 'rapid')"
DELIVERING = "(stage = 'delivery' OR state IN ('delivery', 'evaluation'))"
NEW_DELIVERING = "(NEW.stage = 'delivery' OR NEW.state IN ('delivery', 'evaluation'))"

NONE = "entente gate: there is no completed in-country assessment (F32, F41)"
ONLY_RAPID = "entente gate: a rapid assessment opens only rapid help (F32, F38, F41)"
RESTING = "entente gate: help rests on this assessment (F32, F41)"
NOT_SEEN = "entente gate: no visit made or no government acknowledges it (F32, F41)"
KEPT = "entente log: what happened is not changed"
GAP = "entente log: events are numbered without a gap"


def _held(request: str, but: str, kinds: str = OPENING) -> str:
    """Return the SQLite condition that another record than `but` opens the gate for a request."""
    return (
        "EXISTS (SELECT 1 FROM assessment_records r JOIN assessments a ON a.id = r.assessment_id"
        f" WHERE r.request_id = {request} AND a.id <> {but}"
        f" AND r.kind = a.kind AND a.status = 'completed' AND a.kind IN {kinds})"
    )


def _bare(request: str, but: str) -> str:
    """Return the SQLite condition that a request is being helped on nothing else than `but`."""
    helped = f"EXISTS (SELECT 1 FROM requests q WHERE q.id = {request} AND {DELIVERING})"
    active = f"EXISTS (SELECT 1 FROM activities x WHERE x.request_id = {request})"
    beyond = f"EXISTS (SELECT 1 FROM activities x WHERE x.request_id = {request}"
    beyond += f" AND x.kind NOT IN {RAPID})"
    whole = _held(request, but, WHOLE)
    return f"({helped} OR {active}) AND NOT ({whole} OR ({_held(request, but)} AND NOT {beyond}))"


def _served(assessment: str) -> str:
    """Return the SQLite condition that some request is being helped on one assessment alone."""
    return (
        f"EXISTS (SELECT 1 FROM assessment_records s WHERE s.assessment_id = {assessment}"
        f" AND {_bare('s.request_id', assessment)})"
    )


SEEN = (
    "EXISTS (SELECT 1 FROM visits v WHERE v.assessment_id = NEW.id AND v.ends_on <= date('now'))"
    " AND EXISTS (SELECT 1 FROM acknowledgements k WHERE k.assessment_id = NEW.id)"
)
LAST = "SELECT COALESCE(MAX(e.number), 0) FROM request_events e WHERE e.request_id = NEW.request_id"
ACTIVITY = [
    (NONE, f"NOT {_held('NEW.request_id', '-1')}"),
    (
        ONLY_RAPID,
        f"NEW.kind NOT IN {RAPID} AND NOT {_held('NEW.request_id', '-1', WHOLE)}",
    ),
]
COMPLETING = f"NEW.status = 'completed' AND NEW.kind IN {OPENING}"
RECORD = "(OLD.request_id, OLD.assessment_id, OLD.kind)"
RECORD_CHANGED = f"{RECORD} IS NOT {RECORD.replace('OLD', 'NEW')}"
ASSESSMENT_CHANGED = (
    "OLD.status = 'completed'"
    " AND (OLD.id, OLD.status, OLD.kind) IS NOT (NEW.id, NEW.status, NEW.kind)"
)

SQLITE: dict[str, tuple[str, str, list[tuple[str, str]]]] = {
    "entente_gate_activity_made": ("BEFORE INSERT ON activities", "1", ACTIVITY),
    "entente_gate_activity_moved": (
        "BEFORE UPDATE OF request_id, kind ON activities",
        "1",
        ACTIVITY,
    ),
    "entente_gate_request_made": (
        "BEFORE INSERT ON requests",
        NEW_DELIVERING,
        [(NONE, f"NOT {_held('NEW.id', '-1')}")],
    ),
    "entente_gate_request_moved": (
        "BEFORE UPDATE OF id, stage, state ON requests",
        NEW_DELIVERING,
        [(NONE, f"NOT {_held('NEW.id', '-1')}")],
    ),
    "entente_gate_record_dropped": (
        "BEFORE DELETE ON assessment_records",
        "1",
        [(RESTING, _bare("OLD.request_id", "OLD.assessment_id"))],
    ),
    "entente_gate_record_changed": (
        "BEFORE UPDATE OF request_id, assessment_id, kind ON assessment_records",
        RECORD_CHANGED,
        [(RESTING, _bare("OLD.request_id", "OLD.assessment_id"))],
    ),
    "entente_gate_assessment_dropped": (
        "BEFORE DELETE ON assessments",
        "OLD.status = 'completed'",
        [(RESTING, _served("OLD.id"))],
    ),
    "entente_gate_assessment_changed": (
        "BEFORE UPDATE OF id, status, kind ON assessments",
        ASSESSMENT_CHANGED,
        [(RESTING, _served("OLD.id"))],
    ),
    # REPLACE drops the old row unseen where recursive_triggers is off, as in the plain shell.
    "entente_gate_assessment_made": (
        "BEFORE INSERT ON assessments",
        "1",
        [
            (RESTING, _served("NEW.id")),
            (NOT_SEEN, f"{COMPLETING} AND NOT ({SEEN})"),
        ],
    ),
    "entente_gate_assessment_completed": (
        "BEFORE UPDATE OF status, kind ON assessments",
        f"{COMPLETING} AND (OLD.status <> 'completed' OR OLD.kind <> NEW.kind)",
        [(NOT_SEEN, f"OLD.status = 'completed' OR NOT ({SEEN})")],
    ),
    "entente_log_changed": ("BEFORE UPDATE ON request_events", "1", [(KEPT, "1")]),
    "entente_log_dropped": ("BEFORE DELETE ON request_events", "1", [(KEPT, "1")]),
    "entente_log_added": (
        "BEFORE INSERT ON request_events",
        "1",
        [
            (KEPT, "EXISTS (SELECT 1 FROM request_events e WHERE e.id = NEW.id)"),
            (GAP, f"NEW.number <> ({LAST}) + 1"),
        ],
    ),
}
"""Trigger by name: when it fires, its condition, and each refusal with what makes it."""


def _trigger(name: str) -> str:
    event, condition, refusals = SQLITE[name]
    body = " ".join(f"SELECT RAISE(ABORT, '{said}') WHERE {when};" for said, when in refusals)
    return f"CREATE TRIGGER {name} {event} FOR EACH ROW WHEN {condition} BEGIN {body} END"


def _function(name: str, body: str, declared: str = "") -> str:
    return (
        f"CREATE FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql AS $entente$"
        f" {declared} BEGIN {body} END $entente$"
    )


def _refuse(said: str) -> str:
    return f"RAISE EXCEPTION USING ERRCODE = 'check_violation', MESSAGE = '{said}';"


# Shared locks: whoever drops an assessment waits for whoever is just beginning to rest on it.
KINDS = f"""
CREATE FUNCTION entente_gate_kinds(asked bigint, but bigint) RETURNS text[]
LANGUAGE sql VOLATILE AS $entente$
  SELECT COALESCE(array_agg(held.kind), ARRAY[]::text[]) FROM (
    SELECT a.kind::text FROM assessment_records r JOIN assessments a ON a.id = r.assessment_id
    WHERE r.request_id = asked AND a.id <> but AND r.kind = a.kind
      AND a.status = 'completed' AND a.kind IN {OPENING}
    FOR SHARE OF r, a
  ) held
$entente$"""
BARE = f"""
CREATE FUNCTION entente_gate_bare(asked bigint, but bigint) RETURNS boolean
LANGUAGE plpgsql VOLATILE AS $entente$
DECLARE kinds text[];
BEGIN
  IF NOT EXISTS (SELECT 1 FROM requests WHERE id = asked AND {DELIVERING})
     AND NOT EXISTS (SELECT 1 FROM activities WHERE request_id = asked) THEN
    RETURN false;
  END IF;
  kinds = entente_gate_kinds(asked, but);
  RETURN NOT ('comprehensive' = ANY (kinds) OR ('rapid' = ANY (kinds) AND NOT EXISTS (
    SELECT 1 FROM activities WHERE request_id = asked AND kind NOT IN {RAPID})));
END $entente$"""
HELPED = f"EXISTS (SELECT 1 FROM requests WHERE {DELIVERING}) OR EXISTS (SELECT 1 FROM activities)"
SERVED = (
    "EXISTS (SELECT 1 FROM assessment_records s WHERE s.assessment_id = OLD.id"
    " AND entente_gate_bare(s.request_id, OLD.id))"
)
SEEN_POSTGRESQL = SEEN.replace("date('now')", "(now() AT TIME ZONE 'UTC')::date")
FUNCTIONS = {
    "entente_gate_activity": _function(
        "entente_gate_activity",
        "kinds = entente_gate_kinds(NEW.request_id, -1);"
        f" IF cardinality(kinds) = 0 THEN {_refuse(NONE)} END IF;"
        f" IF NEW.kind NOT IN {RAPID} AND NOT 'comprehensive' = ANY (kinds) THEN"
        f" {_refuse(ONLY_RAPID)} END IF; RETURN NEW;",
        "DECLARE kinds text[];",
    ),
    "entente_gate_request": _function(
        "entente_gate_request",
        "IF cardinality(entente_gate_kinds(NEW.id, -1)) = 0 THEN"
        f" {_refuse(NONE)} END IF; RETURN NEW;",
    ),
    "entente_gate_record": _function(
        "entente_gate_record",
        f"IF entente_gate_bare(OLD.request_id, OLD.assessment_id) THEN {_refuse(RESTING)} END IF;"
        " RETURN COALESCE(NEW, OLD);",
    ),
    "entente_gate_assessment": _function(
        "entente_gate_assessment",
        f"IF {SERVED} THEN {_refuse(RESTING)} END IF; RETURN COALESCE(NEW, OLD);",
    ),
    "entente_gate_completion": _function(
        "entente_gate_completion",
        f"IF NOT ({SEEN_POSTGRESQL}) THEN {_refuse(NOT_SEEN)} END IF; RETURN NEW;",
    ),
    "entente_gate_renaming": _function("entente_gate_renaming", _refuse(NOT_SEEN)),
    "entente_gate_emptied": _function(
        "entente_gate_emptied", f"IF {HELPED} THEN {_refuse(RESTING)} END IF; RETURN NULL;"
    ),
    "entente_log_kept": _function("entente_log_kept", _refuse(KEPT)),
    "entente_log_number": _function(
        "entente_log_number",
        f"IF NEW.number <> ({LAST}) + 1 THEN {_refuse(GAP)} END IF; RETURN NEW;",
    ),
}
EACH = "FOR EACH ROW"
TRIGGERS = {
    "activity_moved": "BEFORE INSERT OR UPDATE OF request_id, kind ON activities"
    f" {EACH} EXECUTE FUNCTION entente_gate_activity()",
    "request_moved": "BEFORE INSERT OR UPDATE OF id, stage, state ON requests"
    f" {EACH} WHEN {NEW_DELIVERING} EXECUTE FUNCTION entente_gate_request()",
    "record_dropped": f"BEFORE DELETE ON assessment_records {EACH}"
    " EXECUTE FUNCTION entente_gate_record()",
    "record_changed": "BEFORE UPDATE OF request_id, assessment_id, kind ON assessment_records"
    f" {EACH} WHEN ({RECORD_CHANGED.replace('IS NOT', 'IS DISTINCT FROM')})"
    " EXECUTE FUNCTION entente_gate_record()",
    "assessment_dropped": f"BEFORE DELETE ON assessments {EACH} WHEN (OLD.status = 'completed')"
    " EXECUTE FUNCTION entente_gate_assessment()",
    "assessment_changed": f"BEFORE UPDATE OF id, status, kind ON assessments {EACH}"
    f" WHEN ({ASSESSMENT_CHANGED.replace('IS NOT', 'IS DISTINCT FROM')})"
    " EXECUTE FUNCTION entente_gate_assessment()",
    "assessment_made": f"BEFORE INSERT ON assessments {EACH} WHEN ({COMPLETING})"
    " EXECUTE FUNCTION entente_gate_completion()",
    "assessment_completed": f"BEFORE UPDATE OF status, kind ON assessments {EACH}"
    f" WHEN ({COMPLETING} AND OLD.status <> 'completed')"
    " EXECUTE FUNCTION entente_gate_completion()",
    "assessment_renamed": f"BEFORE UPDATE OF status, kind ON assessments {EACH}"
    f" WHEN ({COMPLETING} AND OLD.status = 'completed' AND OLD.kind <> NEW.kind)"
    " EXECUTE FUNCTION entente_gate_renaming()",
    "records_emptied": "BEFORE TRUNCATE ON assessment_records"
    " FOR EACH STATEMENT EXECUTE FUNCTION entente_gate_emptied()",
    "assessments_emptied": "BEFORE TRUNCATE ON assessments"
    " FOR EACH STATEMENT EXECUTE FUNCTION entente_gate_emptied()",
    "event_changed": f"BEFORE UPDATE OR DELETE ON request_events {EACH}"
    " EXECUTE FUNCTION entente_log_kept()",
    "events_emptied": "BEFORE TRUNCATE ON request_events"
    " FOR EACH STATEMENT EXECUTE FUNCTION entente_log_kept()",
    "event_added": f"BEFORE INSERT ON request_events {EACH} EXECUTE FUNCTION entente_log_number()",
}
"""What fires which function on PostgreSQL, by the trigger's name without its `entente_`."""


def up_statements(dialect: str) -> list[str]:
    """Return the statements that put the gate and the log in place."""
    if dialect == "sqlite":
        return [_trigger(name) for name in SQLITE]
    made = [f"CREATE TRIGGER entente_{name} {fires}" for name, fires in TRIGGERS.items()]
    stamp = "ALTER TABLE request_events ALTER COLUMN tx SET DEFAULT"
    return [
        KINDS,
        BARE,
        *FUNCTIONS.values(),
        *made,
        f"{stamp} (pg_current_xact_id()::text::bigint)",
    ]


def down_statements(dialect: str) -> list[str]:
    """Return the statements that take them away again."""
    if dialect == "sqlite":
        return [f"DROP TRIGGER IF EXISTS {name}" for name in SQLITE]
    dropped = [f"DROP FUNCTION IF EXISTS {name}() CASCADE" for name in FUNCTIONS]
    dropped += [
        f"DROP FUNCTION IF EXISTS entente_gate_{n}(bigint, bigint)" for n in ("bare", "kinds")
    ]
    return ["ALTER TABLE request_events ALTER COLUMN tx SET DEFAULT 0", *dropped]


def upgrade() -> None:
    """Go to this revision."""
    for statement in up_statements(op.get_context().dialect.name):
        op.execute(statement)


def downgrade() -> None:
    """Go back to the revision before."""
    for statement in down_statements(op.get_context().dialect.name):
        op.execute(statement)
