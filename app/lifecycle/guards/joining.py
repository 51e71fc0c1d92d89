"""Guards of the joint programme: one responsible entity a need, and who takes over what is open."""

from collections.abc import Iterator

from app.kit.errors import Blocker
from app.lifecycle.facts import Facts


def each_need_answered(facts: Facts) -> Iterator[Blocker]:
    """Each need that an entity is to answer for has exactly one that does."""
    proposal = facts.matching
    if proposal is None or not proposal.entities:
        return  # whom to ask is settled first: `proposal_ready`
    for need in facts.needs:
        if need.number in proposal.aside:
            continue
        entities = proposal.responsible.get(need.number, ())
        if not entities:
            yield Blocker("programme.need_open", "F53", {"need": need.number})
        elif len(entities) > 1:
            told = {"need": need.number, "entities": ", ".join(sorted(entities))}
            yield Blocker("programme.need_doubled", "F53", told)


def replacement_offered(facts: Facts) -> Iterator[Blocker]:
    """The open needs of a programme are offered to entities."""
    if facts.matching is None or facts.matching.status != "offered":
        yield Blocker("programme.not_offered", "F41")


def replacement_waits(facts: Facts) -> Iterator[Blocker]:
    """Those who are to take over have accepted, and wait for the country's word."""
    proposal = facts.matching
    if proposal is None or proposal.status != "accepted" or proposal.assigned:
        yield Blocker("programme.nobody_waits", "F19")


def replacement_open(facts: Facts) -> Iterator[Blocker]:
    """An offer of the open needs is on its way: not answered yet, or not consented to yet."""
    if any(replacement_offered(facts)) and any(replacement_waits(facts)):
        yield Blocker("programme.not_offered", "F41")
