"""Reading rounds: the one at hand with everything behind it, and earlier ones."""

from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from app.engine.entries import Entry
from app.engine.packs import Shelf
from app.engine.principles import Criterion, Principle
from app.kit import clock
from app.kit.errors import NotFound
from app.requests.service.reading import Reader
from app.requests.tables import AssistanceRequest
from app.screening.rules import Derived, ceiling
from app.screening.schemas import (
    CriterionView,
    DecisionView,
    DerivedView,
    FindingLine,
    PrincipleView,
    ReasonView,
    RoundView,
    ScreeningView,
    VerdictLine,
)
from app.screening.service import sealed
from app.screening.service.rounds import (
    Words,
    derived_from,
    findings_of,
    known,
    serving_kinds,
    verdicts_of,
)
from app.screening.tables import CriterionFinding, PrincipleFinding, Screening


def view_of(
    session: Session, shelf: Shelf, reader: Reader, request: AssistanceRequest
) -> ScreeningView:
    """Return the latest round whole, in the reader's language. Raises NotFound without one."""
    row = known(session, request)
    pack = shelf.get(request.workflow, request.workflow_version)
    now = clock.now()
    verdicts, findings = verdicts_of(session, row.id), findings_of(session, row.id)
    seen = {code: sealed.evidence_of(session, request.id, one) for code, one in verdicts.items()}
    words = {code: one.verdict for code, one in verdicts.items()}
    kinds = serving_kinds(session, request.id, now)
    derived = derived_from(session, pack, row, now)
    principles = [
        _principle(reader, principle, (verdicts, seen), findings.get(principle.code)).model_copy(
            update={"best": ceiling(principle, words, kinds).best}
        )
        for principle in pack.principles.principles
    ]
    return ScreeningView(
        reference=request.reference,
        round=row.round,
        revision=row.revision,
        framework=row.principles,
        opened_at=row.opened_at,
        principles=principles,
        derived=_derived(derived),
        decision=DecisionView.model_validate(row) if row.decided_by else None,
    )


def outlook(
    session: Session, shelf: Shelf, request: AssistanceRequest, unsaved: Words
) -> DerivedView:
    """Return where the latest round would lead with what is not saved yet; nothing is kept.

    Raises NotFound without a round, or for a code that the principles do not know.
    """
    row = known(session, request)
    pack = shelf.get(request.workflow, request.workflow_version)
    codes = {one.code for one in pack.principles.principles} | set(
        pack.principles.criterion_by_code
    )
    strange = {*unsaved.criteria, *unsaved.principles} - codes
    if strange:
        raise NotFound("criterion.unknown", f"There is no criterion {min(strange)}.")
    return _derived(derived_from(session, pack, row, clock.now(), unsaved))


def _derived(derived: Derived) -> DerivedView:
    reasons = [
        ReasonView(code=one.code, params=dict(one.params), cite=one.cite) for one in derived.reasons
    ]
    return DerivedView(outcome=derived.outcome, reasons=reasons)


def _told(reader: Reader, entry: Entry) -> dict[str, Any]:
    return {
        "code": entry.code,
        "label": reader.texts.text(entry.label, reader.language),
        "text": reader.texts.text(entry.text, reader.language),
    }


def _principle(
    reader: Reader,
    principle: Principle,
    ruled: tuple[dict[str, CriterionFinding], dict[str, list[dict[str, Any]]]],
    found: PrincipleFinding | None,
) -> PrincipleView:
    verdicts, seen = ruled
    said = {name: getattr(found, name) for name in SAID} if found else {}
    return PrincipleView(
        **_told(reader, principle),
        cite=list(principle.cite),
        reviewer_role=principle.reviewer_role,
        waivable=principle.waivable,
        criteria=[
            _criterion(reader, c, verdicts.get(c.code), seen.get(c.code, []))
            for c in principle.criteria
        ],
        best="met",
        **said,
    )


SAID = ("finding", "infringing", "reason", "condition", "due_on", "by", "at")
RULED = ("verdict", "ruled", "reason", "condition", "due_on", "by", "at")


def _criterion(
    reader: Reader,
    criterion: Criterion,
    found: CriterionFinding | None,
    seen: list[dict[str, Any]],
) -> CriterionView:
    said: dict[str, Any] = {name: getattr(found, name) for name in RULED} if found else {}
    if found is not None:
        said["answered"] = "rule" if found.by is None else "person"
    return CriterionView(
        **_told(reader, criterion),
        modality=criterion.modality,
        cite=list(criterion.cite),
        rule=criterion.rule,
        evidence=seen,
        **said,
    )


def earlier_rounds(session: Session, request: AssistanceRequest) -> list[RoundView]:
    """Return the rounds before the latest one, newest first."""
    query = sa.select(Screening).where(Screening.request_id == request.id)
    rows = session.scalars(query.order_by(Screening.round.desc()).offset(1).limit(MOST_ROUNDS))
    return [_round(session, row) for row in rows.all()]


MOST_ROUNDS = 50


def _round(session: Session, row: Screening) -> RoundView:
    verdicts, findings = verdicts_of(session, row.id), findings_of(session, row.id)
    return RoundView(
        round=row.round,
        opened_at=row.opened_at,
        outcome=row.outcome,
        reason=row.reason,
        decided_by=row.decided_by,
        decided_at=row.decided_at,
        confirmed_by=row.confirmed_by,
        confirmed_at=row.confirmed_at,
        criteria=[VerdictLine.model_validate(one) for one in verdicts.values()],
        principles=[FindingLine.model_validate(one) for one in findings.values()],
    )
