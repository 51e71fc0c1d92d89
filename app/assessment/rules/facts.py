"""What the assessment rules are told: answers, evidence, visits, signatures, as plain values."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Literal

from app.engine.questionnaires import AssessmentKind

AnswerValue = Literal["yes", "no", "partial", "not_applicable"]
EvidenceKind = Literal["document", "law", "interview", "observation"]


@dataclass(frozen=True, slots=True)
class EvidenceFact:
    """One piece of evidence; `size` is that of its attachment in bytes, None without attachment."""

    kind: EvidenceKind
    source: str
    dated: date | None
    in_country: bool
    size: int | None
    author_id: int | None


@dataclass(frozen=True, slots=True)
class AnswerFact:
    """The answer to one maturity or rights question."""

    question: str
    value: AnswerValue
    note: str
    evidence: tuple[EvidenceFact, ...]
    author_id: int | None
    answered_on: date | None


@dataclass(frozen=True, slots=True)
class PlanFact:
    """What was planned before travelling: who goes, when, and who receives them (F32)."""

    team: tuple[str, ...] = ()
    starts_on: date | None = None
    ends_on: date | None = None
    hosts: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class VisitFact:
    """Days spent in one country (ISO 3166 alpha-3), at a place, with a host."""

    country: str
    place: str
    host: str
    starts_on: date | None
    ends_on: date | None
    author_id: int | None


@dataclass(frozen=True, slots=True)
class ConsultationFact:
    """Whether a stakeholder group was heard, through whom and when (F18, F20)."""

    group: str
    consulted: bool
    who: str
    held_on: date | None
    author_id: int | None


@dataclass(frozen=True, slots=True)
class RiskFact:
    """The crime and risk assessment: `fields` maps a field's code to its text or list (F17)."""

    fields: Mapping[str, str | Sequence[str]]
    dated: date | None
    author_id: int | None


@dataclass(frozen=True, slots=True)
class SignatureFact:
    """Somebody's name under the assessment."""

    person_id: int | None
    signed_on: date | None


@dataclass(frozen=True, slots=True)
class AcknowledgementFact:
    """A government has seen the assessment of its country."""

    country: str
    person_id: int | None
    acknowledged_on: date | None


@dataclass(frozen=True, slots=True)
class AssessmentFacts:
    """All that decides whether an assessment is complete.

    waived_areas: area letter to the reason why it was not assessed. findings: how many findings
    were recorded. comprehensive_due: when a rapid assessment is followed by the full one (F38).
    """

    kind: AssessmentKind
    countries: tuple[str, ...]
    plan: PlanFact = PlanFact()
    visits: tuple[VisitFact, ...] = ()
    answers: tuple[AnswerFact, ...] = ()
    waived_areas: Mapping[str, str] = field(default_factory=dict)
    consultations: tuple[ConsultationFact, ...] = ()
    risk: RiskFact | None = None
    findings: int = 0
    signature: SignatureFact | None = None
    countersignature: SignatureFact | None = None
    acknowledgements: tuple[AcknowledgementFact, ...] = ()
    comprehensive_due: date | None = None


@dataclass(frozen=True, slots=True)
class Lack:
    """One thing that stands against completion: dotted code, parameters, paragraph behind it."""

    code: str
    params: dict[str, str | int]
    cite: str


def happened(day: date | None, today: date) -> bool:
    """Return whether `day` is known and not in the future."""
    return day is not None and day <= today


def counts(evidence: EvidenceFact, today: date) -> bool:
    """Return whether evidence proves anything: sourced, authored, dated by today, not empty."""
    return (
        bool(evidence.source.strip())
        and evidence.author_id is not None
        and happened(evidence.dated, today)
        and evidence.size != 0
    )


def is_evidenced(answer: AnswerFact, today: date) -> bool:
    """Return whether at least one piece of the answer's evidence counts."""
    return any(counts(evidence, today) for evidence in answer.evidence)


def is_answer(answer: AnswerFact, today: date) -> bool:
    """Return whether an answer counts: authored, given by today, and "not applicable" with why."""
    return (
        answer.author_id is not None
        and happened(answer.answered_on, today)
        and (answer.value != "not_applicable" or bool(answer.note.strip()))
    )


def counted(answers: Sequence[AnswerFact], today: date) -> dict[str, AnswerFact]:
    """Return the answers that count by question code; of two to one question the later stands."""
    return {answer.question: answer for answer in answers if is_answer(answer, today)}
