"""What of an assessment is sealed at rest: the crime and risk assessment, and sources of evidence.

Rows from before they were sealed stay readable as they are; whatever is written is sealed.
"""

import json
from collections.abc import Iterable
from typing import Any

from sqlalchemy.orm import Session

from app.assessment.tables import Assessment, Evidence, RiskAssessment
from app.kit.sealing import Place
from app.requests.service import vault

MARK = "sealed:"
WHOLE = "sealed"


def seal_sources(session: Session, assessment: Assessment, rows: Iterable[Evidence]) -> None:
    """Seal the sources of evidence that was just added, each for its own row."""
    for row in rows:
        sealed = vault.seal(session, assessment.request_id, row.source, _source(row.id))
        row.source = MARK + sealed
    session.flush()


def source_of(session: Session, request_id: int, row: Evidence) -> str:
    """Return the source of a piece of evidence. Raises Invalid when it cannot be opened."""
    if not row.source.startswith(MARK):
        return row.source
    return vault.unseal(session, request_id, row.source.removeprefix(MARK), _source(row.id))


def sealed_risk(
    session: Session, assessment: Assessment, content: dict[str, Any]
) -> dict[str, str]:
    """Return the content of a risk assessment as it is kept."""
    text = json.dumps(content, ensure_ascii=False, sort_keys=True)
    return {WHOLE: vault.seal(session, assessment.request_id, text, _risk(assessment.id))}


def risk_of(session: Session, request_id: int, row: RiskAssessment) -> dict[str, Any]:
    """Return the content of a risk assessment. Raises Invalid when it cannot be opened."""
    if set(row.content) != {WHOLE}:
        return row.content
    text = vault.unseal(session, request_id, row.content[WHOLE], _risk(row.assessment_id))
    content: dict[str, Any] = json.loads(text)
    return content


def _source(evidence_id: int) -> Place:
    return Place("evidence", evidence_id, "source")


def _risk(assessment_id: int) -> Place:
    return Place("risk_assessments", assessment_id, "content")
