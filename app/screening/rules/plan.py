"""Rules on what is asked for: topics, phases, cooperation, mandates (F14, F15, F18 to F20)."""

from collections.abc import Callable, Mapping, Sequence

from app.screening.rules.evidence import Answer, Evidence, NeedEvidence, shown

FORMAL = frozenset({"A3d", "B6", "B6a", "B6b", "B6c", "E1", "E2"})
"""Topics on treaties, mutual assistance and contact points in office (F23, F30, F44, F45)."""
INFORMAL = frozenset({"B6d", "E1", "E3"})
"""Topics on exchange without formality (F30, F44, F46)."""
STANDARDS = frozenset({"B3d", "B4c", "C3"})
"""Topics on common technical policy and standards (F27, F28, F33)."""
ABILITIES = frozenset({"training", "train_the_trainer", "awareness_campaign"})
STRUCTURES = frozenset({"policy", "strategy", "legislation", "cirt", "contact_point"})
RESPONSE = frozenset({"identification", "investigation", "prosecution", "recovery"})

Test = Callable[[NeedEvidence], bool]


def _present(evidence: Evidence, test: Test, what: str) -> Answer:
    """Say whether any need passes a test; `what` names it in the reason."""
    found = [need for need in evidence.needs if test(need)]
    if found:
        return Answer("met", f"The plan holds {what}.", tuple(shown(need) for need in found))
    return Answer("not_met", f"No need asks for {what}.")


def _lacking(missing: list[str], what: str) -> str:
    return f"{what}: {', '.join(missing)}."


def _empty(parts: Mapping[str, Sequence[NeedEvidence]]) -> list[str]:
    return [name for name, needs in parts.items() if not needs]


def two_sided_plan(evidence: Evidence) -> Answer:
    """A part for security or prevention and a part for criminal justice (F14)."""
    security = [n for n in evidence.needs if _secures(n)]
    justice = [n for n in evidence.needs if n.side in {"criminal_justice", "both"}]
    seen = tuple(shown(n, side="security") for n in security)
    seen += tuple(shown(n, side="criminal_justice") for n in justice)
    if security and justice:
        return Answer("met", "Security or prevention and criminal justice both have a part.", seen)
    missing = _empty({"security": security, "criminal justice": justice})
    return Answer("not_met", _lacking(missing, "The plan has no part for"), seen)


def _secures(need: NeedEvidence) -> bool:
    return need.side in {"cybersecurity", "both"} or "prevention" in need.phases


def phases_covered(evidence: Evidence) -> Answer:
    """Every phase of an incident is covered; why one is left out only a person can accept (F14)."""
    covered = {phase for need in evidence.needs for phase in need.phases}
    seen = tuple({"phase": phase, "covered": phase in covered} for phase in evidence.phases)
    missing = [phase for phase in evidence.phases if phase not in covered]
    if missing:
        return Answer("not_met", _lacking(missing, "Left out and to be explained"), seen)
    return Answer("met", "Every phase of an incident is covered.", seen)


def international_cooperation(evidence: Evidence) -> Answer:
    """A topic strengthens cooperation between States in at least one phase (F14)."""

    def test(need: NeedEvidence) -> bool:
        return "international_cooperation" in need.headings and bool(need.phases)

    return _present(evidence, test, "cooperation between States")


def prevention_present(evidence: Evidence) -> Answer:
    """Capacity-building or awareness sets up a means of prevention (F14)."""

    def test(need: NeedEvidence) -> bool:
        return need.area == "D" and "prevention" in need.phases

    return _present(evidence, test, "prevention by capacity or awareness")


def response_support(evidence: Evidence) -> Answer:
    """Technical support makes the response to incidents stronger (F14)."""

    def test(need: NeedEvidence) -> bool:
        return (need.area == "C" or need.topic == "D9") and bool(need.phases & RESPONSE)

    return _present(evidence, test, "technical support to response")


