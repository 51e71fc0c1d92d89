"""What every completeness rule looks at: the record beside its questionnaire, on one day."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from app.assessment.rules.facts import AnswerFact, AssessmentFacts, SignatureFact, happened
from app.assessment.rules.kinds import KindRule
from app.engine.questionnaires import Questionnaire, Section, SectionKind


@dataclass(frozen=True, slots=True)
class View:
    """What every part looks at: the record beside the questionnaire, on one day."""

    questionnaire: Questionnaire
    record: AssessmentFacts
    rule: KindRule
    answers: Mapping[str, AnswerFact]
    today: date

    def sections(self, kind: SectionKind) -> list[Section]:
        """Return the sections of `kind` that this assessment must answer."""
        required = self.questionnaire.required_sections(self.record.kind)
        return [section for section in required if section.kind is kind]

    def signed(self, signature: SignatureFact | None) -> bool:
        """Return whether a signature has a person and a day that has come."""
        return (
            signature is not None
            and signature.person_id is not None
            and happened(signature.signed_on, self.today)
        )
