"""Reading assessments: one whole, all of a request, the profile, and the impact of help."""

from collections.abc import Sequence

import sqlalchemy as sa
from sqlalchemy.orm import Session

from app.assessment.rules import comparison, profile, topic_changes
from app.assessment.schemas import (
    AcknowledgementView,
    AssessmentLine,
    AssessmentView,
    HostBody,
    MemberBody,
    SignatureView,
)
from app.assessment.service import choosing
from app.assessment.service.asking import progress
from app.assessment.service.facts import answers_of, lacks, records_of
from app.assessment.tables import Acknowledgement, Assessment
from app.assessment.views import (
    AreaProfileView,
    ChangeView,
    ImpactView,
    MeasuredView,
    ProfileView,
    TopicChangeView,
    TopicProfileView,
)
from app.engine.packs import Pack, Shelf
from app.kit import clock
from app.kit.errors import Blocker
from app.requests.service.reading import Reader
from app.requests.tables import Assignment, AssistanceRequest, Need


def assessments(session: Session, request: AssistanceRequest) -> list[AssessmentLine]:
    """Return every assessment of the request or serving it, oldest first."""
    rows = choosing.listed(session, request)
    lent = _lenders(session, request, rows)
    lines = []
    for row in rows:
        line = AssessmentLine.model_validate(row)
        lines.append(line.model_copy(update={"reused_from": lent.get(row.request_id)}))
    return lines


def _lenders(
    session: Session, request: AssistanceRequest, rows: Sequence[Assessment]
) -> dict[int, str]:
    """Return the references of the other requests that assessments were made for, by id."""
    ids = {row.request_id for row in rows} - {request.id}
    query = sa.select(AssistanceRequest.id, AssistanceRequest.reference)
    found = session.execute(query.where(AssistanceRequest.id.in_(ids)))
    return {row.id: row.reference for row in found}


def view_of(
    session: Session, shelf: Shelf, request: AssistanceRequest, row: Assessment
) -> tuple[AssessmentView, tuple[Blocker, ...]]:
    """Return an assessment whole, and everything that it lacks."""
    pack = shelf.get(request.workflow, request.workflow_version)
    record = records_of(session, [row])[row.id]
    acknowledged = session.scalars(
        sa.select(Acknowledgement)
        .where(Acknowledgement.assessment_id == row.id)
        .order_by(Acknowledgement.country)
    )
    line = AssessmentLine.model_validate(row).model_dump(exclude={"reused_from"})
    view = AssessmentView(
        **line,
        reused_from=_lenders(session, request, [row]).get(row.request_id),
        place=row.place,
        team=[MemberBody.model_validate(one) for one in row.team],
        hosts=[HostBody.model_validate(one) for one in row.hosts],
        waived_areas=row.waived_areas,
        comprehensive_due=row.comprehensive_due,
        created_at=row.created_at,
        signature=_signature(row.signed_by, row.signed_at),
        countersignature=_signature(row.countersigned_by, row.countersigned_at),
        acknowledgements=[AcknowledgementView.model_validate(one) for one in acknowledged],
        progress=progress(pack.questionnaire, record),
    )
    missing = () if row.status == "completed" else lacks(session, pack, [row])[row.id]
    return view, missing


def _signature(person: int | None, at: object) -> SignatureView | None:
    return SignatureView.model_validate({"by": person, "at": at}) if person else None


def profile_of(
    session: Session, shelf: Shelf, reader: Reader, request: AssistanceRequest, row: Assessment
) -> ProfileView:
    """Return the maturity profile that the answers give: claimed beside evidenced (F35)."""
    pack = shelf.get(request.workflow, request.workflow_version)
    answers = answers_of(session, [row.id])[row.id]
    found = profile(pack.questionnaire, answers, clock.today())

    def told(english: str) -> dict[str, str]:
        return {"label": reader.texts.text(english, reader.language)}

    return ProfileView(
        topics=[
            TopicProfileView.model_validate(one).model_copy(update=told(one.label))
            for one in found.topics
        ],
        areas=[
            AreaProfileView.model_validate(one).model_copy(update=told(one.label))
            for one in found.areas
        ],
    )


def impact(session: Session, shelf: Shelf, request: AssistanceRequest) -> ImpactView:
    """Return the reassessment beside its baseline; what was not asked is "not_measured" (C50)."""
    pack = shelf.get(request.workflow, request.workflow_version)
    later = choosing.current(session, request, "reassessment")
    before = choosing.current(session, request, None)
    if later is not None and later.baseline_id is not None:
        before = session.get(Assessment, later.baseline_id)
    sides = [row.id for row in (before, later) if row is not None]
    answers = answers_of(session, sides)
    old = answers[before.id] if before else ()
    new = answers[later.id] if later else ()
    today = clock.today()
    aimed = _targeted(session, pack, request)
    return ImpactView(
        baseline=_measured(before),
        reassessment=_measured(later),
        changes=[
            ChangeView.model_validate(one)
            for one in comparison(pack.questionnaire, old, new, today)
        ],
        topics=[
            TopicChangeView(
                topic=one.topic,
                before=one.before,
                after=one.after,
                change=one.change,
                targeted=one.topic in aimed,
            )
            for one in topic_changes(pack.questionnaire, old, new, today)
        ],
    )


def _measured(row: Assessment | None) -> MeasuredView | None:
    return MeasuredView.model_validate(row) if row else None


def _targeted(session: Session, pack: Pack, request: AssistanceRequest) -> set[str]:
    """Return the scored topics that entities took on; a need without a topic aims at its area."""
    query = (
        sa.select(Need.area, Need.topic)
        .join(Assignment, Assignment.need_id == Need.id)
        .where(Assignment.request_id == request.id, Need.dropped.is_(False))
        .distinct()
    )
    aimed: set[str] = set()
    for area, topic in session.execute(query):
        if topic:
            aimed |= {block.topic for block in pack.questionnaire.blocks_of(topic)}
        else:
            sections = (one for one in pack.questionnaire.sections if one.area == area)
            aimed |= {block.topic for section in sections for block in section.blocks}
    return aimed
