"""What completion lacks in how the assessment was carried out: plan, visits, signatures (F32)."""

from collections.abc import Iterator
from datetime import date

from app.assessment.rules.facts import Lack, VisitFact, happened
from app.assessment.rules.view import View


def plan(view: View) -> Iterator[Lack]:
    """Say what the plan leaves open: countries, team, dates, hosts (F32)."""
    planned = view.record.plan
    if not view.record.countries:
        yield Lack("assessment.country_missing", {}, "F10, F32")
    if not any(member.strip() for member in planned.team):
        yield Lack("assessment.team_missing", {}, "F32, F41")
    if planned.starts_on is None or planned.ends_on is None or planned.ends_on < planned.starts_on:
        yield Lack("assessment.dates_missing", {}, "F32")
    if view.rule.in_country and not any(host.strip() for host in planned.hosts):
        yield Lack("assessment.hosts_missing", {}, "F32")


def visits(view: View) -> Iterator[Lack]:
    """Say which country has no visit that counts, and why (F32, F41)."""
    if not view.rule.in_country:
        return
    for country in view.record.countries:
        made = (visit for visit in view.record.visits if visit.country == country)
        faults = [_visit_fault(visit, view.today) for visit in made]
        if "" not in faults:
            reason = faults[0] if faults else "none"
            params: dict[str, str | int] = {"country": country, "reason": reason}
            yield Lack("assessment.visit_missing", params, "F32, F41")


def _visit_fault(visit: VisitFact, today: date) -> str:
    """Return why a visit does not count, empty when it does."""
    if not visit.place.strip():
        return "place"
    if not visit.host.strip():
        return "host"
    if visit.author_id is None:
        return "author"
    if visit.starts_on is None or visit.ends_on is None or visit.ends_on < visit.starts_on:
        return "dates"
    return "" if visit.ends_on <= today else "future"


def signatures(view: View) -> Iterator[Lack]:
    """Say whose signature is missing; the second is by another person (C7)."""
    first, second = view.record.signature, view.record.countersignature
    if not view.signed(first):
        yield Lack("assessment.unsigned", {}, "F32, C7")
    if not view.rule.second_signature:
        return
    if not view.signed(second):
        yield Lack("assessment.not_countersigned", {}, "C7")
    elif first is not None and second is not None and first.person_id == second.person_id:
        yield Lack("assessment.countersigned_by_signer", {}, "C7")


def acknowledgements(view: View) -> Iterator[Lack]:
    """Say which government has not acknowledged the assessment (F19, C65)."""
    seen = {
        one.country
        for one in view.record.acknowledgements
        if one.person_id is not None and happened(one.acknowledged_on, view.today)
    }
    for country in view.record.countries if view.rule.in_country else ():
        if country not in seen:
            yield Lack("assessment.not_acknowledged", {"country": country}, "F19, C65")


def follow_up(view: View) -> Iterator[Lack]:
    """Say that a rapid assessment has no date for the comprehensive one (F38)."""
    if view.record.kind != "rapid":
        return
    due, first = view.record.comprehensive_due, view.record.signature
    signed_on = first.signed_on if first is not None else None
    if due is None or (signed_on is not None and due <= signed_on):
        yield Lack("assessment.comprehensive_date_missing", {}, "F32, F38")