def continuity_treated(evidence: Evidence) -> Answer:
    """Recovery of lost content and continuity of service are treated (F14, F38)."""

    def test(need: NeedEvidence) -> bool:
        return need.topic == "C8" or need.kind == "restoration"

    return _present(evidence, test, "recovery and continuity")


def mandates_cover(evidence: Evidence) -> Answer:
    """Some entity holds a mandate in force on the day for each topic (F15, F41, F53)."""
    seen = tuple(shown(need, holders=sorted(need.holders)) for need in evidence.needs)
    missing = [f"{n.topic or n.area} (need {n.number})" for n in evidence.needs if not n.holders]
    if missing or not evidence.needs:
        reason = _lacking(missing or ["any topic"], "No mandate in force for")
        return Answer("not_met", reason, seen)
    return Answer("met", "A mandate in force on the day covers each topic.", seen)


def nothing_unheld(evidence: Evidence) -> Answer:
    """No need falls outside the limits of every mandate: kind, region, sensitivity (F15)."""
    seen = tuple(shown(need, able=sorted(need.able)) for need in evidence.needs)
    missing = [str(need.number) for need in evidence.needs if not need.able]
    if missing or not evidence.needs:
        reason = _lacking(missing or ["none stands"], "Needs without a holder")
        return Answer("not_met", reason, seen)
    return Answer("met", "Each need lies within the mandate of some entity.", seen)


def elements_listed(evidence: Evidence) -> Answer:
    """Cyber elements were looked for; a request labelled cyber names them by its needs (F15)."""
    if evidence.cyber_labelled:
        seen = tuple(shown(need) for need in evidence.needs)
        if seen:
            return Answer("met", "It is labelled cyber, and its needs name the elements.", seen)
        return Answer("not_met", "It is labelled cyber, yet no need names an element.")
    told = tuple({"element": e, "verdict": v} for e, v in sorted(evidence.elements.items()))
    missing = [code for code in evidence.elements_known if code not in evidence.elements]
    if missing:
        return Answer("not_met", _lacking(missing, "Elements without a verdict"), told)
    return Answer("met", "Every cyber element has a verdict.", told)


def capacity_and_structures(evidence: Evidence) -> Answer:
    """Human capacity as well as policies, infrastructure and procedures are treated (F18).

    A need counts on one side only: what is built under capacity-building, such as a team, is a
    structure, and training about laws is an ability.
    """
    abilities = [n for n in evidence.needs if _teaches(n)]
    structures = [n for n in evidence.needs if n not in abilities and _builds(n)]
    seen = tuple(shown(n, part="abilities") for n in abilities)
    seen += tuple(shown(n, part="structures") for n in structures)
    if abilities and structures:
        return Answer("met", "Abilities and structures are both treated.", seen)
    missing = _empty({"abilities": abilities, "structures": structures})
    return Answer("not_met", _lacking(missing, "The plan does not treat"), seen)


def _teaches(need: NeedEvidence) -> bool:
    return need.kind in ABILITIES or (need.area == "D" and need.kind not in STRUCTURES)


def _builds(need: NeedEvidence) -> bool:
    return need.kind in STRUCTURES or need.area in {"A", "B", "C"}


def formal_cooperation(evidence: Evidence) -> Answer:
    """A formal mechanism of cooperation becomes stronger (F19, F44)."""
    return _present(evidence, lambda n: n.topic in FORMAL, "a formal mechanism of cooperation")


def informal_cooperation(evidence: Evidence) -> Answer:
    """An informal mechanism of cooperation becomes stronger (F19, F46)."""
    return _present(evidence, lambda n: n.topic in INFORMAL, "an informal mechanism of cooperation")


def standards_supported(evidence: Evidence) -> Answer:
    """Common technical policy and standards are supported (F20, F33)."""
    return _present(evidence, lambda n: n.topic in STANDARDS, "common technical standards")
