"""The parts of a dossier that people add on the way: questions, verdicts, documents, consents."""

import sqlalchemy as sa
from sqlalchemy.orm import Session

from app.directory.actor import Actor
from app.engine.packs import Shelf
from app.kit import clock
from app.kit.errors import Conflict, Forbidden, Invalid, NotFound
from app.requests import access, timeline
from app.requests.schemas import (
    AnswerBody,
    AskBody,
    ClarificationView,
    ConditionMet,
    ConsentBody,
    StandingWorkBody,
    VerdictBody,
)
from app.requests.service import sealed
from app.requests.service.drafts import next_number
from app.requests.service.publication import PUBLICATION
from app.requests.tables import (
    AssistanceRequest,
    Clarification,
    Comment,
    Condition,
    Consent,
    Element,
    StandingWork,
)

SPEAKS = frozenset({"resident_coordinator", "government"})


def ask(
    session: Session, shelf: Shelf, actor: Actor, request: AssistanceRequest, body: AskBody
) -> list[ClarificationView]:
    """Put questions to the country. Raises Invalid when the date for the answers has passed."""
    access.permit(session, shelf, actor, request, "clarification.ask")
    if body.due_on < clock.today():
        raise Invalid("clarification.due_past", "The date for the answers has passed already.")
    first = next_number(session, Clarification, request)
    now = clock.now()
    rows = [
        Clarification(
            request_id=request.id,
            number=number,
            due_on=body.due_on,
            asked_by=actor.person_id,
            asked_at=now,
            answer="",
        )
        for number, _ in enumerate(body.questions, first)
    ]
    for row, question in zip(rows, body.questions, strict=True):
        sealed.put(session, row, {"question": question})
    session.add_all(rows)
    asked = {"questions": [row.number for row in rows], "due_on": body.due_on.isoformat()}
    timeline.record(session, actor, request, "clarification_asked", asked, now)
    return [sealed.view_of(session, row, ClarificationView) for row in rows]


def answer(
    session: Session,
    shelf: Shelf,
    actor: Actor,
    request: AssistanceRequest,
    given: tuple[int, AnswerBody],
) -> ClarificationView:
    """Answer one question by number; a partial answer is kept and leaves it open.

    Raises NotFound, Conflict when it is answered already.
    """
    access.permit(session, shelf, actor, request, "clarification.answer")
    number, body = given
    row = session.scalar(
        sa.select(Clarification).where(
            Clarification.request_id == request.id, Clarification.number == number
        )
    )
    if row is None:
        raise NotFound("clarification.unknown", f"There is no question {number}.")
    if row.closed_at is not None:
        raise Conflict("clarification.answered", f"Question {number} is answered already.")
    now = clock.now()
    sealed.put(session, row, {"answer": body.answer})
    row.answered_by, row.answered_at = actor.person_id, now
    row.closed_at = None if body.partial else now
    kind = "clarification_partly_answered" if body.partial else "clarification_answered"
    timeline.record(session, actor, request, kind, {"question": number}, now)
    return sealed.view_of(session, row, ClarificationView)


def judge_element(
    session: Session,
    shelf: Shelf,
    actor: Actor,
    request: AssistanceRequest,
    judged: tuple[str, VerdictBody],
) -> Element:
    """Record the verdict on one cyber element (F15). Raises NotFound for an unknown element."""
    access.permit(session, shelf, actor, request, "triage.write")
    code, body = judged
    pack = shelf.get(request.workflow, request.workflow_version)
    if code not in {element.code for element in pack.areas.elements}:
        raise NotFound("element.unknown", f"There is no cyber element {code}.")
    row = session.get(Element, (request.id, code)) or Element(request_id=request.id, element=code)
    row.verdict, row.reason = body.verdict, body.reason
    row.by, row.at = actor.person_id or 0, clock.now()
    session.add(row)
    told = {"element": code, "verdict": body.verdict, "cite": "F15"}
    timeline.record(session, actor, request, "element_judged", told)
    return row


def add_standing_work(
    session: Session, shelf: Shelf, actor: Actor, request: AssistanceRequest, body: StandingWorkBody
) -> StandingWork:
    """Record work of others in the country (F47, F53): by who may edit or comment."""
    access.permit(session, shelf, actor, request, "comment.add")
    content = body.model_dump()
    content["topics"] = list(content["topics"])
    number = next_number(session, StandingWork, request)
    row = StandingWork(request_id=request.id, number=number, **content)
    session.add(row)
    timeline.record(session, actor, request, "standing_work_recorded", {"number": number})
    return row


def consent(
    session: Session, shelf: Shelf, actor: Actor, request: AssistanceRequest, body: ConsentBody
) -> Consent:
    """Record what a country decides on sharing or publication (F19).

    Publication can be decided and taken back in every state, also after the end. Raises Forbidden
    when the actor does not speak for that country.
    """
    if body.subject == PUBLICATION:
        roles = access.standing_of(session, request).roles(actor) & SPEAKS
    else:
        roles = access.permit(session, shelf, actor, request, "consent.write")
    if not any(body.country in actor.countries(role) for role in roles):
        raise Forbidden("consent.other_country", "You do not speak for that country.")
    if body.country not in access.standing_of(session, request).countries:
        raise Invalid("consent.country", f"{body.country} is not part of this request.")
    row = Consent(
        request_id=request.id,
        **body.model_dump(),
        by=actor.person_id,
        at=clock.now(),
    )
    session.add(row)
    told = body.model_dump(include={"country", "subject", "given"})
    timeline.record(session, actor, request, "consent_recorded", told)
    return row


def add_comment(
    session: Session, shelf: Shelf, actor: Actor, request: AssistanceRequest, text: str
) -> Comment:
    """Add a remark."""
    access.permit(session, shelf, actor, request, "comment.add")
    row = Comment(request_id=request.id, text=text, by=actor.person_id, at=clock.now())
    session.add(row)
    timeline.record(session, actor, request, "comment_added", {})
    return row


def meet_condition(
    session: Session,
    shelf: Shelf,
    actor: Actor,
    request: AssistanceRequest,
    met: tuple[int, ConditionMet],
) -> Condition:
    """Say how a condition of the screening has been met. Raises NotFound, Conflict."""
    access.permit(session, shelf, actor, request, "condition.meet")
    number, body = met
    row = session.scalar(
        sa.select(Condition).where(Condition.request_id == request.id, Condition.number == number)
    )
    if row is None:
        raise NotFound("condition.unknown", f"There is no condition {number}.")
    if row.met_at is not None:
        raise Conflict("condition.met", f"Condition {number} is met already.")
    row.met_note, row.met_by, row.met_at = body.note, actor.person_id, clock.now()
    timeline.record(session, actor, request, "condition_met", {"condition": number})
    return row
