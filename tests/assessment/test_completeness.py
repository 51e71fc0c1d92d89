"""An assessment is complete when nothing stands against it, and every fault is named at once."""

from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from app.assessment.rules import (
    AcknowledgementFact,
    AnswerFact,
    AssessmentFacts,
    RiskFact,
    SignatureFact,
    completeness,
)
from tests.assessment.samples import (
    ASSESSOR,
    HEARD,
    MINISTER,
    RAPID,
    RISK,
    TODAY,
    TOMORROW,
    VISIT,
    WHOLE,
    WORTHLESS,
    Q,
    says,
)


def lacks(record: AssessmentFacts) -> list[tuple[str, dict[str, str | int]]]:
    return [(lack.code, lack.params) for lack in completeness(Q, record, TODAY)]


def codes(record: AssessmentFacts) -> list[str]:
    return [code.removeprefix("assessment.") for code, _ in lacks(record)]


def without(*questions: str) -> tuple[AnswerFact, ...]:
    return tuple(answer for answer in WHOLE.answers if answer.question not in questions)


def risk(**fields: str | list[str]) -> RiskFact:
    return replace(RISK, fields={**RISK.fields, **fields})


def test_a_whole_assessment_lacks_nothing() -> None:
    assert lacks(WHOLE) == []


def test_an_empty_assessment_hears_everything_at_once() -> None:
    record = AssessmentFacts(kind="comprehensive", countries=("KEN",))
    found = codes(record)
    assert found.count("section_unanswered") == 6
    assert set(found) == {
        "team_missing",
        "dates_missing",
        "hosts_missing",
        "visit_missing",
        "section_unanswered",
        "risk_missing",
        "consultation_missing",
        "finding_missing",
        "unsigned",
        "not_countersigned",
        "not_acknowledged",
    }


def test_every_lack_names_its_paragraph() -> None:
    record = AssessmentFacts(kind="rapid", countries=())
    assert all(lack.cite for lack in completeness(Q, record, TODAY))


CHANGED: dict[str, tuple[dict[str, Any], str]] = {
    "no country": ({"countries": ()}, "country_missing"),
    "no team": ({"plan": replace(WHOLE.plan, team=(" ",))}, "team_missing"),
    "no dates": ({"plan": replace(WHOLE.plan, ends_on=None)}, "dates_missing"),
    "dates that run backward": (
        {"plan": replace(WHOLE.plan, ends_on=date(2026, 3, 1))},
        "dates_missing",
    ),
    "no host counterpart": ({"plan": replace(WHOLE.plan, hosts=())}, "hosts_missing"),
    "no visit": ({"visits": ()}, "visit_missing"),
    "a visit nowhere": ({"visits": (replace(VISIT, place=""),)}, "visit_missing"),
    "a visit to nobody": ({"visits": (replace(VISIT, host=""),)}, "visit_missing"),
    "a visit by nobody": ({"visits": (replace(VISIT, author_id=None),)}, "visit_missing"),
    "a visit to come": ({"visits": (replace(VISIT, ends_on=TOMORROW),)}, "visit_missing"),
    "an undated visit": ({"visits": (replace(VISIT, starts_on=None),)}, "visit_missing"),
    "a visit elsewhere": ({"visits": (replace(VISIT, country="UGA"),)}, "visit_missing"),
    "a triage question open": ({"answers": without("B2.3")}, "section_unanswered"),
    "a rights question open": ({"answers": without("rights.privacy")}, "section_unanswered"),
    "a rights no without reason": (
        {"answers": (*without("rights.privacy"), says("rights.privacy", "no"))},
        "section_unanswered",
    ),
    "a claim without evidence": (
        {"answers": (*without("B2.3"), says("B2.3", "yes"))},
        "claim_without_evidence",
    ),
    "a waiver without reason": ({"waived_areas": {"B": " "}}, "waiver_without_reason"),
    "no risk assessment": ({"risk": None}, "risk_missing"),
    "an undated risk assessment": ({"risk": replace(RISK, dated=None)}, "risk_undated"),
    "a risk assessment to come": ({"risk": replace(RISK, dated=TOMORROW)}, "risk_in_future"),
    "a risk assessment by nobody": ({"risk": replace(RISK, author_id=None)}, "risk_authorless"),
    "no risk factor": ({"risk": risk(regional_factors=[" "])}, "risk_group_missing"),
    "no threat": ({"risk": risk(threats_gain="")}, "risk_group_missing"),
    "no sector": ({"risk": risk(sectors=[])}, "risk_field_missing"),
    "a likelihood off the scale": ({"risk": risk(likelihood="huge")}, "risk_field_missing"),
    "no State group heard": ({"consultations": HEARD[1:]}, "consultation_missing"),
    "only State groups heard": ({"consultations": HEARD[:1]}, "consultation_missing"),
    "a group asked but not heard": (
        {"consultations": (replace(HEARD[0], consulted=False), HEARD[1])},
        "consultation_missing",
    ),
    "a consultation to come": (
        {"consultations": (replace(HEARD[0], held_on=TOMORROW), HEARD[1])},
        "consultation_missing",
    ),
    "a consultation with nobody named": (
        {"consultations": (HEARD[0], replace(HEARD[1], who=" "))},
        "consultation_missing",
    ),
    "an unknown group": (
        {"consultations": (HEARD[0], replace(HEARD[1], group="friends"))},
        "consultation_missing",
    ),
    "no finding": ({"findings": 0}, "finding_missing"),
    "no signature": ({"signature": None}, "unsigned"),
    "a signature to come": ({"signature": SignatureFact(ASSESSOR, TOMORROW)}, "unsigned"),
    "a signature of nobody": ({"signature": SignatureFact(None, TODAY)}, "unsigned"),
    "no countersignature": ({"countersignature": None}, "not_countersigned"),
    "one person signing twice": (
        {"countersignature": SignatureFact(ASSESSOR, TODAY)},
        "countersigned_by_signer",
    ),
    "no acknowledgement": ({"acknowledgements": ()}, "not_acknowledged"),
    "an acknowledgement by nobody": (
        {"acknowledgements": (AcknowledgementFact("KEN", None, TODAY),)},
        "not_acknowledged",
    ),
    "an acknowledgement to come": (
        {"acknowledgements": (AcknowledgementFact("KEN", MINISTER, TOMORROW),)},
        "not_acknowledged",
    ),
}


