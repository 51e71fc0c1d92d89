"""Evidence that the rules looked at, sealed at rest: it quotes risk factors of the assessment."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy.orm import Session

from app.kit.sealing import Place
from app.requests import vault
from app.screening.tables import CriterionFinding


def put_evidence(
    session: Session,
    request_id: int,
    row: CriterionFinding,
    evidence: Sequence[dict[str, Any]],
) -> None:
    """Write the evidence of a criterion, sealed with the key of the request."""
    row.evidence = vault.seal_document(session, request_id, list(evidence), _place(row))


def evidence_of(session: Session, request_id: int, row: CriterionFinding) -> list[dict[str, Any]]:
    """Return the evidence of a criterion; nothing once it was erased. Raises Invalid."""
    kept: dict[str, str] = row.evidence or {}
    return vault.unseal_document(session, request_id, kept, _place(row)) or []


def _place(row: CriterionFinding) -> Place:
    return Place("criterion_findings", f"{row.screening_id}/{row.criterion}", "evidence")
