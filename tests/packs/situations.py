"""Situations of a request by name: what its facts say, in real values, for paths through a pack."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

from app.assessment.rules import AssessmentStanding
from app.delivery.rules import DeliveryFacts
from app.kit.errors import Blocker
from app.lifecycle.facts import Facts
from app.matching.rules import MatchingFacts
from app.requests.rules import ConsentFacts, NeedFacts, QuestionFacts, RecordFacts, TextFacts
from app.screening.rules import AppealFacts, ScreeningFacts

NOW = datetime(2026, 11, 16, 12, tzinfo=UTC)
TODAY = NOW.date()
SIGNER, SECOND, FIRST, AUTHOR = 11, 12, 13, 14
"""Persons: who signed the assessment, confirmed and decided the screening, wrote the closing."""

TEXT = TextFacts(
    title="Digital evidence for the courts",
    summary="The courts lack means to receive electronic evidence.",
    authority="Ministry of Justice",
    countries=frozenset({"KEN"}),
    regional=False,
    cyber_labelled=True,
    internal=None,
    urgency="none",
)
NEED = NeedFacts(1, 1, "A", "A1", "Rules on electronic evidence", "training", "request", 0)
RECORD = RecordFacts(1, "comprehensive", NOW - timedelta(days=10), TODAY + timedelta(days=355))
SCREENING = ScreeningFacts("", None, None, None, frozenset(), None)
PROPOSAL = MatchingFacts(
    1, "prepared", frozenset({"unodc", "itu"}), {}, (), current=True, responsible={1: ("unodc",)}
)
DELIVERY = DeliveryFacts(0, (), None, "", "", "", "")
CLOSING = DeliveryFacts(2, (), AUTHOR, "Courts take evidence.", "", "Begin early.", "")


def decided(outcome: str) -> ScreeningFacts:
    """A screening that one person decided and another confirmed."""
    return ScreeningFacts(outcome, FIRST, SECOND, NOW, frozenset({FIRST, SECOND}), None)


def answered(**answers: bool) -> MatchingFacts:
    """A proposal that was offered, with what its entities said."""
    return replace(PROPOSAL, status="offered", answers=answers)


def word(given: bool, proposal: int = 1, country: str = "KEN") -> tuple[ConsentFacts, ...]:
    """A country's word on a proposal."""
    return (ConsentFacts(country, "match", proposal, given),)


SITUATIONS: dict[str, dict[str, Any]] = {
    "nothing said": {"text": replace(TEXT, title="", summary="", authority="")},
    "written": {"text": TEXT, "needs": (NEED,)},
    "internal": {"text": replace(TEXT, internal=True)},
    "external": {"text": replace(TEXT, internal=False)},
    "not labelled cyber": {"text": replace(TEXT, internal=False, cyber_labelled=False)},
    "no element in it": {"elements": {"online_fraud": "absent"}},
    "an element examined": {"elements": {"online_fraud": "present"}},
    "urgency asked": {"text": replace(TEXT, internal=False, urgency="asked")},
    "urgency confirmed": {"text": replace(TEXT, internal=False, urgency="confirmed")},
    "a question open": {"clarifications": (QuestionFacts(1, TODAY + timedelta(days=9)),)},
    "a question overdue": {"clarifications": (QuestionFacts(1, TODAY - timedelta(days=1)),)},
    "assessment unfinished": {
        "assessment": AssessmentStanding(
            lacks=(Blocker("assessment.visit_missing", "F32"),), signed_by=frozenset({SIGNER})
        )
    },
    "assessed": {
        "records": (RECORD,),
        "assessment": AssessmentStanding(lacks=(), signed_by=frozenset({SIGNER})),
        "needs": (replace(NEED, findings=1),),
    },
    "rapidly assessed": {
        "records": (replace(RECORD, kind="rapid"),),
        "needs": (replace(NEED, findings=1),),
    },
    "self-assessed only": {"records": (replace(RECORD, kind="self"),)},
    "assessment out of date": {"records": (replace(RECORD, valid_until=TODAY - timedelta(1)),)},
    "a need without finding": {"needs": (NEED,)},
    "no need": {"needs": ()},
    "passed": {"screening": decided("pass")},
    "passed with conditions": {"screening": decided("pass_with_conditions")},
    "returned": {"screening": decided("return_for_revision")},
    "declined": {"screening": decided("decline")},
    "passed by one person": {"screening": replace(decided("pass"), confirmed_by=None)},
    "passed by the same person twice": {"screening": replace(decided("pass"), confirmed_by=FIRST)},
    "appeal heard": {"screening": replace(decided("decline"), appeal=AppealFacts("dismissed"))},
    "a month later": {"since": NOW - timedelta(days=31)},
    "proposed": {"matching": PROPOSAL},
    "proposal out of date": {"matching": replace(PROPOSAL, current=False)},
    "nobody proposed": {"matching": replace(PROPOSAL, entities=frozenset())},
    "asked": {"matching": answered()},
    "one accepted": {"matching": answered(unodc=True)},
    "all accepted": {"matching": answered(unodc=True, itu=True)},
    "one declined": {"matching": answered(unodc=True, itu=False)},
    "a need open": {"matching": replace(PROPOSAL, responsible={}, uncovered=(1,))},
    "one answers": {"matching": replace(answered(unodc=True, itu=True), responsible={})},
    "two responsible": {
        "matching": replace(answered(unodc=True, itu=True), responsible={1: ("itu", "unodc")})
    },
    "takers wait": {"matching": replace(answered(unodc=True, itu=True), status="accepted")},
    "in force": {
        "matching": replace(answered(unodc=True, itu=True), status="accepted", assigned=True)
    },
    "consented": {"consents": word(given=True)},
    "refused by the country": {"consents": word(given=False)},
    "consent to an earlier proposal": {"consents": word(given=True, proposal=0)},
    "no activity": {"delivery": DELIVERY},
    "an activity running": {"delivery": replace(DELIVERY, activities=2, unended=(2,))},
    "delivered": {"delivery": replace(DELIVERY, activities=2)},
    "a condition open": {"conditions": (1,)},
    "closing written": {"delivery": CLOSING},
    "impact missing": {"delivery": replace(CLOSING, impact="")},
}
"""What differs from an empty request, by the names that the paths use."""


def facts(names: list[str]) -> Facts:
    """The facts of a request to which these situations apply; a later one goes before an earlier."""
    said: dict[str, Any] = {"now": NOW, "since": NOW - timedelta(days=1)}
    for name in names:
        said |= SITUATIONS[name]
    return Facts(countries=frozenset({"KEN"}), elements_known=("online_fraud",), **said)