@pytest.mark.parametrize("fault", CHANGED)
def test_one_fault_is_the_one_lack(fault: str) -> None:
    change, code = CHANGED[fault]
    assert codes(replace(WHOLE, **change)) == [code]


def test_a_lack_names_the_open_questions_of_its_section() -> None:
    record = replace(WHOLE, answers=without("B2.3", "B4d.3"))
    params: dict[str, str | int] = {"section": "B", "count": 2, "questions": "B2.3, B4d.3"}
    assert lacks(record) == [("assessment.section_unanswered", params)]


def test_a_visit_that_does_not_count_says_why() -> None:
    record = replace(WHOLE, visits=(replace(VISIT, ends_on=TOMORROW),))
    params: dict[str, str | int] = {"country": "KEN", "reason": "future"}
    assert lacks(record) == [("assessment.visit_missing", params)]


@pytest.mark.parametrize("fault", WORTHLESS)
def test_worthless_evidence_carries_no_claim(fault: str) -> None:
    claim = says("C7.3", "yes", WORTHLESS[fault])
    record = replace(WHOLE, answers=(*without("C7.3"), claim))
    params: dict[str, str | int] = {"question": "C7.3", "level": 3}
    assert lacks(record) == [("assessment.claim_without_evidence", params)]


def test_a_claim_of_level_2_needs_no_evidence_to_complete() -> None:
    answers = (*without("C7.3"), says("C7.3", "no"), says("C7.2", "yes"))
    assert lacks(replace(WHOLE, answers=answers)) == []


def test_an_area_waived_with_a_reason_need_not_be_answered() -> None:
    answers = tuple(a for a in WHOLE.answers if not a.question.startswith("B"))
    record = replace(WHOLE, answers=answers, waived_areas={"B": "Assessed by others in 2025."})
    assert lacks(record) == []


def test_not_all_areas_can_be_waived() -> None:
    record = replace(WHOLE, waived_areas=dict.fromkeys("ABCDE", "No time."))
    assert codes(record) == ["all_areas_waived"]


def test_a_regional_assessment_needs_every_country_visited_and_heard() -> None:
    both = replace(WHOLE, countries=("KEN", "UGA"))
    assert [(code, params["country"]) for code, params in lacks(both)] == [
        ("assessment.visit_missing", "UGA"),
        ("assessment.not_acknowledged", "UGA"),
    ]
    record = replace(
        both,
        visits=(VISIT, replace(VISIT, country="UGA", place="Kampala")),
        acknowledgements=(*WHOLE.acknowledgements, AcknowledgementFact("UGA", MINISTER, TODAY)),
    )
    assert lacks(record) == []


def test_a_rapid_assessment_asks_three_topics_and_the_short_rights_form() -> None:
    assert lacks(RAPID) == []
    assert codes(replace(RAPID, answers=RAPID.answers[1:])) == ["section_unanswered"]


@pytest.mark.parametrize("due", [None, TODAY])
def test_a_rapid_assessment_sets_a_later_date_for_the_comprehensive_one(due: date | None) -> None:
    assert codes(replace(RAPID, comprehensive_due=due)) == ["comprehensive_date_missing"]


def test_a_rapid_assessment_cannot_waive_its_areas() -> None:
    record = replace(RAPID, answers=(), waived_areas=dict.fromkeys("CD", "Urgent."))
    assert codes(record) == ["section_unanswered"] * 3


def test_a_rapid_assessment_is_still_in_country() -> None:
    assert codes(replace(RAPID, visits=())) == ["visit_missing"]


def test_a_self_assessment_needs_neither_visit_nor_countersignature() -> None:
    record = replace(
        WHOLE,
        kind="self",
        plan=replace(WHOLE.plan, hosts=()),
        visits=(),
        countersignature=None,
        acknowledgements=(),
        risk=None,
        consultations=(),
    )
    assert lacks(record) == []
    assert codes(replace(record, signature=None)) == ["unsigned"]


def test_a_reassessment_asks_as_much_as_the_first() -> None:
    assert lacks(replace(WHOLE, kind="reassessment")) == []
    assert codes(replace(WHOLE, kind="reassessment", visits=())) == ["visit_missing"]
