"""What the dossier and the compendium can say to the criteria, as plain values of one day."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from app.engine.principles import VerdictCode

NONE: frozenset[str] = frozenset()
SERVING = ("comprehensive", "rapid")
"""The kinds of assessment that let help begin, the fuller one first (F32, F38, F41)."""


@dataclass(frozen=True, slots=True)
class NeedEvidence:
    """A need that still stands, with what the areas pack says of its topic.

    findings: numbers of the findings that it rests on. holders: entities with a mandate for the
    topic (or for any topic of the area, when none is named) in force on the day; able: those of
    them whose mandate also fits the kind of help, the region and the sensitivities.
    """

    number: int
    area: str
    topic: str = ""
    kind: str = ""
    side: str = ""
    phases: frozenset[str] = NONE
    headings: frozenset[str] = NONE
    findings: tuple[int, ...] = ()
    holders: frozenset[str] = NONE
    able: frozenset[str] = NONE


@dataclass(frozen=True, slots=True)
class FindingEvidence:
    """A finding of the assessment; `needs` are the numbers of the needs that rest on it."""

    number: int
    topic: str
    risk_factor: str = ""
    needs: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class RecordEvidence:
    """A completed assessment that serves the request, with what its summary holds."""

    assessment_id: int
    kind: str
    completed_on: date
    valid_until: date
    groups: frozenset[str] = NONE
    risk_dated: date | None = None
    risk_factors: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Evidence:
    """All that rules may look at.

    groups: the pack's stakeholders by their side (F18, F20). sharing, publication: the last word
    of each country (F19).
    """

    day: date
    phases: tuple[str, ...] = ()
    groups: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    rapid_kinds: frozenset[str] = NONE
    elements_known: tuple[str, ...] = ()
    needs: tuple[NeedEvidence, ...] = ()
    findings: tuple[FindingEvidence, ...] = ()
    records: tuple[RecordEvidence, ...] = ()
    elements: Mapping[str, str] = field(default_factory=dict)
    cyber_labelled: bool = True
    countries: tuple[str, ...] = ()
    sharing: Mapping[str, bool] = field(default_factory=dict)
    publication: Mapping[str, bool] = field(default_factory=dict)
    sensitivities: frozenset[str] = NONE
    cross_border: str = ""

    @property
    def serving(self) -> tuple[RecordEvidence, ...]:
        """The assessments that open the gate and are valid on the day."""
        return tuple(r for r in self.records if r.kind in SERVING and r.valid_until >= self.day)

    @property
    def kinds(self) -> frozenset[str]:
        """The kinds of the assessments that serve."""
        return frozenset(record.kind for record in self.serving)

    @property
    def heard(self) -> frozenset[str]:
        """The stakeholder groups that a serving assessment has consulted."""
        return frozenset(group for record in self.serving for group in record.groups)


@dataclass(frozen=True, slots=True)
class Answer:
    """What a rule says of a criterion: verdict, reason, and each piece of evidence it looked at."""

    verdict: VerdictCode
    reason: str
    evidence: tuple[dict[str, Any], ...] = ()
    condition: str = ""


def shown(need: NeedEvidence, **more: Any) -> dict[str, Any]:
    """Return a need as a piece of evidence."""
    return {"need": need.number, "area": need.area, "topic": need.topic} | more
