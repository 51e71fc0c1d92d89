"""Texts of the dossier at rest: each sealed with the key of its request, for its row and field."""

from collections.abc import Mapping
from typing import Any, TypeVar

from sqlalchemy.orm import Session

from app.kit import clock
from app.kit.db import Base
from app.kit.sealing import Place
from app.requests import vault
from app.requests.schemas import View
from app.requests.tables import (
    AssessmentRecord,
    Clarification,
    Finding,
    Lowering,
    NamedGrant,
    Opening,
)

V = TypeVar("V", bound=View)
Row = Finding | Clarification | Lowering | NamedGrant | Opening
FIELDS: Mapping[type[Base], tuple[str, ...]] = {
    Finding: ("text", "risk_factor"),
    Clarification: ("question", "answer"),
    Lowering: ("reason",),
    NamedGrant: ("reason",),
    Opening: ("reason",),
}
"""What of a row is sealed; an empty text stays empty."""


def put(session: Session, row: Row, said: Mapping[str, str]) -> None:
    """Write texts into a row that knows its request and number already, sealed."""
    for field, text in said.items():
        if field not in FIELDS[type(row)]:
            raise ValueError(f"{field} of {row.__tablename__} is not sealed")
        setattr(row, field, vault.seal(session, row.request_id, text, _place(row, field)))


def texts(session: Session, row: Row) -> dict[str, str]:
    """Return the sealed texts of a row, by field. Raises Invalid when one cannot be opened."""
    return {
        field: vault.unseal(session, row.request_id, getattr(row, field), _place(row, field))
        for field in FIELDS[type(row)]
    }


def view_of(session: Session, row: Row, view: type[V]) -> V:
    """Return the view of a row, with its texts opened. Raises Invalid as `texts`."""
    clear = texts(session, row)
    return view(
        **{name: clear[name] if name in clear else getattr(row, name) for name in view.model_fields}
    )


def put_summary(session: Session, row: AssessmentRecord, summary: Mapping[str, Any]) -> None:
    """Write what later stages may know of an assessment, sealed with the key of the request."""
    place = _summary(row)
    row.summary = vault.seal_document(session, row.request_id, dict(summary), place)


def summary_of(session: Session, row: AssessmentRecord) -> dict[str, Any]:
    """Return what later stages may know of an assessment; nothing once that was erased."""
    return vault.unseal_document(session, row.request_id, row.summary, _summary(row)) or {}


def _place(row: Row, field: str) -> Place:
    # Openings have no number of their own: of two at one moment one would be the other.
    own = clock.stamp(row.at) if isinstance(row, Opening) else row.number
    return Place(row.__tablename__, f"{row.request_id}/{own}", field)


def _summary(row: AssessmentRecord) -> Place:
    return Place("assessment_records", f"{row.request_id}/{row.assessment_id}", "summary")
