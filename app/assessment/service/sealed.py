"""What of an assessment is sealed at rest: the crime and risk assessment, notes, and sources."""

from collections.abc import Iterable
from typing import Any

from sqlalchemy.orm import Session

from app.assessment.schemas import EvidenceBody
from app.assessment.tables import Answer, Assessment, Evidence, RiskAssessment
from app.kit.sealing import Place
from app.requests import vault


def put_note(session: Session, assessment: Assessment, row: Answer, note: str) -> None:
    """Write the note to an answer, sealed."""
    row.note = vault.seal(session, assessment.request_id, note, _note(row))


def note_of(session: Session, request_id: int, row: Answer) -> str:
    """Return the note to an answer. Raises Invalid when it cannot be opened."""
    return vault.unseal(session, request_id, row.note, _note(row))


def put_sources(
    session: Session, assessment: Assessment, told: Iterable[tuple[Evidence, EvidenceBody]]
) -> None:
    """Write the sources of evidence that was just added without, each sealed for its own row."""
    for row, body in told:
        row.source = vault.seal(session, assessment.request_id, body.source, _source(row))
    session.flush()


def source_of(session: Session, request_id: int, row: Evidence) -> str:
    """Return the source of a piece of evidence. Raises Invalid when it cannot be opened."""
    return vault.unseal(session, request_id, row.source, _source(row))


def sealed_risk(
    session: Session, assessment: Assessment, content: dict[str, Any]
) -> dict[str, str]:
    """Return the content of a risk assessment as it is kept."""
    place = _risk(assessment.id)
    return vault.seal_document(session, assessment.request_id, content, place)


def risk_of(session: Session, request_id: int, row: RiskAssessment) -> dict[str, Any]:
    """Return the content of a risk assessment. Raises Invalid when it cannot be opened."""
    place = _risk(row.assessment_id)
    return vault.unseal_document(session, request_id, row.content, place) or {}


def _note(row: Answer) -> Place:
    return Place("answers", f"{row.assessment_id}/{row.question}", "note")


def _source(row: Evidence) -> Place:
    return Place("evidence", row.id, "source")


def _risk(assessment_id: int) -> Place:
    return Place("risk_assessments", assessment_id, "content")
