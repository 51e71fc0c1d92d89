"""The principles pack: seven principles as criteria that a person or a rule can answer."""

from functools import cached_property
from typing import Annotated, Literal, Self

from pydantic import Field, StrictBool, StringConstraints, model_validator

from app.engine.entries import Entry, Framework, Snake, refuse_twins

Modality = Literal["M", "W", "C"]
VerdictCode = Literal["met", "met_with_condition", "waived", "not_met", "not_applicable"]
FindingCode = Literal["met", "partly", "not_met"]
OutcomeCode = Literal["pass", "pass_with_conditions", "return_for_revision", "decline"]


class Criterion(Entry):
    """One question that a principle puts to a request (F14 to F20).

    modality: M must be met, W may be waived with a reason ("where possible"), C asks that the
    matter was considered and the answer recorded. rule: the pure rule that answers it from what
    the dossier holds; None where only a person can.
    """

    code: Annotated[str, StringConstraints(pattern=r"^P[1-7]\.[1-9]\d?$")]
    modality: Modality
    rule: Snake | None


class Principle(Entry):
    """One of the seven principles with its criteria.

    waivable: whether any of its criteria may be waived. rule_decides: whether rules may answer its
    criteria at all. reviewer_role: the role whose finding counts.
    """

    code: Annotated[str, StringConstraints(pattern=r"^P[1-7]$")]
    waivable: StrictBool
    rule_decides: StrictBool
    reviewer_role: Literal["screening_officer", "rights_reviewer"]
    criteria: Annotated[tuple[Criterion, ...], Field(min_length=1)]

    @model_validator(mode="after")
    def _keeps_its_own_word(self) -> Self:
        """Criteria carry the principle's code; waivers and rules occur only where it allows."""
        strangers = [c.code for c in self.criteria if not c.code.startswith(f"{self.code}.")]
        if strangers:
            raise ValueError(f"{self.code} cannot hold {', '.join(strangers)}")
        if self.waivable != any(criterion.modality == "W" for criterion in self.criteria):
            raise ValueError(f"{self.code}: waivable must say whether a criterion may be waived")
        if not self.rule_decides and any(criterion.rule for criterion in self.criteria):
            raise ValueError(f"{self.code} is not decided by rule, yet a criterion names one")
        return self


class Verdict(Entry):
    """What can be said of one criterion."""

    code: VerdictCode


class PrincipleFinding(Entry):
    """What can be said of one principle as a whole."""

    code: FindingCode


class ScreeningOutcome(Entry):
    """What the findings lead to, with the published rule in words; people decide (N0)."""

    code: OutcomeCode


class Principles(Framework):
    """The whole principles pack. Raises ValueError on a code that stands twice."""

    principles: Annotated[tuple[Principle, ...], Field(min_length=1)]
    verdicts: tuple[Verdict, ...]
    principle_findings: tuple[PrincipleFinding, ...]
    outcomes: tuple[ScreeningOutcome, ...]

    @cached_property
    def criteria(self) -> tuple[Criterion, ...]:
        """Every criterion of every principle in the order of the pack."""
        return tuple(c for principle in self.principles for c in principle.criteria)

    @cached_property
    def criterion_by_code(self) -> dict[str, Criterion]:
        """The criteria under their codes."""
        return {criterion.code: criterion for criterion in self.criteria}

    def principle_of(self, criterion_code: str) -> Principle:
        """The principle that holds a criterion. Raises KeyError for an unknown criterion."""
        for principle in self.principles:
            if any(criterion.code == criterion_code for criterion in principle.criteria):
                return principle
        raise KeyError(criterion_code)

    @model_validator(mode="after")
    def _no_twins(self) -> Self:
        """No code stands twice in a list, and no rule answers two criteria."""
        refuse_twins("principles", (principle.code for principle in self.principles))
        refuse_twins("criteria", (criterion.code for criterion in self.criteria))
        refuse_twins("rules", (criterion.rule for criterion in self.criteria if criterion.rule))
        refuse_twins("verdicts", (verdict.code for verdict in self.verdicts))
        refuse_twins("principle_findings", (f.code for f in self.principle_findings))
        refuse_twins("outcomes", (outcome.code for outcome in self.outcomes))
        return self
