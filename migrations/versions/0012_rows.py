"""Row-level security on PostgreSQL: the second net behind the condition `access.visible`.

The policies bind the role of the service (migrations/roles.sql) and not the owner of the tables,
who migrates. They read what a transaction says of its sight (`app.kit.rows`, `app.policy.sight`);
one that says nothing sees no request. What hangs on a request is seen with it. Left out, with the
reasons in docs/operations.md: tables of persons, of the house, and the index of words.
"""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "0012"
down_revision: str | Sequence[str] | None = "0011"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None

SEES = "((SELECT string_to_array(current_setting('entente.sees', true), ' ')))::text[]"
"""The words of the transaction; NULL, of which nothing is a member, when it has said none."""

SEEN = """
  'all' = ANY({sees})
  OR ('filed' = ANY({sees}) AND q.filed_at IS NOT NULL)
  OR ('screening' = ANY({sees}) AND q.filed_at IS NOT NULL
      AND (q.level <> 'confidential' OR q.stage = 'screening'))
  OR ('program' = ANY({sees}) AND q.filed_at IS NOT NULL AND q.level = 'ordinary')
  OR ('at:' || q.id) = ANY({sees})
  OR ('glass:' || q.reference) = ANY({sees})
  OR entente_row_concerns(q.id, q.filed_at IS NOT NULL, q.level, {sees})
"""
"""Holds for a request `q` that may be seen: what `access.visible` says, and what is held."""

CONCERNS = """
CREATE FUNCTION entente_row_concerns(asked bigint, filed boolean, height text, sees text[])
RETURNS boolean LANGUAGE plpgsql STABLE PARALLEL SAFE SECURITY DEFINER COST 20 {path} AS $entente$
BEGIN
  RETURN EXISTS (
    SELECT 1 FROM request_countries c WHERE c.request_id = asked AND (
      ('draft:' || c.country) = ANY(sees)
      OR (filed AND ('country:' || c.country) = ANY(sees))
      OR (filed AND height = 'ordinary' AND ('programs:' || c.country) = ANY(sees))))
  OR EXISTS (
    SELECT 1 FROM involvements i WHERE i.request_id = asked
    AND i.standing IN ('asked', 'accepted') AND (
      ('entity:' || i.entity) = ANY(sees)
      OR (height = 'ordinary' AND ('client:' || i.entity) = ANY(sees))))
  OR EXISTS (
    SELECT 1 FROM named_grants g WHERE g.request_id = asked AND g.revoked_at IS NULL
    AND g.until >= current_date AND ('named:' || g.id) = ANY(sees));
END $entente$
"""

LEFT = """
CREATE FUNCTION entente_row_left(asked bigint, event bigint, sees text[])
RETURNS boolean LANGUAGE plpgsql STABLE PARALLEL SAFE SECURITY DEFINER COST 20 {path} AS $entente$
BEGIN
  RETURN EXISTS (
    SELECT 1 FROM involvements i JOIN requests q ON q.id = i.request_id
    WHERE i.request_id = asked AND i.left_number >= event AND q.level <> 'confidential'
    AND ('entity:' || i.entity) = ANY(sees));
END $entente$
"""

MEETS = """
CREATE FUNCTION entente_row_seen(asked bigint, sees text[])
RETURNS boolean LANGUAGE plpgsql STABLE PARALLEL SAFE SECURITY DEFINER COST 20 {path} AS $entente$
BEGIN
  RETURN EXISTS (SELECT 1 FROM requests q WHERE q.id = asked AND ({seen}));
END $entente$
"""

PART = """
CREATE FUNCTION entente_row_{name}(asked bigint, sees text[])
RETURNS boolean LANGUAGE plpgsql STABLE PARALLEL SAFE SECURITY DEFINER COST 20 {path} AS $entente$
BEGIN
  RETURN EXISTS (SELECT 1 FROM {table} p WHERE p.id = asked AND {holds});
END $entente$
"""
"""Whether the part of a request is seen that some row belongs to: {holds} is asked of `p`.

Functions of the owner, and no EXISTS under the parents' own policies: nested four deep, those are
planned as if nothing were known of them, and a questionnaire took more than ten seconds.
"""

SERVES = """
CREATE FUNCTION entente_row_serves(asked bigint, sees text[])
RETURNS boolean LANGUAGE plpgsql STABLE PARALLEL SAFE SECURITY DEFINER COST 20 {path} AS $entente$
BEGIN
  RETURN EXISTS (
    SELECT 1 FROM assessment_records s JOIN assessments a ON a.id = s.assessment_id
    WHERE a.request_id = asked AND entente_row_seen(s.request_id, sees));
END $entente$
"""

WITH_REQUEST = (
    *("activities", "appeals", "assessment_records", "assignments", "clarifications", "closings"),
    *("comments", "conditions", "consents", "deadlines", "elements", "findings", "glass_breaks"),
    *("joint_programmes", "lowerings", "named_grants", "needs", "openings"),
    *("progress_reports", "proposals", "protected_parts", "screenings", "standing_work"),
    *("text_versions", "legal_holds", "erasures"),
)
"""Tables that name their request, and are seen with it."""

