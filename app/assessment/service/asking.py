"""What to ask next, in adaptive depth, and what an earlier assessment suggests (C49)."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import cast

import sqlalchemy as sa
from sqlalchemy.orm import Session

from app.assessment.rules import KINDS, AnswerFact, AssessmentFacts, next_questions
from app.assessment.schemas import ProgressView
from app.assessment.service.facts import answers_of, records_of
from app.assessment.tables import Assessment
from app.assessment.views import (
    BlockView,
    FieldView,
    GroupView,
    QuestionnaireView,
    QuestionView,
    SectionView,
    SuggestionView,
)
from app.engine.packs import Shelf
from app.engine.questionnaires import (
    AssessmentKind,
    Question,
    Questionnaire,
    RightsQuestion,
    Section,
    SectionKind,
    TopicBlock,
)
from app.kit import clock
from app.requests.access import visible
from app.requests.service.reading import Reader, countries_of
from app.requests.tables import AssistanceRequest, RequestCountry

MOST_EARLIER = 50


@dataclass(frozen=True, slots=True)
class Asking:
    """All that the next questions depend on."""

    questionnaire: Questionnaire
    record: AssessmentFacts
    earlier: Mapping[str, SuggestionView]
    text: Callable[[str], str]

    @property
    def given(self) -> dict[str, AnswerFact]:
        """The answers by question."""
        return {answer.question: answer for answer in self.record.answers}

    def waiver(self, section: Section) -> str:
        """Return the reason why a section is left out, empty when it is asked."""
        waivable = KINDS[self.record.kind].waivable
        return self.record.waived_areas.get(str(section.area), "") if waivable else ""

    def next(self, block: TopicBlock) -> list[Question]:
        """Return what to ask next on a topic."""
        own = {question.code for question in block.questions}
        return next_questions(block, (a for a in self.record.answers if a.question in own))

    def rights(self, section: Section) -> list[RightsQuestion]:
        """Return the rights questions that wait for an answer."""
        asked = self.questionnaire.required_rights(self.record.kind, section)
        return [question for question in asked if question.code not in self.given]


def questionnaire(
    session: Session, shelf: Shelf, reader: Reader, request: AssistanceRequest, row: Assessment
) -> QuestionnaireView:
    """Return the sections that this kind of assessment asks, with the questions to put next."""
    pack = shelf.get(request.workflow, request.workflow_version)
    asking = Asking(
        pack.questionnaire,
        records_of(session, [row])[row.id],
        _earlier(session, reader, request, row),
        lambda english: reader.texts.text(english, reader.language),
    )
    kind = cast("AssessmentKind", row.kind)
    return QuestionnaireView(
        questionnaire=row.questionnaire,
        kind=row.kind,
        minutes=pack.questionnaire.depth(kind).time_minutes,
        minutes_left=progress(pack.questionnaire, asking.record).minutes_left,
        sections=[
            _section(asking, section) for section in pack.questionnaire.required_sections(kind)
        ],
    )


def progress(questionnaire: Questionnaire, record: AssessmentFacts) -> ProgressView:
    """Return how many of the required questions are answered, and the minutes left."""
    asking = Asking(questionnaire, record, {}, str)
    required = answered = minutes = 0
    for section in questionnaire.required_sections(record.kind):
        if asking.waiver(section):
            continue
        blocks = questionnaire.required_blocks(record.kind, section)
        asked = questionnaire.required_rights(record.kind, section)
        open_blocks = [block for block in blocks if block.triage.code not in asking.given]
        open_rights = asking.rights(section)
        required += len(blocks) + len(asked)
        answered += len(blocks) - len(open_blocks) + len(asked) - len(open_rights)
        minutes += sum(block.time_minutes for block in open_blocks)
        waits = open_rights or _unwritten(section, record)
        minutes += section.time_minutes if waits else 0
    return ProgressView(required=required, answered=answered, minutes_left=minutes)


def _unwritten(section: Section, record: AssessmentFacts) -> bool:
    """Return whether a section without questions still waits for its content."""
    if section.kind is SectionKind.RISK:
        return record.risk is None
    return section.kind is SectionKind.STAKEHOLDERS and not record.consultations


def _section(asking: Asking, section: Section) -> SectionView:
    waived = asking.waiver(section)
    blocks = asking.questionnaire.required_blocks(asking.record.kind, section)
    return SectionView(
        code=section.code,
        label=asking.text(section.label),
        area=section.area,
        kind=section.kind,
        cite=list(section.cite),
        minutes=section.time_minutes,
        waived=waived,
        blocks=[] if waived else [_block(asking, block) for block in blocks],
        questions=[_question(asking, one) for one in asking.rights(section)],
        fields=_fields(asking, section),
        groups=_groups(asking, section),
    )


def _block(asking: Asking, block: TopicBlock) -> BlockView:
    return BlockView(
        topic=block.topic,
        label=asking.text(block.label),
        minutes=block.time_minutes,
        answered=sum(question.code in asking.given for question in block.questions),
        next=[_question(asking, question) for question in asking.next(block)],
    )


def _question(asking: Asking, question: Question | RightsQuestion) -> QuestionView:
    hint = question.evidence_hint if isinstance(question, Question) else ""
    return QuestionView(
        code=question.code,
        text=asking.text(question.text),
        level=question.level if isinstance(question, Question) else None,
        evidence_hint=asking.text(hint),
        cite=list(question.cite),
        suggestion=asking.earlier.get(question.code),
    )


def _fields(asking: Asking, section: Section) -> list[FieldView]:
    written = asking.record.risk.fields if asking.record.risk else {}
    return [
        FieldView(
            code=one.code,
            label=asking.text(one.label),
            text=asking.text(one.text),
            required=one.required,
            one_of=one.one_of,
            choices=list(one.choices),
            filled=one.code in written,
        )
        for one in section.risk_fields
    ]


def _groups(asking: Asking, section: Section) -> list[GroupView]:
    heard = [one.group for one in asking.record.consultations]
    return [
        GroupView(
            code=group.code,
            label=asking.text(group.label),
            side=group.side,
            heard=heard.count(group.code),
        )
        for group in section.groups
    ]


def _earlier(
    session: Session, reader: Reader, request: AssistanceRequest, row: Assessment
) -> dict[str, SuggestionView]:
    """Return what the latest valid assessment of exactly these countries answered, by question."""
    countries = countries_of(session, [request.id])[request.id]
    of_country = sa.select(RequestCountry.request_id).where(RequestCountry.country.in_(countries))
    may_see = sa.select(AssistanceRequest.id).where(visible(reader.actor))
    candidates = session.scalars(
        sa.select(Assessment)
        .where(
            Assessment.status == "completed",
            Assessment.valid_until >= clock.today(),
            Assessment.id != row.id,
            Assessment.request_id.in_(of_country),
            Assessment.request_id.in_(may_see),
        )
        .order_by(Assessment.completed_at.desc())
        .limit(MOST_EARLIER)
    ).all()
    owners = countries_of(session, [one.request_id for one in candidates])
    for one in candidates:
        if owners[one.request_id] == countries:
            return _suggestions(one.kind, answers_of(session, [one.id])[one.id])
    return {}


def _suggestions(kind: str, answers: Iterable[AnswerFact]) -> dict[str, SuggestionView]:
    return {
        answer.question: SuggestionView(
            value=answer.value, note=answer.note, answered_on=answer.answered_on, kind=kind
        )
        for answer in answers
        if answer.answered_on is not None
    }
