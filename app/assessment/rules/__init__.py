"""The pure rules of assessment: what answers prove, what is still lacking, what has changed."""

from app.assessment.rules.comparison import Change, TopicChange, comparison, topic_changes
from app.assessment.rules.completeness import completeness
from app.assessment.rules.facts import (
    AcknowledgementFact,
    AnswerFact,
    AnswerValue,
    AssessmentFacts,
    ConsultationFact,
    EvidenceFact,
    EvidenceKind,
    Lack,
    PlanFact,
    RiskFact,
    SignatureFact,
    VisitFact,
    counts,
    is_answer,
    is_evidenced,
)
from app.assessment.rules.kinds import KINDS, RAPID_ASSISTANCE, allowed_kinds, opens_gate
from app.assessment.rules.planning import (
    VALID_DAYS,
    PlanningFacts,
    against_planning,
    valid_until,
)
from app.assessment.rules.scoring import (
    AreaProfile,
    Profile,
    TopicLevel,
    TopicProfile,
    next_questions,
    profile,
    topic_levels,
)
from app.assessment.rules.standing import AssessmentStanding, reason

__all__ = [
    "KINDS",
    "RAPID_ASSISTANCE",
    "VALID_DAYS",
    "AcknowledgementFact",
    "AnswerFact",
    "AnswerValue",
    "AreaProfile",
    "AssessmentFacts",
    "AssessmentStanding",
    "Change",
    "ConsultationFact",
    "EvidenceFact",
    "EvidenceKind",
    "Lack",
    "PlanFact",
    "PlanningFacts",
    "Profile",
    "RiskFact",
    "SignatureFact",
    "TopicChange",
    "TopicLevel",
    "TopicProfile",
    "VisitFact",
    "against_planning",
    "allowed_kinds",
    "comparison",
    "completeness",
    "counts",
    "is_answer",
    "is_evidenced",
    "next_questions",
    "opens_gate",
    "profile",
    "reason",
    "topic_changes",
    "topic_levels",
    "valid_until",
]
