"""The test set of written requests: its shape, and how it is read; told in cases/README.md."""

from functools import cache
from pathlib import Path
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field

from tests.factories.listed import listed

FOLDER = Path(__file__).parent / "cases"
HELD_BACK = "held_back.yaml"

Theme = Literal[
    "legal",
    "strategy",
    "technical",
    "capacity",
    "cooperation",
    "regional",
    "multi_mandate",
    "sensitive",
    "internal",
    "outside",
    "trap",
    "urgent",
    "duplicate",
    "answers",
]
Reason = Literal[
    "internal", "outside", "no_holder", "between_organizations", "nobody_left", "already_served"
]


class Strict(BaseModel):
    """A part of a case; a field that nobody described is refused."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class Asked(Strict):
    """One need as it was written; the area is a hint, sometimes a wrong one (F43c)."""

    text: str = Field(min_length=15)
    area: Literal["A", "B", "C", "D", "E", ""] = ""


class Programme(Strict):
    """Work that runs or ended in the country (F53)."""

    code: str
    entity: str
    title: str
    topics: list[str] = Field(min_length=1)
    until: str = Field(pattern=r"^\d{4}-\d{2}-\d{2}$")


class Decline(Strict):
    """An entity that will not serve some needs, which are numbered from 1."""

    entity: str
    needs: list[int] = Field(min_length=1)
    reason: str


class Circumstances(Strict):
    """What surrounds the request."""

    urgent: bool = False
    programmes: list[Programme] = []
    standing_work: list[str] = []
    declines: list[Decline] = []


class NeedAnswer(Strict):
    """What is right for one need; of topics, kinds and holders any is right and the first best."""

    topics: list[str]
    kinds: list[str]
    sensitivities: list[str] = []
    by: list[str]
    none: Reason | None = None
    after: Literal["rapid", "full"] | None = None
    overlaps: list[str] = []


class Answer(Strict):
    """What is right for the whole request."""

    needs: list[NeedAnswer] = Field(min_length=1)
    lead: list[str] = Field(max_length=2)
    acceptable: list[str] = []
    support: list[str] = []
    arrangement: Literal["unodc_itu", ""] = ""
    consult: list[str] = []
    excluded: list[str] = Field(min_length=1)
    none: Reason | None = None

    def working(self) -> frozenset[str]:
        """Return everyone who gets work."""
        return frozenset(self.lead) | frozenset(self.support)


class Case(Strict):
    """One written request with its answer."""

    id: str = Field(pattern=r"^[a-z][a-z0-9_]+$")
    theme: Theme
    held_back: bool = False
    language: Literal["en", "fr", "es", "ar", "ru", "zh"]
    country: str
    countries: list[str] = []
    title: str
    summary: str = Field(min_length=20)
    needs: list[Asked] = Field(min_length=1)
    context: Circumstances = Circumstances()
    expected: Answer
    argument: str = Field(min_length=80)

    def parties(self) -> list[str]:
        """Return every country of the request."""
        return self.countries or [self.country]


class Sheet(Strict):
    """One file of the set."""

    cases: list[Case] = Field(min_length=1)


def read(path: Path) -> list[Case]:
    """Return the cases of one file."""
    return Sheet.model_validate(listed(path)).cases


@cache
def open_cases() -> tuple[Case, ...]:
    """Return the cases that may be read while rules are written."""
    paths = sorted(path for path in FOLDER.glob("*.yaml") if path.name != HELD_BACK)
    return tuple(case for path in paths for case in read(path))


@cache
def held_back_cases() -> tuple[Case, ...]:
    """Return the cases that are only counted at the end."""
    return tuple(read(FOLDER / HELD_BACK))
