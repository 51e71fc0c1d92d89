"""What is near a reader is found and judged quickly, where there are a million requests.

Tasks are found by indexes of what is open. The second net asks what a row itself says before it
asks a function: that an entity is at work on a request stands in the row of its involvement, and
whom a request concerns is looked up only in tables of which the transaction has said a word. What
is seen stays the same. What hangs on a request is judged with it by the policy of `requests`; who
looks back sees more requests than what hangs on them, and is told by the function as before.
"""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "0032"
down_revision: str | Sequence[str] | None = "0031"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None

SEES = "((SELECT string_to_array(current_setting('entente.sees', true), ' ')))::text[]"
"""The words of the transaction, as in 0012."""

INDEXES = (
    ("ix_requests_urgency_asked", "requests", ["updated_at"], "urgency = 'asked'"),
    ("ix_lowerings_open", "lowerings", ["proposed_at"], "ended = ''"),
    ("ix_involvements_asked", "involvements", ["entity", "since"], "standing = 'asked'"),
)

HEAD = """
CREATE OR REPLACE FUNCTION
entente_row_concerns(asked bigint, filed boolean, height text, sees text[])
RETURNS boolean LANGUAGE plpgsql STABLE PARALLEL SAFE SECURITY DEFINER COST 20 {path} AS $entente$
"""
OF_COUNTRY = """EXISTS (
    SELECT 1 FROM request_countries c WHERE c.request_id = asked AND (
      ('draft:' || c.country) = ANY(sees)
      OR (filed AND ('country:' || c.country) = ANY(sees))
      OR (filed AND height = 'ordinary' AND ('programs:' || c.country) = ANY(sees))))"""
OF_ENTITY = """EXISTS (
    SELECT 1 FROM involvements i WHERE i.request_id = asked
    AND i.standing IN ('asked', 'accepted') AND (
      ('entity:' || i.entity) = ANY(sees)
      OR (height = 'ordinary' AND ('client:' || i.entity) = ANY(sees))))"""
BY_NAME = """EXISTS (
    SELECT 1 FROM named_grants g WHERE g.request_id = asked AND g.revoked_at IS NULL
    AND g.until >= current_date AND ('named:' || g.id) = ANY(sees))"""
CONCERNS_BEFORE = (
    f"{HEAD}BEGIN IF {OF_COUNTRY} THEN RETURN true; END IF;"
    f" IF {OF_ENTITY} THEN RETURN true; END IF; RETURN {BY_NAME}; END $entente$"
)
CONCERNS = f"""{HEAD}
DECLARE said text := array_to_string(sees, ' ');
BEGIN
  IF said ~ '(draft|country|programs):' THEN IF {OF_COUNTRY} THEN RETURN true; END IF; END IF;
  IF said ~ '(entity|client):' THEN IF {OF_ENTITY} THEN RETURN true; END IF; END IF;
  IF said ~ 'named:' THEN RETURN {BY_NAME}; END IF;
  RETURN false;
END $entente$"""

AT_WORK = "i.standing IN ('asked', 'accepted') AND ('entity:' || i.entity) = ANY({sees})"
NEAR = f"(SELECT true FROM involvements i WHERE i.request_id = requests.id AND {AT_WORK} LIMIT 1)"
REQUESTS_BEFORE = """
  'all' = ANY({sees})
  OR ('filed' = ANY({sees}) AND filed_at IS NOT NULL)
  OR ('screening' = ANY({sees}) AND filed_at IS NOT NULL
      AND (level <> 'confidential' OR stage = 'screening'))
  OR ('program' = ANY({sees}) AND filed_at IS NOT NULL AND level = 'ordinary')
  OR ('at:' || id) = ANY({sees})
  OR ('glass:' || reference) = ANY({sees})
  OR entente_row_concerns(id, filed_at IS NOT NULL, level, {sees})
  OR ('back' = ANY({sees}) AND entente_row_left(id, 0, {sees}))
"""
REQUESTS = REQUESTS_BEFORE.replace("OR entente_row_concerns", f"OR {NEAR} OR entente_row_concerns")

OWN = "'all' = ANY({sees}) OR entente_row_seen({table}.request_id, {sees})"
WITH = (
    "'all' = ANY({sees}) OR CASE WHEN 'back' = ANY({sees})"
    " THEN entente_row_seen({table}.request_id, {sees})"
    " ELSE (SELECT true FROM requests q WHERE q.id = {table}.request_id) END"
)
LEFT = "OR ('back' = ANY({sees}) AND entente_row_left(request_id, number, {sees}))"
GONE = (
    "OR ('back' = ANY({sees}) AND left_number IS NOT NULL AND ('entity:' || entity) = ANY({sees}))"
)
INVOLVED = f"({AT_WORK.replace('i.', '')}) OR {OWN} {GONE}"
AFTER = {
    "requests": REQUESTS,
    "involvements": INVOLVED,
    "needs": WITH,
    "request_events": f"{WITH} {LEFT}",
}
BEFORE = {
    "requests": REQUESTS_BEFORE,
    "involvements": f"{OWN} {GONE}",
    "needs": OWN,
    "request_events": f"{OWN} {LEFT}",
}


def upgrade() -> None:
    """Go to this revision."""
    for name, table, columns, where in INDEXES:
        rows = sa.text(where)
        op.create_index(name, table, columns, sqlite_where=rows, postgresql_where=rows)
    _spread(AFTER, CONCERNS)


def downgrade() -> None:
    """Go back to the revision before."""
    _spread(BEFORE, CONCERNS_BEFORE)
    for name, table, _, _ in INDEXES:
        op.drop_index(name, table)


def _spread(policies: dict[str, str], concerns: str) -> None:
    if op.get_context().dialect.name == "sqlite":
        return
    schema = op.get_bind().scalar(sa.text("SELECT quote_ident(current_schema())"))
    op.execute(concerns.replace("{path}", f"SET search_path = {schema}, pg_temp"))
    for table, condition in policies.items():
        said = condition.replace("{table}", table).replace("{sees}", SEES)
        op.execute(f"ALTER POLICY entente_sight ON {table} USING ({said})")
