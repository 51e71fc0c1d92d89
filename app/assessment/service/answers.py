"""Answers with their evidence, one question at a time."""

from collections.abc import Iterator
from datetime import date

import sqlalchemy as sa
from sqlalchemy.orm import Session

from app.assessment.schemas import AnswerBody, AnswerView, EvidenceBody, EvidenceView
from app.assessment.service import choosing, sealed
from app.assessment.tables import Answer, Assessment, Evidence
from app.directory.actor import Actor
from app.engine.packs import Shelf
from app.files.tables import RELEASED, StoredFile
from app.kit import clock
from app.kit.errors import Blocker, Invalid, NotFound
from app.requests.tables import AssistanceRequest, Attachment

ASSESSMENT = Answer.assessment_id == sa.bindparam("assessment")
QUESTION = Answer.question == sa.bindparam("question")
ANSWERS = sa.select(Answer).where(ASSESSMENT).order_by(Answer.question)
EVIDENCE = sa.select(Evidence).join(Answer, Answer.id == Evidence.answer_id)
ITS_EVIDENCE = EVIDENCE.where(ASSESSMENT).order_by(Evidence.id)
ONE, EVIDENCE_OF_ONE = ANSWERS.where(QUESTION), ITS_EVIDENCE.where(QUESTION)
DROPPED = sa.delete(Evidence).where(Evidence.answer_id == sa.bindparam("answer"))
HELD = (
    sa.select(Attachment.id, Attachment.size, StoredFile.status)
    .outerjoin(StoredFile, StoredFile.id == Attachment.file_id)
    .where(
        Attachment.request_id == sa.bindparam("request"),
        Attachment.id.in_(sa.bindparam("named", expanding=True)),
    )
)


def answer_revision(
    session: Session, request: AssistanceRequest, kind: str | None, code: str
) -> int | None:
    """Return the revision of the answer to a question, None where it has none yet."""
    row = _find(session, choosing.chosen(session, request, kind), code)
    return row.revision if row else None


def put_answer(
    session: Session,
    shelf: Shelf,
    actor: Actor,
    request: AssistanceRequest,
    given: tuple[str | None, str, AnswerBody],
) -> AnswerView:
    """Write the answer to one question, replacing an earlier one with its evidence.

    Raises NotFound for an unknown question, Invalid with every fault at once (dates to come, a
    missing note, a document of another request); and as `choosing.to_write`.
    """
    kind, code, body = given
    assessment = choosing.to_write(session, shelf, actor, request, kind)
    pack = shelf.get(request.workflow, request.workflow_version)
    if code not in set(pack.questionnaire.question_codes()):
        raise NotFound("question.unknown", f"The questionnaire has no question {code}.")
    _check(session, request, body)
    row = _find(session, assessment, code)
    told = {"question": code, "value": body.value, "before": row.value if row else None}
    if row is None:
        row = Answer(assessment_id=assessment.id, question=code, revision=0)
    sealed.put_note(session, assessment, row, body.note)
    row.value = body.value
    row.answered_on = body.answered_on or clock.today()
    row.by, row.at = actor.person_id or 0, clock.now()
    row.revision += 1
    session.add(row)
    session.flush()
    session.execute(DROPPED, {"answer": row.id})
    added = [_evidence(row, one, row.by) for one in body.evidence]
    session.add_all(added)
    session.flush()
    sealed.put_sources(session, assessment, zip(added, body.evidence, strict=True))
    choosing.changed(session, actor, request, assessment, ("answer_recorded", told))
    return answers(session, assessment, code)[0]


def answers(session: Session, assessment: Assessment, code: str | None = None) -> list[AnswerView]:
    """Return the answers with their evidence, ordered by code, or only the one to `code`."""
    meant, wanted, proof = {"assessment": assessment.id, "question": code}, ONE, EVIDENCE_OF_ONE
    if code is None:
        meant, wanted, proof = {"assessment": assessment.id}, ANSWERS, ITS_EVIDENCE
    rows = session.scalars(wanted, meant).all()
    shown: dict[int, list[EvidenceView]] = {row.id: [] for row in rows}
    for one in session.scalars(proof, meant):
        source = sealed.source_of(session, assessment.request_id, one)
        shown[one.answer_id].append(_evidence_view(one, source))
    return [
        AnswerView(
            question=row.question,
            value=row.value,
            note=sealed.note_of(session, assessment.request_id, row),
            answered_on=row.answered_on,
            by=row.by,
            at=row.at,
            revision=row.revision,
            evidence=shown[row.id],
        )
        for row in rows
    ]


def not_to_come(day: date, what: str) -> None:
    """Refuse a day in the future: what has not happened proves nothing (F32). Raises Invalid."""
    if day > clock.today():
        raise Invalid(f"{what}.in_future", "The day has not come yet; plan it, record it later.")


def _check(session: Session, request: AssistanceRequest, body: AnswerBody) -> None:
    faults = [*_faults(body), *_document_faults(session, request, body)]
    if faults:
        raise Invalid(faults[0].code, "The answer cannot be taken so; see every reason.", faults)


def _faults(body: AnswerBody) -> Iterator[Blocker]:
    today = clock.today()
    if body.answered_on and body.answered_on > today:
        yield Blocker("answer.in_future", "F32", {"on": body.answered_on.isoformat()})
    if body.value == "not_applicable" and not body.note:
        yield Blocker("answer.note_missing", "F32")
    for one in body.evidence:
        if one.dated > today:
            told = {"kind": one.kind, "on": one.dated.isoformat()}
            yield Blocker("evidence.in_future", "F32", told)


def _document_faults(
    session: Session, request: AssistanceRequest, body: AnswerBody
) -> Iterator[Blocker]:
    named = {one.attachment for one in body.evidence if one.attachment is not None}
    if not named:
        return
    held = session.execute(HELD, {"request": request.id, "named": sorted(named)}).all()
    for one in sorted(named - {row.id for row in held}):
        yield Blocker("evidence.attachment_unknown", "F32", {"attachment": one})
    for row in held:
        if row.size == 0:
            yield Blocker("evidence.attachment_empty", "F32", {"attachment": row.id})
        if row.status != RELEASED:
            yield Blocker("evidence.attachment_held", "F32", {"attachment": row.id})


def _find(session: Session, assessment: Assessment, code: str) -> Answer | None:
    return session.scalar(ONE, {"assessment": assessment.id, "question": code})


def _evidence(answer: Answer, one: EvidenceBody, author: int) -> Evidence:
    return Evidence(
        answer_id=answer.id,
        kind=one.kind,
        source="",
        dated=one.dated,
        in_country=one.in_country,
        attachment_id=one.attachment,
        by=author,
    )


def _evidence_view(row: Evidence, source: str) -> EvidenceView:
    return EvidenceView(
        kind=row.kind,
        source=source,
        dated=row.dated,
        in_country=row.in_country,
        attachment=row.attachment_id,
        by=row.by,
    )
