"""Guards of matching and delivery: who helps, who consents, what is finished."""

from collections.abc import Iterator

from app.kit.errors import Blocker
from app.lifecycle.facts import Facts
from app.matching.rules import MatchingFacts


def sharing_stands(facts: Facts) -> Iterator[Blocker]:
    """No country has taken back its consent to share the request with entities."""
    for word in facts.consents:
        if word.subject == "sharing" and not word.given:
            yield Blocker("consent.sharing_refused", "F19", {"country": word.country})


def _settled(proposal: MatchingFacts) -> Iterator[Blocker]:
    """No change of the compendium waits for the desk's word on this proposal (C65, F15)."""
    for version in proposal.unsettled:
        if version:
            yield Blocker("proposal.basis_changed", "F13, F15", {"version": version})
        else:
            yield Blocker("proposal.basis_changing", "F13, F15")


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
    yield from _settled(proposal)


def nobody_eligible(facts: Facts) -> Iterator[Blocker]:
    """A current proposal states that no entity is eligible."""
    proposal = facts.matching
    if proposal is None or proposal.status != "prepared" or not proposal.current:
        yield Blocker("proposal.none", "F15")
    elif proposal.entities:
        yield Blocker("proposal.somebody_eligible", "F15", {"proposal": proposal.number})
    else:
        yield from _settled(proposal)


def all_accepted(facts: Facts) -> Iterator[Blocker]:
    """Every entity of the offered proposal has accepted."""
    proposal = facts.matching
    if proposal is None or proposal.status not in ("offered", "accepted"):
        yield Blocker("proposal.not_offered", "F41")
        return
    for entity in sorted(proposal.entities):
        if not proposal.answers.get(entity, False):
            lapsed = entity in proposal.lapsed and entity not in proposal.answers
            code = "match.acceptance_lapsed" if lapsed else "match.not_accepted"
            yield Blocker(code, "F41", {"entity": entity})
    if proposal.status == "offered":
        yield from _settled(proposal)


def somebody_declined(facts: Facts) -> Iterator[Blocker]:
    """An entity of the offered proposal has declined."""
    proposal = facts.matching
    answers = proposal.answers.values() if proposal and proposal.status == "offered" else ()
    if all(answers):
        yield Blocker("match.nobody_declined", "F41")


def country_consented(facts: Facts) -> Iterator[Blocker]:
    """Every country of the request has consented to the proposal."""
    words = _words_on_match(facts)
    earlier = {word.country for word in facts.consents if word.subject == "match" and word.given}
    for country in sorted(facts.countries):
        if not words.get(country, False):
            lapsed = country not in words and country in earlier
            code = "consent.lapsed" if lapsed else "consent.missing"
            yield Blocker(code, "F19", {"country": country})


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
