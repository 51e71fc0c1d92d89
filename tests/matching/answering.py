"""The written requests as the optimiser takes them: each need on its right topic and kind."""

from dataclasses import replace
from datetime import date, timedelta
from functools import cache
from pathlib import Path
from typing import TypeVar

from app.compendium.schemas import ArrangementView, Held, LeadView, MandateView
from app.directory.countries import commissions_of
from app.engine.areas import Areas
from app.engine.entries import Part
from app.engine.mandates import Mandates
from app.engine.packs import read_model
from app.kit import clock
from app.matching.optimiser import ArrangementIn, CandidateIn, Inputs, NeedIn
from app.matching.optimiser.values import Apart
from app.matching.rules import (
    Ground,
    Work,
    candidates,
    heard,
    interested,
    overlaps,
    set_apart,
    sided,
)
from tests.matching.written import Case

FRAMEWORKS = Path(__file__).parents[2] / "workflows"
DAY = date(2026, 11, 22)
V = TypeVar("V", bound=Held)


@cache
def areas() -> Areas:
    """The areas that the cases speak of."""
    return read_model(FRAMEWORKS / "areas" / "un_cyber" / "v1.yaml", Areas)


@cache
def seed() -> Mandates:
    """The seed of the compendium."""
    return read_model(FRAMEWORKS / "mandates" / "un_system" / "v1.yaml", Mandates)


def viewed(model: type[V], part: Part) -> V:
    """Return an entry of the seed as the compendium shows its first version."""
    known = {"version": 1, "number": 1, "source": "", "provenance": "from_framework", "basis": ""}
    dated: dict[str, object] = {
        "valid_from": DAY,
        "valid_to": None,
        "review_by": None,
        "lead_of": [],
    }
    when = {"effective_at": clock.now(), "recorded_at": clock.now()}
    return model.model_validate(known | dated | when | part.model_dump())


def inputs_of(case: Case) -> Inputs:
    """Return what a proposal for a case rests on, when everybody can be reached.

    What is internal or outside every mandate is for people to say; the rest is computed.
    """
    return inputs_for(case, _needs(case))


def inputs_for(case: Case, stated: tuple[NeedIn, ...]) -> Inputs:
    """Return what a proposal for a case rests on, when its needs are these."""
    entries = [viewed(MandateView, one) for one in seed().mandates if one.holds_on(DAY)]
    parties = case.parties()
    regions = [commissions_of(one, DAY, regional_only=True) for one in parties]
    ground = Ground(
        mandates=entries,
        leads=[viewed(LeadView, one) for one in seed().leads],
        arrangements=[viewed(ArrangementView, one) for one in seed().arrangements],
        assignable={one.code for one in seed().entities if one.assignable},
        regions=frozenset.intersection(*regions),
        together=len(parties) > 1,
    )
    met = overlaps(stated, _programmes(case), DAY)
    undeliverable = {one.code for one in areas().topics if not one.deliverable}
    needs = set_apart(stated, ground, undeliverable, met)
    return Inputs(
        as_of=DAY.isoformat(),
        countries=tuple(sorted(parties)),
        needs=needs,
        candidates=tuple(_asked(case, one) for one in candidates(needs, ground, met)),
        arrangements=tuple(
            ArrangementIn(one.code, tuple(sorted(one.split.items())), one.cite)
            for one in seed().arrangements
        ),
        consult=heard(needs, entries),
        interested=interested(needs, entries),
        overlaps=met,
        waiting=_waiting(case, needs),
    )


def _needs(case: Case) -> tuple[NeedIn, ...]:
    found = []
    for number, (asked, answer) in enumerate(zip(case.needs, case.expected.needs, strict=True), 1):
        topic = answer.topics[0] if answer.topics else ""
        known = areas().topic_by_code.get(topic)
        apart: Apart = answer.none if answer.none in ("internal", "outside") else ""
        found.append(
            NeedIn(
                number=number,
                area=topic[:1] or asked.area or "A",
                topic=topic,
                kind=answer.kinds[0] if answer.kinds else "",
                sensitivities=tuple(sorted(answer.sensitivities)),
                side=known.side if known else "",
                apart=apart,
            )
        )
    return sided(found)


def _programmes(case: Case) -> list[Work]:
    return [
        Work(
            one.code,
            one.entity,
            tuple(one.topics),
            date.fromisoformat(one.until) + timedelta(days=1),
        )
        for one in case.context.programmes
    ]


def _asked(case: Case, candidate: CandidateIn) -> CandidateIn:
    refused = [n for d in case.context.declines if d.entity == candidate.entity for n in d.needs]
    return replace(candidate, declined_needs=tuple(refused))


def _waiting(case: Case, needs: tuple[NeedIn, ...]) -> tuple[int, ...]:
    rapid = {one.code for one in areas().assistance_kinds if one.rapid}
    if not case.context.urgent:
        return ()
    return tuple(need.number for need in needs if need.kind not in rapid)
