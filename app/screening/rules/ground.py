"""Rules on what the plan stands on: assessment, risk, voices heard, consent (F17 to F20)."""

from typing import Any

from app.screening.rules.evidence import Answer, Evidence, shown

COMPREHENSIVE_FOLLOWS = "A comprehensive assessment in the country follows the rapid one."


def assessment_complete(evidence: Evidence) -> Answer:
    """A valid in-country assessment stands behind it; a rapid one opens little (F32, F38, F41)."""
    seen = tuple(
        {"assessment": r.assessment_id, "kind": r.kind, "valid_until": r.valid_until.isoformat()}
        for r in evidence.records
    )
    if "comprehensive" in evidence.kinds:
        return Answer("met", "A completed assessment in the country stands behind the plan.", seen)
    if not evidence.serving:
        return Answer("not_met", "No completed assessment in the country is valid today.", seen)
    beyond = [n for n in evidence.needs if n.kind not in evidence.rapid_kinds]
    if beyond:
        numbers = ", ".join(str(need.number) for need in beyond)
        reason = f"A rapid assessment does not open the kind of help of needs {numbers}."
        return Answer("not_met", reason, seen + tuple(shown(n, kind=n.kind) for n in beyond))
    reason = "The assessment is a rapid one."
    return Answer("met_with_condition", reason, seen, COMPREHENSIVE_FOLLOWS)


def risk_assessment_attached(evidence: Evidence) -> Answer:
    """A crime and risk assessment, dated by today, belongs to a serving assessment (F17)."""
    seen = tuple(
        {"assessment": r.assessment_id, "risk_dated": r.risk_dated.isoformat()}
        for r in evidence.serving
        if r.risk_dated is not None and r.risk_dated <= evidence.day
    )
    if seen:
        return Answer("met", "A dated assessment of crime and risk is attached.", seen)
    return Answer("not_met", "No dated assessment of crime and risk is attached.")


def risk_factors_answered(evidence: Evidence) -> Answer:
    """Risk factors are named, and each finding that names one has a need that answers it (F17)."""
    named = [factor for record in evidence.serving for factor in record.risk_factors]
    found = [finding for finding in evidence.findings if finding.risk_factor]
    seen: tuple[dict[str, Any], ...] = tuple({"risk_factor": factor} for factor in named)
    seen += tuple(
        {"finding": f.number, "risk_factor": f.risk_factor, "needs": list(f.needs)} for f in found
    )
    unanswered = [str(finding.number) for finding in found if not finding.needs]
    if not seen:
        return Answer("not_met", "No risk factor of the country or region is named.")
    if not found:
        return Answer("not_met", "No finding ties the plan to a risk factor.", seen)
    if unanswered:
        reason = f"No need answers the risk factor of findings {', '.join(unanswered)}."
        return Answer("not_met", reason, seen)
    return Answer("met", "Each risk factor among the findings is answered by a need.", seen)


def interventions_rest_on_findings(evidence: Evidence) -> Answer:
    """Every need rests on at least one finding of the assessment (F32)."""
    seen = tuple(shown(need, findings=list(need.findings)) for need in evidence.needs)
    bare = [str(need.number) for need in evidence.needs if not need.findings]
    if bare or not evidence.needs:
        reason = f"Without a finding: need {', '.join(bare)}." if bare else "No need stands."
        return Answer("not_met", reason, seen)
    return Answer("met", "Every need rests on a finding of the assessment.", seen)


def _voices(evidence: Evidence, side: str) -> Answer:
    groups = evidence.groups.get(side, ())
    seen = tuple({"group": group, "consulted": group in evidence.heard} for group in groups)
    missing = [group for group in groups if group not in evidence.heard]
    if missing:
        return Answer("not_met", f"Not consulted: {', '.join(missing)}.", seen)
    return Answer("met", "Each of these groups was consulted.", seen)


def stakeholders_state(evidence: Evidence) -> Answer:
    """Each State group was consulted (F18)."""
    return _voices(evidence, "state")


def stakeholders_non_state(evidence: Evidence) -> Answer:
    """Civil society, academia and the technical community were consulted (F18)."""
    return _voices(evidence, "non_state")


def stakeholders_private(evidence: Evidence) -> Answer:
    """Suppliers of networks and services and financial institutions were consulted (F20)."""
    return _voices(evidence, "private")


def sovereign_consent(evidence: Evidence) -> Answer:
    """Every country has consented to sharing, and has decided on publication either way (F19)."""
    seen = tuple(
        {
            "country": country,
            "sharing": evidence.sharing.get(country),
            "publication": evidence.publication.get(country),
        }
        for country in evidence.countries
    )
    missing = [country for country in evidence.countries if not evidence.sharing.get(country)]
    if missing or not evidence.countries:
        return Answer("not_met", f"No consent to sharing from: {', '.join(missing)}.", seen)
    silent = [country for country in evidence.countries if country not in evidence.publication]
    if silent:
        reason = f"Whether to publish is undecided by: {', '.join(silent)}."
        return Answer("not_met", reason, seen)
    reason = "Every country has consented to sharing and decided on publication."
    return Answer("met", reason, seen)
