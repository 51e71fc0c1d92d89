"""What was done in the country: visits, consultations, the risk assessment (F17, F18)."""

from collections.abc import Collection, Iterator, Sequence

import sqlalchemy as sa
from sqlalchemy.orm import Session

from app.assessment.schemas import ConsultationBody, RiskBody, RiskView, VisitBody
from app.assessment.service import choosing, sealed
from app.assessment.service.answers import not_to_come
from app.assessment.tables import Assessment, Consultation, RiskAssessment, Visit
from app.directory.actor import Actor
from app.engine.packs import Shelf
from app.engine.questionnaires import Questionnaire
from app.kit import clock
from app.kit.errors import Blocker, Invalid, NotFound
from app.requests.service.reading import countries_of
from app.requests.tables import AssistanceRequest


def add_visit(
    session: Session,
    shelf: Shelf,
    actor: Actor,
    request: AssistanceRequest,
    made: tuple[str | None, VisitBody],
) -> Visit:
    """Record days in one of the request's countries.

    Raises Invalid for another country or for days that have not passed; and as `to_write`.
    """
    kind, body = made
    assessment = choosing.to_write(session, shelf, actor, request, kind)
    faults = list(_visit_faults(body, countries_of(session, [request.id])[request.id]))
    if faults:
        raise Invalid(faults[0].code, "The visit cannot be recorded so.", faults)
    row = Visit(assessment_id=assessment.id, by=actor.person_id, **body.model_dump())
    session.add(row)
    told = {"country": body.country, "place": body.place}
    choosing.changed(session, actor, request, assessment, ("visit_recorded", told))
    return row


def _visit_faults(body: VisitBody, countries: Collection[str]) -> Iterator[Blocker]:
    if body.country not in countries:
        yield Blocker("visit.country", "F32", {"country": body.country})
    if body.ends_on < body.starts_on:
        yield Blocker("visit.dates", "F32")
    if body.ends_on > clock.today():
        yield Blocker("visit.in_future", "F32", {"on": body.ends_on.isoformat()})


def add_consultation(
    session: Session,
    shelf: Shelf,
    actor: Actor,
    request: AssistanceRequest,
    held: tuple[str | None, ConsultationBody],
) -> Consultation:
    """Record a meeting with a stakeholder group. Raises Invalid; and as `to_write`."""
    kind, body = held
    assessment = choosing.to_write(session, shelf, actor, request, kind)
    pack = shelf.get(request.workflow, request.workflow_version)
    groups = {one.code for section in pack.questionnaire.sections for one in section.groups}
    if body.group not in groups:
        raise Invalid("consultation.group_unknown", f"Known are: {', '.join(sorted(groups))}.")
    not_to_come(body.held_on, "consultation")
    row = Consultation(assessment_id=assessment.id, by=actor.person_id, **body.model_dump())
    session.add(row)
    told = {"group": body.group}
    choosing.changed(session, actor, request, assessment, ("consultation_recorded", told))
    return row


def put_risk(
    session: Session,
    shelf: Shelf,
    actor: Actor,
    request: AssistanceRequest,
    written: tuple[str | None, RiskBody],
) -> RiskAssessment:
    """Write the crime and risk assessment, whole. Raises Invalid; and as `to_write`."""
    kind, body = written
    assessment = choosing.to_write(session, shelf, actor, request, kind)
    pack = shelf.get(request.workflow, request.workflow_version)
    content = body.model_dump(mode="json")["content"]
    faults = list(_field_faults(pack.questionnaire, content))
    if faults:
        raise Invalid(faults[0].code, "Some fields are not those of the questionnaire.", faults)
    not_to_come(body.dated, "risk")
    kept = sealed.sealed_risk(session, assessment, content)
    row = session.get(RiskAssessment, assessment.id)
    if row is None:
        row = RiskAssessment(assessment_id=assessment.id, revision=0)
        session.add(row)
    row.content, row.dated = kept, body.dated
    row.by, row.at = actor.person_id, clock.now()
    row.revision += 1
    told = {"fields": sorted(content)}
    choosing.changed(session, actor, request, assessment, ("risk_assessed", told))
    return row


def _field_faults(
    questionnaire: Questionnaire, content: dict[str, str | list[str]]
) -> Iterator[Blocker]:
    fields = {one.code: one for section in questionnaire.sections for one in section.risk_fields}
    for code, words in sorted(content.items()):
        if code not in fields:
            yield Blocker("risk.field_unknown", "F17", {"field": code})
            continue
        choices = fields[code].choices
        given = [words] if isinstance(words, str) else words
        if choices and not set(given) <= set(choices):
            told = {"field": code, "choices": ", ".join(choices)}
            yield Blocker("risk.choice_unknown", "F17", told)


def risk_revision(session: Session, request: AssistanceRequest, kind: str | None) -> int | None:
    """Return the revision of the risk assessment, None where there is none yet."""
    row = session.get(RiskAssessment, choosing.chosen(session, request, kind).id)
    return row.revision if row else None


def risk(session: Session, assessment: Assessment) -> RiskAssessment:
    """Return the crime and risk assessment. Raises NotFound."""
    row = session.get(RiskAssessment, assessment.id)
    if row is None:
        raise NotFound("risk.none", "There is no crime and risk assessment yet.")
    return row


def visits(session: Session, assessment: Assessment) -> Sequence[Visit]:
    """Return the visits, oldest first."""
    query = sa.select(Visit).where(Visit.assessment_id == assessment.id)
    return session.scalars(query.order_by(Visit.starts_on, Visit.id)).all()


def consultations(session: Session, assessment: Assessment) -> Sequence[Consultation]:
    """Return the consultations, oldest first."""
    query = sa.select(Consultation).where(Consultation.assessment_id == assessment.id)
    return session.scalars(query.order_by(Consultation.held_on, Consultation.id)).all()


def risk_view(session: Session, row: RiskAssessment) -> RiskView:
    """Return the crime and risk assessment, opened. Raises Invalid when it cannot be."""
    session.flush()
    assessment = session.get_one(Assessment, row.assessment_id)
    content = sealed.risk_of(session, assessment.request_id, row)
    own = {name: getattr(row, name) for name in RiskView.model_fields if name != "content"}
    return RiskView(**own, content=content)
