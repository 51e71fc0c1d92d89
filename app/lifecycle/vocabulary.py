"""The words that definitions may use in this house, put together for the engine."""

from app.directory.actor import ROLES
from app.engine.vocabulary import Vocabulary
from app.lifecycle.effects import EFFECTS
from app.lifecycle.facts import PERSONS
from app.lifecycle.guards import GUARDS

ACTS: dict[str, str] = {
    "request.edit": "Change the request's texts and needs.",
    "urgency.ask": "Ask that the request be treated as urgent.",
    "urgency.settle": "Confirm or refuse an urgent mark.",
    "triage.write": "Judge cyber elements and whose matter it is.",
    "clarification.ask": "Put questions to the country.",
    "clarification.answer": "Answer questions.",
    "attachment.add": "Add documents.",
    "comment.add": "Remark, and record standing work of others.",
    "consent.write": "Record the country's word on sharing and publication.",
    "assessment.write": "Plan and fill in an assessment.",
    "assessment.sign": "Sign an assessment.",
    "assessment.acknowledge": "Acknowledge an assessment for the government.",
    "assessment.countersign": "Countersign an assessment as a second person.",
    "self_assessment.write": "Fill in a government's self-assessment.",
    "screening.write": "Write findings on criteria and principles.",
    "screening.decide": "Decide the outcome of a screening.",
    "screening.confirm": "Confirm the outcome as a second person.",
    "matching.write": "Prepare proposals.",
    "matching.respond": "Accept or decline for one's entity.",
    "match.consent": "Consent to a match, or refuse it, for one's country.",
    "delivery.write": "Plan and change activities.",
    "delivery.report": "Report progress.",
    "programme.leave": "Take an entity out of a joint programme.",
    "programme.lead": "Name another lead where the lead has left.",
    "delivery.measure": "Record measurements.",
    "condition.meet": "Say how a condition has been met.",
    "closing.write": "Write the closing statement.",
}
"""Everything that may be done inside a state, by name."""

HANDS: dict[str, tuple[str, ...]] = {
    "assessment.signed_by": ("assessment.sign",),
    "screening.involved": ("screening.write", "screening.decide", "screening.confirm"),
    "delivery.closing_author": ("closing.write",),
}
"""By which acts somebody becomes a person that `distinct_from` names."""
PAIRS = (
    ("urgency.ask", "urgency.settle"),
    ("assessment.sign", "assessment.countersign"),
    ("screening.decide", "screening.confirm"),
    ("request.edit", "match.consent"),
    ("request.edit", "matching.respond"),
    ("matching.write", "match.consent"),
    ("matching.write", "matching.respond"),
    ("screening.write", "matching.respond"),
)
"""Acts of which the second takes another person than the first: the rooms hold them apart."""
POOLS = {
    "resident_coordinator": "country office",
    "assessor": "country office",
    "government": "government",
    "focal_point": "entity",
}
"""In the leanest office one person holds all roles of a pool; other roles have several holders."""

VOCABULARY = Vocabulary(
    guards=GUARDS,
    effects=EFFECTS,
    roles=frozenset(ROLES),
    acts=frozenset(ACTS),
    persons=PERSONS,
    hands=HANDS,
    pairs=PAIRS,
    pools=POOLS,
)
