"""The shape of a country questionnaire: levels, sections, topic blocks and depths (F17, F32)."""

from collections.abc import Iterator
from enum import StrEnum
from typing import Annotated, Final, Literal, Self, get_args

from pydantic import Field, PositiveInt, StrictBool, model_validator

from app.engine.areas import AreaCode, TopicCode
from app.engine.entries import Cite, Framework, Part, Snake, Words, refuse_twins, refuse_unknown

AssessmentKind = Literal["comprehensive", "rapid", "self", "reassessment"]
AskedLevel = Literal[2, 3, 4, 5]

TRIAGE_LEVEL: Final = 3


class SectionKind(StrEnum):
    """What a section holds, and so how its completeness is judged."""

    MATURITY = "maturity"
    RISK = "risk"
    RIGHTS = "rights"
    STAKEHOLDERS = "stakeholders"


class Level(Part):
    """One of the five steps of maturity, 1 (start-up) to 5 (dynamic)."""

    level: Literal[1, 2, 3, 4, 5]
    code: Snake
    label: Words
    text: Words


class Question(Part):
    """A statement on one topic at one level that evidence can show; level 1 asks none."""

    code: Words
    topic: TopicCode
    level: AskedLevel
    triage: StrictBool
    text: Words
    cite: Cite
    evidence_hint: Words


class TopicBlock(Part):
    """The questions of one scored topic, and the topics of the five areas that it `covers`."""

    topic: TopicCode
    label: Words
    cite: Cite
    time_minutes: PositiveInt
    covers: Annotated[tuple[TopicCode, ...], Field(min_length=1)]
    questions: tuple[Question, ...]

    def at(self, level: AskedLevel) -> Question:
        """Return the question of this topic at `level`."""
        return next(question for question in self.questions if question.level == level)

    @property
    def triage(self) -> Question:
        """The question asked first, at the border between levels 2 and 3."""
        return self.at(TRIAGE_LEVEL)

    @model_validator(mode="after")
    def _one_question_a_level(self) -> Self:
        """Each level from 2 to 5 has one question of this topic, and only level 3 is triage."""
        if tuple(question.level for question in self.questions) != get_args(AskedLevel):
            raise ValueError(
                f"topic {self.topic}: one question for each of levels 2 to 5, in order"
            )
        for question in self.questions:
            if (question.topic, question.code) != (self.topic, f"{self.topic}.{question.level}"):
                raise ValueError(f"question {question.code} does not belong to topic {self.topic}")
            if question.triage != (question.level == TRIAGE_LEVEL):
                raise ValueError(f"question {question.code}: triage is asked at level 3 only")
        return self


class RiskField(Part):
    """A field of the crime and risk assessment; of those sharing `one_of`, one is enough (F17)."""

    code: Snake
    label: Words
    text: Words
    required: StrictBool = False
    one_of: Snake | None = None
    choices: tuple[Snake, ...] = ()
    cite: Cite


class RightsQuestion(Part):
    """A question on a human rights safeguard, answered yes, or otherwise with a reason (F16)."""

    code: Words
    label: Words
    text: Words
    short_form: StrictBool
    cite: Cite


class StakeholderGroup(Part):
    """A group to be heard, of the State or not (F18, F20)."""

    code: Snake
    label: Words
    side: Literal["state", "non_state"]
    cite: Cite


class Section(Part):
    """One part of the questionnaire, with the minutes that it takes to answer (C49)."""

    code: Words
    label: Words
    area: AreaCode | None = None
    kind: SectionKind
    required: StrictBool
    cite: Cite
    time_minutes: PositiveInt
    blocks: tuple[TopicBlock, ...] = ()
    risk_fields: tuple[RiskField, ...] = ()
    rights_questions: tuple[RightsQuestion, ...] = ()
    groups: tuple[StakeholderGroup, ...] = ()

    @model_validator(mode="after")
    def _holds_its_own_kind(self) -> Self:
        """A section holds what its kind says and nothing else; only maturity belongs to an area."""
        held = {
            SectionKind.MATURITY: self.blocks,
            SectionKind.RISK: self.risk_fields,
            SectionKind.RIGHTS: self.rights_questions,
            SectionKind.STAKEHOLDERS: self.groups,
        }
        if [kind for kind, content in held.items() if content] != [self.kind]:
            raise ValueError(f"section {self.code}: a {self.kind} section holds that and no more")
        if (self.kind is SectionKind.MATURITY) != (self.area is not None):
            raise ValueError(f"section {self.code}: maturity sections, and only they, have an area")
        if self.blocks and self.time_minutes != sum(block.time_minutes for block in self.blocks):
            raise ValueError(f"section {self.code}: its minutes are the sum of its topics'")
        return self


