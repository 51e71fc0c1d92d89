"""The guards: every condition that a definition may set, each yielding its reasons against."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import timedelta
from typing import Any

from app.assessment.rules import opens_gate
from app.engine.vocabulary import GuardDef
from app.kit.errors import Blocker
from app.lifecycle.facts import Facts
from app.requests import rules as dossier

APPEAL_DAYS = 30
PASSING = frozenset({"pass", "pass_with_conditions"})


def request_complete(facts: Facts) -> Iterator[Blocker]:
    """Everything that a request must say is said."""
    if facts.text is not None:
        yield from dossier.missing(facts.text, facts.needs)


def matter_external(facts: Facts) -> Iterator[Blocker]:
    """Someone has decided that it is not an internal matter of the organizations."""
    decided = facts.text.internal if facts.text else None
    if decided is None:
        yield Blocker("matter.undecided", "F2")
    elif decided:
        yield Blocker("matter.internal", "F2")


def matter_internal(facts: Facts) -> Iterator[Blocker]:
    """Someone has decided that it is an internal matter of the organizations."""
    if not (facts.text and facts.text.internal):
        yield Blocker("matter.not_internal", "F2")


def elements_examined(facts: Facts) -> Iterator[Blocker]:
    """A request not labelled cyber has a verdict on every cyber element."""
    if facts.text is not None:
        yield from dossier.unexamined(facts.text, dict(facts.elements), facts.elements_known)


def urgency_settled(facts: Facts) -> Iterator[Blocker]:
    """No urgent mark waits for its second person."""
    if facts.text and facts.text.urgency == "asked":
        yield Blocker("urgency.unsettled", "F38")


def no_open_clarification(facts: Facts) -> Iterator[Blocker]:
    """Every question to the country is answered."""
    for question in facts.clarifications:
        yield Blocker(
            "clarification.open",
            "F10",
            {"question": question.number, "due_on": question.due_on.isoformat()},
        )


def clarification_open(facts: Facts) -> Iterator[Blocker]:
    """At least one question to the country is open."""
    if not facts.clarifications:
        yield Blocker("clarification.none_open", "F10")


def clarification_overdue(facts: Facts) -> Iterator[Blocker]:
    """An open question has passed its date."""
    today = facts.now.date()
    if not any(question.due_on < today for question in facts.clarifications):
        yield Blocker("clarification.not_overdue", "F10")


def stage_complete(facts: Facts, stage: str) -> Iterator[Blocker]:
    """The work of a stage is complete; for the assessment this is the gate (F32, F41)."""
    if stage != "assessment":
        yield Blocker("stage.unknown", "", {"stage": stage})
        return
    today = facts.now.date()
    serving = [record for record in facts.records if opens_gate(record.kind)]
    if any(record.valid_until >= today for record in serving):
        return
    if serving:
        yield Blocker("assessment.expired", "F32", {"on": serving[-1].valid_until.isoformat()})
        return
    yield Blocker("assessment.incomplete", "F32, F41")
    if facts.assessment is not None:
        yield from facts.assessment.lacks


def needs_at_least(facts: Facts, count: int) -> Iterator[Blocker]:
    """At least so many needs stand."""
    if len(facts.needs) < count:
        yield Blocker("needs.too_few", "F22", {"count": count})


def needs_rest_on_findings(facts: Facts) -> Iterator[Blocker]:
    """Every need rests on a finding of the assessment."""
    for need in facts.needs:
        if need.findings == 0:
            yield Blocker("need.without_finding", "F32", {"need": need.number})


def screening_outcome(facts: Facts, any_of: Sequence[str]) -> Iterator[Blocker]:
    """The screening is decided and confirmed by two persons, with one of these outcomes."""
    screening = facts.screening
    if screening is None or not screening.outcome:
        yield Blocker("screening.undecided", "N0")
        return
    if screening.outcome not in any_of:
        yield Blocker("screening.other_outcome", "F14", {"outcome": screening.outcome})
    if screening.confirmed_by is None:
        yield Blocker("screening.unconfirmed", "C7")
    elif screening.confirmed_by == screening.decided_by:
        yield Blocker("four_eyes.same_person", "C7", {"person": "screening.decided_by"})


def appeal_open(facts: Facts) -> Iterator[Blocker]:
    """No appeal was made yet, and the time for it has not passed."""
    if facts.screening and facts.screening.appeal:
        yield Blocker("appeal.used", "F19")
    if facts.now > facts.since + timedelta(days=APPEAL_DAYS):
        yield Blocker("appeal.too_late", "F19", {"days": APPEAL_DAYS})


def appeal_over(facts: Facts) -> Iterator[Blocker]:
    """The appeal has been used, or the time for it has passed."""
    used = facts.screening is not None and facts.screening.appeal is not None
    if not used and facts.now <= facts.since + timedelta(days=APPEAL_DAYS):
        yield Blocker("appeal.still_open", "F19", {"days": APPEAL_DAYS})


def proposal_ready(facts: Facts) -> Iterator[Blocker]:
    """A proposal with entities is prepared and rests on the needs as they stand."""
    proposal = facts.matching
    if proposal is None or proposal.status != "prepared":
        yield Blocker("proposal.none", "F41")
        return
    if not proposal.current:
        yield Blocker("proposal.outdated", "F41", {"proposal": proposal.number})
    if not proposal.entities:
        yield Blocker("proposal.nobody_eligible", "F15", {"proposal": proposal.number})


def nobody_eligible(facts: Facts) -> Iterator[Blocker]:
    """A current proposal states that no entity is eligible."""
    proposal = facts.matching
    if proposal is None or proposal.status != "prepared" or not proposal.current:
        yield Blocker("proposal.none", "F15")
    elif proposal.entities:
        yield Blocker("proposal.somebody_eligible", "F15", {"proposal": proposal.number})


def all_accepted(facts: Facts) -> Iterator[Blocker]:
    """Every entity of the offered proposal has accepted."""
    proposal = facts.matching
    if proposal is None or proposal.status not in ("offered", "accepted"):
        yield Blocker("proposal.not_offered", "F41")
        return
    for entity in sorted(proposal.entities):
        if not proposal.answers.get(entity, False):
            yield Blocker("match.not_accepted", "F41", {"entity": entity})


def somebody_declined(facts: Facts) -> Iterator[Blocker]:
    """An entity of the offered proposal has declined."""
    proposal = facts.matching
    answers = proposal.answers.values() if proposal and proposal.status == "offered" else ()
    if all(answers):
        yield Blocker("match.nobody_declined", "F41")


def country_consented(facts: Facts) -> Iterator[Blocker]:
    """Every country of the request has consented to the proposal."""
    words = _words_on_match(facts)
    for country in sorted(facts.countries):
        if not words.get(country, False):
            yield Blocker("consent.missing", "F19", {"country": country})


def country_refused(facts: Facts) -> Iterator[Blocker]:
    """A country of the request has refused the proposal."""
    if all(_words_on_match(facts).values()):
        yield Blocker("consent.not_refused", "F19")


def _words_on_match(facts: Facts) -> dict[str, bool]:
    number = facts.matching.number if facts.matching else None
    return {
        word.country: word.given
        for word in facts.consents
        if word.subject == "match" and word.proposal == number
    }


def activities_ended(facts: Facts) -> Iterator[Blocker]:
    """There are activities, and each is done or stopped."""
    delivery = facts.delivery
    if delivery is None or delivery.activities == 0:
        yield Blocker("delivery.no_activity", "C50")
        return
    for number in delivery.unended:
        yield Blocker("activity.unended", "C50", {"activity": number})


def conditions_met(facts: Facts) -> Iterator[Blocker]:
    """Every condition of the screening is met."""
    for number in facts.conditions:
        yield Blocker("condition.unmet", "F14", {"condition": number})


def follow_up_settled(facts: Facts) -> Iterator[Blocker]:
    """A request helped on a rapid assessment has had its comprehensive one (F32, F38)."""
    kinds = {record.kind for record in facts.records}
    if kinds == {"rapid"}:
        yield Blocker("assessment.comprehensive_due", "F32")


def impact_settled(facts: Facts) -> Iterator[Blocker]:
    """The impact is stated, or why none can be."""
    delivery = facts.delivery
    if delivery is None or not (delivery.impact or delivery.no_impact_reason):
        yield Blocker("closing.impact_missing", "F55")


def lesson_settled(facts: Facts) -> Iterator[Blocker]:
    """A lesson is stated, or why there is none."""
    delivery = facts.delivery
    if delivery is None or not (delivery.lesson or delivery.no_lesson_reason):
        yield Blocker("closing.lesson_missing", "F51")


def _marks(*marks: str) -> Any:
    return lambda _params: frozenset(marks)


def _stage_mark(params: Mapping[str, Any]) -> frozenset[str]:
    return frozenset({f"{params['stage']}.completed"})


def _outcome_mark(params: Mapping[str, Any]) -> frozenset[str]:
    passing = bool(params["any_of"]) and set(params["any_of"]) <= PASSING
    return frozenset({"screening.passed"} if passing else ())


def _guard(check: Any, *reads: str, **more: Any) -> GuardDef:
    return GuardDef(check, (check.__doc__ or "").splitlines()[0], frozenset(reads), **more)


GUARDS: dict[str, GuardDef] = {
    "request_complete": _guard(request_complete, "text", "needs"),
    "matter_external": _guard(matter_external, "text"),
    "matter_internal": _guard(matter_internal, "text"),
    "elements_examined": _guard(elements_examined, "text", "elements"),
    "urgency_settled": _guard(urgency_settled, "text"),
    "no_open_clarification": _guard(no_open_clarification, "clarifications"),
    "clarification_open": _guard(clarification_open, "clarifications"),
    "clarification_overdue": _guard(clarification_overdue, "clarifications"),
    "stage_complete": _guard(
        stage_complete, "records", "assessment", proves=_stage_mark, params={"stage": str}
    ),
    "needs_at_least": _guard(needs_at_least, "needs", params={"count": int}),
    "needs_rest_on_findings": _guard(needs_rest_on_findings, "needs"),
    "screening_outcome": _guard(
        screening_outcome, "screening", proves=_outcome_mark, params={"any_of": list}
    ),
    "appeal_open": _guard(appeal_open, "screening"),
    "appeal_over": _guard(appeal_over, "screening"),
    "proposal_ready": _guard(proposal_ready, "matching"),
    "nobody_eligible": _guard(nobody_eligible, "matching"),
    "all_accepted": _guard(all_accepted, "matching", proves=_marks("match.accepted")),
    "somebody_declined": _guard(somebody_declined, "matching"),
    "country_consented": _guard(
        country_consented, "matching", "consents", proves=_marks("country.consented")
    ),
    "country_refused": _guard(country_refused, "matching", "consents"),
    "activities_ended": _guard(activities_ended, "delivery"),
    "conditions_met": _guard(conditions_met, "conditions"),
    "follow_up_settled": _guard(follow_up_settled, "records"),
    "impact_settled": _guard(impact_settled, "delivery"),
    "lesson_settled": _guard(lesson_settled, "delivery"),
}
