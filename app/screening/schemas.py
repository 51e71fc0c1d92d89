"""What doors take and give for the screening room."""

from datetime import date, datetime
from typing import Any, Literal

from pydantic import Field, model_validator

from app.engine.principles import FindingCode, OutcomeCode, VerdictCode
from app.kit.text import FilledProse, Line, Prose
from app.requests.schemas import Body, View


class CriterionBody(Body):
    """A person's verdict on one criterion; a condition goes with "met with a condition" alone."""

    verdict: VerdictCode
    reason: FilledProse
    condition: Prose = ""
    due_on: date | None = None

    @model_validator(mode="after")
    def _condition_belongs(self) -> "CriterionBody":
        _condition(self.condition, self.due_on, wanted=self.verdict == "met_with_condition")
        return self


class PrincipleBody(Body):
    """A finding on a whole principle; partly met takes the condition that answers the shortfall.

    infringing: the purpose itself offends against the principle, which no condition cures (F16).
    """

    finding: FindingCode
    reason: FilledProse
    infringing: bool = False
    condition: Prose = ""
    due_on: date | None = None

    @model_validator(mode="after")
    def _condition_belongs(self) -> "PrincipleBody":
        _condition(self.condition, self.due_on, wanted=self.finding == "partly")
        if self.infringing and self.finding != "not_met":
            raise ValueError("a purpose that infringes leaves the principle not met")
        return self


def _condition(condition: str, due_on: date | None, *, wanted: bool) -> None:
    if wanted and not condition:
        raise ValueError("state the condition")
    if not wanted and (condition or due_on):
        raise ValueError("a condition does not belong to this")


class DecisionBody(Body):
    """What a person decides on the findings, and why."""

    outcome: OutcomeCode
    reason: FilledProse


class ConfirmationBody(Body):
    """A second person's word on the decision."""

    note: Line = ""


class ReasonView(View):
    """A reason behind the outcome, or something still open, with its paragraph."""

    code: str
    params: dict[str, Any]
    cite: str
    message: str = ""


class DerivedView(View):
    """What the published rule leads to on these findings; null while something is open."""

    outcome: OutcomeCode | None
    reasons: list[ReasonView]


class CriterionView(View):
    """One criterion with its verdict: answered by a rule, by a person, or still open."""

    code: str
    label: str
    text: str
    modality: Literal["M", "W", "C"]
    cite: list[str]
    rule: str | None
    verdict: VerdictCode | None = None
    answered: Literal["open", "rule", "person"] = "open"
    ruled: str = ""
    reason: str = ""
    condition: str = ""
    due_on: date | None = None
    evidence: list[dict[str, Any]] = Field(default_factory=list)
    by: int | None = None
    at: datetime | None = None


class PrincipleView(View):
    """One principle: its criteria, the best finding they allow now, and what was found."""

    code: str
    label: str
    text: str
    cite: list[str]
    reviewer_role: str
    waivable: bool
    criteria: list[CriterionView]
    best: FindingCode
    finding: FindingCode | None = None
    infringing: bool = False
    reason: str = ""
    condition: str = ""
    due_on: date | None = None
    by: int | None = None
    at: datetime | None = None


class DecisionView(View):
    """Who decided what and why, and who confirmed it."""

    outcome: OutcomeCode
    reason: str
    decided_by: int
    decided_at: datetime
    confirmed_by: int | None
    confirmed_at: datetime | None


class ScreeningView(View):
    """The round at hand: every criterion by its principle, the derived outcome, the decision."""

    reference: str
    round: int
    revision: int
    framework: str
    opened_at: datetime
    principles: list[PrincipleView]
    derived: DerivedView
    decision: DecisionView | None


class VerdictLine(View):
    """A verdict of an earlier round."""

    criterion: str
    verdict: str
    reason: str
    condition: str
    by: int | None
    at: datetime


class FindingLine(View):
    """A finding on a principle of an earlier round."""

    principle: str
    finding: str
    infringing: bool
    reason: str
    condition: str
    by: int
    at: datetime


class RoundView(View):
    """An earlier round: how it ended and what was found."""

    round: int
    opened_at: datetime
    outcome: str
    reason: str
    decided_by: int | None
    decided_at: datetime | None
    confirmed_by: int | None
    confirmed_at: datetime | None
    criteria: list[VerdictLine]
    principles: list[FindingLine]


class AppealView(View):
    """The appeal against a decline, and how it was heard."""

    grounds: str
    by: int
    at: datetime
    outcome: str
    reason: str
    heard_by: int | None
    heard_at: datetime | None
