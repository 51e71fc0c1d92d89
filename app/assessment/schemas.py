"""What doors take and give for the assessment room."""

from datetime import date, datetime
from typing import Annotated, Literal, Self

from pydantic import Field, StringConstraints, model_validator

from app.kit.text import Alpha3, Filled, FilledProse, Line, Name, Prose
from app.requests.schemas import Area, Body, NeedBody, View

Kind = Literal["comprehensive", "rapid", "self", "reassessment"]
Value = Literal["yes", "no", "partial", "not_applicable"]
FilledTopic = Annotated[str, StringConstraints(pattern=r"^[A-E][0-9]{1,2}[a-z]?$")]
MOST_ID = 2**63 - 1
MOST_NUMBER = 2**31 - 1


class MemberBody(Body):
    """One member of the team; teams are drawn from several entities (F41, F53)."""

    name: Filled
    entity: Line = ""
    role: Line = ""


class HostBody(Body):
    """A counterpart in the country who receives the team."""

    name: Filled
    office: Line = ""


class PlanBody(Body):
    """A new assessment: who goes where and when, and which areas are left out, with the reason."""

    kind: Kind
    starts_on: date | None = None
    ends_on: date | None = None
    place: Line = ""
    team: tuple[MemberBody, ...] = Field((), max_length=50)
    hosts: tuple[HostBody, ...] = Field((), max_length=50)
    waived_areas: dict[Area, FilledProse] = Field(default_factory=dict, max_length=5)
    comprehensive_due: date | None = None


class EditPlan(Body):
    """A merge patch of the plan: absent stays, null empties. `void` gives the assessment up."""

    starts_on: date | None = None
    ends_on: date | None = None
    place: Line | None = None
    team: tuple[MemberBody, ...] | None = Field(None, max_length=50)
    hosts: tuple[HostBody, ...] | None = Field(None, max_length=50)
    waived_areas: dict[Area, FilledProse] | None = Field(None, max_length=5)
    comprehensive_due: date | None = None
    void: Literal[True] | None = None


class EvidenceBody(Body):
    """What an answer rests on; a document may be one of the request's attachments."""

    kind: Literal["document", "law", "interview", "observation"]
    source: Filled
    dated: date
    in_country: bool = False
    attachment: int | None = Field(None, ge=1, le=MOST_ID)


class AnswerBody(Body):
    """The answer to one question, with its evidence; without a day it is given today."""

    value: Value
    note: Prose = ""
    answered_on: date | None = None
    evidence: tuple[EvidenceBody, ...] = Field((), max_length=30)


class VisitBody(Body):
    """Days that were spent in the country (F32)."""

    country: Alpha3
    place: Filled
    host: Filled
    starts_on: date
    ends_on: date


class ConsultationBody(Body):
    """A meeting that was held with one stakeholder group (F18, F20)."""

    group: Name
    held_on: date
    who: Filled
    note: Prose = ""


class RiskBody(Body):
    """The crime and risk assessment (F17): text or a list for each field of the questionnaire."""

    content: dict[Name, FilledProse | Annotated[tuple[Filled, ...], Field(max_length=60)]] = Field(
        max_length=40
    )
    dated: date


class FindingBody(Body):
    """What was found on a topic, and the risk factor behind it if there is one."""

    topic: FilledTopic
    text: FilledProse
    risk_factor: Line = ""


class NeedOnFindings(Body):
    """A need that rests on findings: a new one, or the number of one that the request has."""

    findings: tuple[Annotated[int, Field(ge=1, le=MOST_NUMBER)], ...] = Field(
        min_length=1, max_length=100
    )
    need: NeedBody | None = None
    number: int | None = Field(None, ge=1, le=MOST_NUMBER)

    @model_validator(mode="after")
    def _one_of_both(self) -> Self:
        """Either a new need or an existing one."""
        if (self.need is None) == (self.number is None):
            raise ValueError("give either a new `need` or the `number` of one")
        return self


class AcknowledgeBody(Body):
    """A government says that it has seen the assessment of its country (F19)."""

    country: Alpha3
    note: Prose = ""


class ReuseBody(Body):
    """The request whose assessment shall serve this one too (F49, F53)."""

    assessment_of: Annotated[str, StringConstraints(pattern=r"^TA-[0-9]{4}-[0-9]{5,9}$")]


class EvidenceView(View):
    """A piece of evidence as recorded."""

    kind: str
    source: str
    dated: date | None
    in_country: bool
    attachment: int | None
    by: int


class AnswerView(View):
    """An answer with its evidence; `revision` is its own."""

    question: str
    value: str
    note: str
    answered_on: date
    by: int
    at: datetime
    revision: int
    evidence: list[EvidenceView]


class VisitView(View):
    """A visit as recorded."""

    id: int
    country: str
    place: str
    host: str
    starts_on: date
    ends_on: date
    by: int


class ConsultationView(View):
    """A consultation as recorded."""

    id: int
    group: str
    held_on: date
    who: str
    note: str
    by: int


class RiskView(View):
    """The crime and risk assessment as it stands; `revision` is its own."""

    content: dict[str, str | list[str]]
    dated: date | None
    by: int | None
    at: datetime
    revision: int


class FindingView(View):
    """A finding by its number within the request."""

    number: int
    topic: str
    text: str
    risk_factor: str


class SignatureView(View):
    """Who signed, and when."""

    by: int
    at: datetime


class AcknowledgementView(View):
    """Which government acknowledged, through whom and when."""

    country: str
    by: int
    at: datetime
    note: str


class ProgressView(View):
    """How far the asking is: questions that must be answered, those that are, and minutes left."""

    required: int
    answered: int
    minutes_left: int


class AssessmentLine(View):
    """An assessment in a list; `reused_from` names the request that it was made for, if another."""

    kind: str
    status: str
    revision: int
    questionnaire: str
    starts_on: date | None
    ends_on: date | None
    completed_at: datetime | None
    valid_until: date | None
    reused_from: str | None = None


class AssessmentView(AssessmentLine):
    """An assessment whole, but for what it lacks."""

    place: str
    team: list[MemberBody]
    hosts: list[HostBody]
    waived_areas: dict[str, str]
    comprehensive_due: date | None
    created_at: datetime
    signature: SignatureView | None
    countersignature: SignatureView | None
    acknowledgements: list[AcknowledgementView]
    progress: ProgressView
