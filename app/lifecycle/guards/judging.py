"""Guards of assessment and screening: the gate, the needs and the outcome."""

from collections.abc import Iterator, Sequence
from datetime import timedelta

from app.assessment.rules import opens_gate
from app.kit.errors import Blocker
from app.lifecycle.facts import Facts

APPEAL_DAYS = 30


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