WITH = {
    "acknowledgements": ("assessment_id", "assessments"),
    "answers": ("assessment_id", "assessments"),
    "consultations": ("assessment_id", "assessments"),
    "visits": ("assessment_id", "assessments"),
    "risk_assessments": ("assessment_id", "assessments"),
    "evidence": ("answer_id", "answers"),
    "criterion_findings": ("screening_id", "screenings"),
    "principle_findings": ("screening_id", "screenings"),
    "screening_hands": ("screening_id", "screenings"),
    "responses": ("proposal_id", "proposals"),
    "components": ("programme_id", "joint_programmes"),
    "indicators": ("activity_id", "activities"),
    "activity_findings": ("activity_id", "activities"),
    "need_findings": ("need_id", "needs"),
    "attachment_contents": ("attachment_id", "attachments"),
    "glass_readings": ("glass_id", "glass_breaks"),
}
"""Tables that name a part of a request, and are seen with that part."""

OWN = "'all' = ANY({sees}) OR entente_row_seen({table}.request_id, {sees})"
SPECIAL = {
    "requests": f"{SEEN.replace('q.', 'requests.')}"
    " OR ('back' = ANY({sees}) AND entente_row_left(requests.id, 0, {sees}))",
    "request_events": f"{OWN} OR ('back' = ANY({{sees}})"
    " AND entente_row_left(request_id, number, {sees}))",
    "involvements": f"{OWN} OR ('back' = ANY({{sees}})"
    " AND left_number IS NOT NULL AND ('entity:' || entity) = ANY({sees}))",
    # An assessment can serve further requests of the same countries (F49), with all that is in it.
    "assessments": f"{OWN} OR entente_row_assessments(id, {{sees}})",
    "attachments": f"{OWN} OR entente_row_serves(request_id, {{sees}})",
    "request_countries": f"('draft:' || country) = ANY({{sees}})"
    f" OR {OWN} OR entente_row_serves(request_id, {{sees}})",
    "request_keys": f"{OWN} OR entente_row_serves(request_id, {{sees}})",
}

OF_REQUEST = "entente_row_seen(p.request_id, sees)"
PARTS = {
    "assessments": f"({OF_REQUEST} OR EXISTS (SELECT 1 FROM assessment_records s"
    " WHERE s.assessment_id = p.id AND entente_row_seen(s.request_id, sees)))",
    "answers": "entente_row_assessments(p.assessment_id, sees)",
    "screenings": OF_REQUEST,
    "proposals": OF_REQUEST,
    "joint_programmes": OF_REQUEST,
    "activities": OF_REQUEST,
    "needs": OF_REQUEST,
    "attachments": OF_REQUEST,
    "glass_breaks": OF_REQUEST,
}
"""When the parts are seen that further rows belong to."""


def functions() -> dict[str, str]:
    """Return what the policies ask, by signature, in the order in which it is made."""
    parts = {
        f"entente_row_{table}(bigint, text[])": PART.replace("{name}", table)
        .replace("{table}", table)
        .replace("{holds}", holds)
        for table, holds in PARTS.items()
    }
    return {
        "entente_row_concerns(bigint, boolean, text, text[])": CONCERNS,
        "entente_row_left(bigint, bigint, text[])": LEFT,
        "entente_row_seen(bigint, text[])": MEETS,
        "entente_row_serves(bigint, text[])": SERVES,
        **parts,
    }


GATE = ("activity", "request", "record", "assessment", "completion", "renaming", "emptied")
"""The gate looks at every request, whoever knocks: an assessment may serve one that is not seen."""


def conditions() -> dict[str, str]:
    """Return, by table, the condition under which a row is seen, added, changed and taken away."""
    plain = dict.fromkeys(WITH_REQUEST, OWN)
    parts = {
        table: f"'all' = ANY({{sees}}) OR entente_row_{parent}({table}.{column}, {{sees}})"
        for table, (column, parent) in WITH.items()
    }
    return {
        table: text.replace("{table}", table).replace("{sees}", SEES)
        for table, text in {**SPECIAL, **plain, **parts}.items()
    }


def upgrade() -> None:
    """Go to this revision."""
    if op.get_context().dialect.name == "sqlite":
        return
    schema = op.get_bind().scalar(sa.text("SELECT quote_ident(current_schema())"))
    path = f"SET search_path = {schema}, pg_temp"
    seen = SEEN.replace("{sees}", "sees")
    for text in functions().values():
        op.execute(text.replace("{path}", path).replace("{seen}", seen))
    for table, condition in conditions().items():
        op.execute(f"ALTER TABLE {table} ENABLE ROW LEVEL SECURITY")
        op.execute(f"CREATE POLICY entente_sight ON {table} USING ({condition})")
    for name in GATE:
        op.execute(f"ALTER FUNCTION entente_gate_{name}() SECURITY DEFINER {path}")


def downgrade() -> None:
    """Go back to the revision before."""
    if op.get_context().dialect.name == "sqlite":
        return
    for name in GATE:
        op.execute(f"ALTER FUNCTION entente_gate_{name}() SECURITY INVOKER RESET search_path")
    for table in conditions():
        op.execute(f"DROP POLICY entente_sight ON {table}")
        op.execute(f"ALTER TABLE {table} DISABLE ROW LEVEL SECURITY")
    for signature in functions():
        op.execute(f"DROP FUNCTION {signature}")
