"""Evidence that satisfies every rule, and findings that pass: each test takes away its subject."""

from dataclasses import replace
from datetime import date
from typing import Any

from app.engine.areas import Areas
from app.engine.principles import Principles
from app.screening.rules import (
    Evidence,
    FindingEvidence,
    NeedEvidence,
    PrincipleWord,
    RecordEvidence,
)
from tests.packs import pack_text

PRINCIPLES = Principles.model_validate(pack_text("principles", "un_cyber"))
AREAS = Areas.model_validate(pack_text("areas", "un_cyber"))
TODAY = date(2026, 3, 16)


def need(number: int, topic: str, **more: Any) -> NeedEvidence:
    """Return a need as the areas pack describes its topic, with a holder and a finding behind it."""
    known = AREAS.topic_by_code[topic]
    held = {"holders": frozenset({"unodc"}), "able": frozenset({"unodc"}), "findings": (1,)}
    return NeedEvidence(
        number,
        topic[0],
        topic,
        side=known.side,
        phases=frozenset(known.phases),
        headings=frozenset(known.headings),
        **(held | more),
    )


RECORD = RecordEvidence(
    assessment_id=5,
    kind="comprehensive",
    completed_on=date(2026, 2, 1),
    valid_until=date(2028, 2, 1),
    groups=frozenset(stakeholder.code for stakeholder in AREAS.stakeholders),
    risk_dated=date(2026, 1, 20),
    risk_factors=("Shared payment networks",),
)
RAPID = replace(RECORD, kind="rapid")
TOPICS = ("D6", "D2", "C8", "C3", "E1", "B4", "C6")

FULL = Evidence(
    day=TODAY,
    phases=tuple(phase.code for phase in AREAS.phases),
    groups={
        side: tuple(one.code for one in AREAS.stakeholders if one.group == side)
        for side in ("state", "non_state", "private")
    },
    rapid_kinds=frozenset(kind.code for kind in AREAS.assistance_kinds if kind.rapid),
    elements_known=tuple(element.code for element in AREAS.elements),
    needs=tuple(need(number, topic) for number, topic in enumerate(TOPICS, 1)),
    findings=(FindingEvidence(1, "D6", "Shared payment networks", (1,)),),
    records=(RECORD,),
    countries=("KEN", "UGA"),
    sharing={"KEN": True, "UGA": True},
    publication={"KEN": True, "UGA": False},
)

VERDICTS = {criterion.code: "met" for criterion in PRINCIPLES.criteria}
FINDINGS = {principle.code: PrincipleWord("met") for principle in PRINCIPLES.principles}
COMPREHENSIVE = frozenset({"comprehensive"})


def only(*needs: NeedEvidence) -> Evidence:
    """Return the full evidence with these needs alone."""
    return replace(FULL, needs=needs)
