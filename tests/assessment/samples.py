"""An assessment that lacks nothing, and its parts: each test takes away what it is about."""

from dataclasses import replace
from datetime import date, timedelta

from app.assessment.rules import (
    AcknowledgementFact,
    AnswerFact,
    AnswerValue,
    AssessmentFacts,
    ConsultationFact,
    EvidenceFact,
    PlanFact,
    RiskFact,
    SignatureFact,
    VisitFact,
)
from app.engine.questionnaires import Questionnaire
from tests.packs import pack_text

Q = Questionnaire.model_validate(pack_text("questionnaires", "country_assessment"))

TODAY = date(2026, 3, 16)
TOMORROW = TODAY + timedelta(days=1)
ASSESSOR, REVIEWER, MINISTER = 7, 8, 9

LAW = EvidenceFact(
    "law", "Act 12 of 2021", date(2021, 5, 1), in_country=True, size=None, author_id=7
)
WORTHLESS = {
    "an empty attachment": replace(LAW, size=0),
    "a date in the future": replace(LAW, dated=TOMORROW),
    "no date": replace(LAW, dated=None),
    "no author": replace(LAW, author_id=None),
    "no source": replace(LAW, source="  "),
}


def says(question: str, value: AnswerValue, *evidence: EvidenceFact, note: str = "") -> AnswerFact:
    return AnswerFact(question, value, note, evidence, ASSESSOR, TODAY)


VISIT = VisitFact("KEN", "Nairobi", "Ministry of ICT", date(2026, 3, 2), date(2026, 3, 6), ASSESSOR)
RISK = RiskFact(
    {
        "threats_gain": "Mobile money fraud.",
        "regional_factors": ["Shared payment networks"],
        "sectors": ["finance"],
        "likelihood": "likely",
        "impact": "major",
        "sources": "Central bank report 2025.",
    },
    date(2026, 3, 10),
    ASSESSOR,
)
HEARD = (
    ConsultationFact("police", True, "Cybercrime unit", date(2026, 3, 3), ASSESSOR),
    ConsultationFact("academia", True, "University of Nairobi", date(2026, 3, 4), ASSESSOR),
)


def triage_answers() -> tuple[AnswerFact, ...]:
    return tuple(says(block.triage.code, "yes", LAW) for block in Q.blocks)


def rights_answers() -> tuple[AnswerFact, ...]:
    rights = next(section for section in Q.sections if section.code == "rights")
    return tuple(says(question.code, "yes") for question in rights.rights_questions)


WHOLE = AssessmentFacts(
    kind="comprehensive",
    countries=("KEN",),
    plan=PlanFact(("Amina",), date(2026, 3, 2), date(2026, 3, 6), ("Ministry of ICT",)),
    visits=(VISIT,),
    answers=triage_answers() + rights_answers(),
    consultations=HEARD,
    risk=RISK,
    findings=1,
    signature=SignatureFact(ASSESSOR, TODAY),
    countersignature=SignatureFact(REVIEWER, TODAY),
    acknowledgements=(AcknowledgementFact("KEN", MINISTER, TODAY),),
)


RAPID = replace(
    WHOLE,
    kind="rapid",
    answers=tuple(
        answer
        for answer in WHOLE.answers
        if answer.question in {"C7.3", "C8.3", "D9.3"}
        or answer.question
        in {
            "rights.privacy",
            "rights.expression",
            "rights.due_process",
            "rights.surveillance",
            "rights.vulnerable",
        }
    ),
    consultations=(),
    comprehensive_due=date(2026, 6, 30),
)
