"""The written requests from their words alone: what is suggested for each need is what is matched."""

from collections.abc import Sequence
from dataclasses import dataclass

from app.config import ROOT
from app.engine.packs import read_model
from app.engine.suggestion import suggest
from app.engine.words import Lexicon
from app.matching.optimiser import NeedIn, Proposal, propose
from app.matching.rules import sided
from tests.matching.answering import areas, inputs_for
from tests.matching.written import Case, NeedAnswer

WORDS = read_model(ROOT / "workflows/words/un_cyber/v1.yaml", Lexicon)
WHY_NOBODY = {
    "no_holder": {"no_mandate", "out_of_reach"},
    "nobody_left": {"no_eligible_holder"},
}


@dataclass(frozen=True, slots=True)
class Share:
    """How many of the needs and of the cases came out right, from 0 to 1."""

    needs: float
    leads: float
    clean: float
    """Cases in which nobody works who is to be left out."""


def needs_of(case: Case) -> tuple[NeedIn, ...]:
    """Return the needs as their first suggestions say; what nothing is suggested for is outside."""
    around = f"{case.title}\n{case.summary}"
    found = []
    for number, asked in enumerate(case.needs, 1):
        said = suggest(WORDS, asked.text, around, asked.area, case.language)
        topic = said.topics[0].code if said.topics else ""
        known = areas().topic_by_code.get(topic)
        heard = tuple(sorted(one.code for one in said.lists["sensitivities"]))
        found.append(
            NeedIn(
                number=number,
                area=topic[:1] or asked.area or "A",
                topic=topic,
                kind=said.kinds[0].code if said.kinds else "",
                sensitivities=heard,
                side=known.side if known else "",
                apart="internal" if said.internal else "" if topic else "outside",
            )
        )
    return sided(found)


def proposed(case: Case) -> Proposal:
    """Return what is proposed for a case on its words alone."""
    return propose(inputs_for(case, needs_of(case)))


def fits(need: NeedAnswer, entity: str | None, code: str | None) -> bool:
    """Whether a need is answered for by one who may, or by nobody for the right reason."""
    if need.by:
        return entity in need.by
    return entity is None and code in WHY_NOBODY.get(need.none or "", {need.none})


def share(cases: Sequence[Case]) -> Share:
    """Return how much of the cases comes out right from their words alone."""
    right = asked = leads = clean = 0
    for case in cases:
        found, answer = proposed(case), case.expected
        who = {one.need: one.entity for one in found.assignments if one.part == "lead"}
        why = {one.need: one.code for one in found.uncovered}
        right += sum(fits(n, who.get(k), why.get(k)) for k, n in enumerate(answer.needs, 1))
        asked += len(answer.needs)
        leads += found.lead in answer.acceptable if answer.lead else found.lead is None
        clean += not set(found.entities) & set(answer.excluded)
    return Share(right / asked, leads / len(cases), clean / len(cases))