class Depth(Part):
    """What one kind of assessment must answer; no topic named means all topics of its sections."""

    kind: AssessmentKind
    label: Words
    sections: tuple[str, ...]
    topics: tuple[TopicCode, ...] = ()
    rights_short_form: StrictBool = False
    time_minutes: PositiveInt
    cite: Cite


class Questionnaire(Framework):
    """One version of a country questionnaire; each depth states the minutes that it takes."""

    levels: tuple[Level, ...]
    depths: tuple[Depth, ...]
    sections: tuple[Section, ...]

    @property
    def blocks(self) -> tuple[TopicBlock, ...]:
        """Every topic block, in the order of the file."""
        return tuple(block for section in self.sections for block in section.blocks)

    def depth(self, kind: AssessmentKind) -> Depth:
        """Return what an assessment of `kind` must answer."""
        return next(depth for depth in self.depths if depth.kind == kind)

    def required_sections(self, kind: AssessmentKind) -> tuple[Section, ...]:
        """Return the sections that an assessment of `kind` must answer."""
        codes = self.depth(kind).sections
        return tuple(section for section in self.sections if section.code in codes)

    def required_blocks(self, kind: AssessmentKind, section: Section) -> tuple[TopicBlock, ...]:
        """Return the topic blocks of `section` that an assessment of `kind` must answer."""
        named = self.depth(kind).topics
        return tuple(block for block in section.blocks if not named or block.topic in named)

    def required_rights(self, kind: AssessmentKind, section: Section) -> tuple[RightsQuestion, ...]:
        """Return the rights questions of `section` that an assessment of `kind` must answer."""
        short = self.depth(kind).rights_short_form
        return tuple(one for one in section.rights_questions if one.short_form or not short)

    def blocks_of(self, topic: str) -> tuple[TopicBlock, ...]:
        """Return the blocks that score `topic`: one for a leaf (B3a), maybe more for B3."""
        own = tuple(block for block in self.blocks if topic in block.covers)
        return own or tuple(b for b in self.blocks if any(c[:-1] == topic for c in b.covers))

    def question_codes(self) -> Iterator[str]:
        """Yield the code of everything that takes an answer: maturity and rights questions."""
        for section in self.sections:
            for block in section.blocks:
                yield from (question.code for question in block.questions)
            yield from (question.code for question in section.rights_questions)

    @model_validator(mode="after")
    def _codes_stand_once(self) -> Self:
        """Codes name one thing, a topic is covered once, and the levels run from 1 to 5."""
        if [level.level for level in self.levels] != [1, 2, 3, 4, 5]:
            raise ValueError("levels: 1 to 5, in order")
        refuse_twins("depth", (depth.kind for depth in self.depths))
        refuse_twins("section", (section.code for section in self.sections))
        refuse_twins("topic", (block.topic for block in self.blocks))
        refuse_twins("covered topic", (topic for block in self.blocks for topic in block.covers))
        refuse_twins("question", self.question_codes())
        refuse_twins("group", (one.code for section in self.sections for one in section.groups))
        refuse_twins(
            "field", (one.code for section in self.sections for one in section.risk_fields)
        )
        return self

    @model_validator(mode="after")
    def _depths_name_what_exists(self) -> Self:
        """Each kind has a depth, made of known parts; the full one leaves out nothing required."""
        refuse_unknown(
            "kind without depth", get_args(AssessmentKind), [d.kind for d in self.depths]
        )
        for depth in self.depths:
            sections = self.required_sections(depth.kind)
            reach = [block.topic for section in sections for block in section.blocks]
            refuse_unknown("section", depth.sections, [section.code for section in sections])
            refuse_unknown("topic", depth.topics, reach)
        must = [section.code for section in self.sections if section.required]
        refuse_unknown("section outside the full depth", must, self.depth("comprehensive").sections)
        return self
