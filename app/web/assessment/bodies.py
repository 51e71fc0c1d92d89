"""Forms whose bodies hold lists: each as flat fields, made into what the service takes."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Annotated, Any, Literal, Self

from pydantic import Field, StringConstraints, model_validator

from app.assessment.schemas import (
    AnswerBody,
    AnswerView,
    AssessmentView,
    EditPlan,
    EvidenceBody,
    EvidenceView,
    HostBody,
    Kind,
    MemberBody,
    NeedOnFindings,
    PlanBody,
    RiskBody,
    Value,
)
from app.kit.text import Filled, Line, Name, Prose
from app.requests.schemas import Area, Body, NeedBody

AREAS: tuple[Area, ...] = ("A", "B", "C", "D", "E")
PARTED = ";"
"""What stands between the parts of one line: a name, an office, a role."""


class EditForm(Body):
    """The plan in flat fields: a member or host a line, and a reason for each area left out."""

    starts_on: date | None = None
    ends_on: date | None = None
    place: Line = ""
    team: tuple[Filled, ...] = Field((), max_length=50)
    hosts: tuple[Filled, ...] = Field((), max_length=50)
    waived_a: Prose = ""
    waived_b: Prose = ""
    waived_c: Prose = ""
    waived_d: Prose = ""
    waived_e: Prose = ""
    comprehensive_due: date | None = None
    void: bool = False

    def parts(self) -> dict[str, Any]:
        """Return what of the plan the form holds."""
        given = {one: getattr(self, f"waived_{one.lower()}") for one in AREAS}
        return {
            "starts_on": self.starts_on,
            "ends_on": self.ends_on,
            "place": self.place,
            "team": tuple(_member(line) for line in self.team),
            "hosts": tuple(_host(line) for line in self.hosts),
            "waived_areas": {area: why for area, why in given.items() if why},
            "comprehensive_due": self.comprehensive_due,
        }

    def change(self) -> EditPlan:
        """Return what the service takes."""
        given = self.parts() | ({"void": True} if self.void else {})
        return EditPlan.model_validate(given)


class PlanForm(EditForm):
    """A new plan."""

    kind: Kind

    def plan(self) -> PlanBody:
        """Return what the service takes."""
        return PlanBody.model_validate(self.parts() | {"kind": self.kind})


def _split(line: str) -> list[str]:
    return [part.strip() for part in line.split(PARTED)]


def _member(line: str) -> MemberBody:
    name, entity, role = [*_split(line), "", ""][:3]
    return MemberBody(name=name or line, entity=entity, role=role)


def _host(line: str) -> HostBody:
    name, office = [*_split(line), ""][:2]
    return HostBody(name=name or line, office=office)


def plan_values(view: AssessmentView) -> dict[str, Any]:
    """Return a plan as its form shows it."""
    team = [_line(one.name, one.entity, one.role) for one in view.team]
    hosts = [_line(one.name, one.office) for one in view.hosts]
    waived = {f"waived_{area.lower()}": why for area, why in view.waived_areas.items()}
    return view.model_dump() | {"team": team, "hosts": hosts} | waived


def _line(*parts: str) -> str:
    return f"{PARTED} ".join(parts).rstrip(f"{PARTED} ")


class AnswerForm(Body):
    """An answer: the pieces of evidence that stay, by place, and one that may be added."""

    value: Value
    note: Prose = ""
    answered_on: date | None = None
    kept: tuple[int, ...] = ()
    kind: Literal["document", "law", "interview", "observation"] | None = None
    source: Line = ""
    dated: date | None = None
    in_country: bool = False
    attachment: int | None = Field(None, ge=1)

    @model_validator(mode="after")
    def _evidence_whole(self) -> Self:
        """What an answer rests on has a kind, a source and a day."""
        given = [self.kind, self.source, self.dated]
        if any(given) and not all(given):
            raise ValueError("evidence takes its kind, its source and its day")
        return self

    def answer(self, before: Sequence[EvidenceView]) -> AnswerBody:
        """Return what the service takes, with the evidence that stays."""
        stay = [one for place, one in enumerate(before) if place in self.kept and one.dated]
        rows = [EvidenceBody.model_validate(one.model_dump(exclude={"by"})) for one in stay]
        if self.kind and self.source and self.dated:
            own = self.model_dump(include={"kind", "source", "dated", "in_country", "attachment"})
            rows.append(EvidenceBody.model_validate(own))
        return AnswerBody(
            value=self.value, note=self.note, answered_on=self.answered_on, evidence=tuple(rows)
        )


def answer_values(view: AnswerView) -> dict[str, Any]:
    """Return an answer as its form shows it: all of its evidence stays."""
    said = view.model_dump(include={"value", "note", "answered_on"})
    return said | {"kept": list(range(len(view.evidence)))}


class RiskForm(RiskBody):
    """The crime and risk assessment, each of its fields by its own name."""

    @model_validator(mode="before")
    @classmethod
    def _gathered(cls, given: Mapping[str, Any]) -> dict[str, Any]:
        """Return the fields gathered as the content."""
        content = {name: value for name, value in given.items() if name != "dated" and value}
        return {"content": content} | ({"dated": given["dated"]} if "dated" in given else {})


class NeedForm(Body):
    """A need on findings: the number of one of the request's, or a new one in flat fields."""

    findings: tuple[Annotated[int, Field(ge=1)], ...] = Field(min_length=1, max_length=100)
    number: int | None = Field(None, ge=1)
    area: Area | None = None
    topic: Annotated[str, StringConstraints(pattern=r"^([A-E][0-9]{1,2}[a-z]?)?$")] = ""
    kind: Name | Literal[""] = ""
    text: Prose = ""
    priority: int = Field(3, ge=1, le=5)

    @model_validator(mode="after")
    def _one_of_both(self) -> Self:
        """Either one of the request's, or a new one with its area and its text."""
        if (self.number is None) == (not self.text):
            raise ValueError("choose a need of the request, or describe a new one")
        if self.text and self.area is None:
            raise ValueError("a new need takes its area")
        return self

    def need(self) -> NeedOnFindings:
        """Return what the service takes."""
        if self.number is not None or self.area is None:
            return NeedOnFindings(findings=self.findings, number=self.number)
        own = self.model_dump(include={"area", "topic", "kind", "text", "priority"})
        return NeedOnFindings(findings=self.findings, need=NeedBody.model_validate(own))
