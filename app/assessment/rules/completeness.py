"""Everything that stands against completing an assessment, said at once (F17, F32, F41).

A date in the future, a missing author or an empty attachment completes nothing.
"""

from collections.abc import Callable, Iterator
from datetime import date

from app.assessment.rules import conduct, content
from app.assessment.rules.facts import AssessmentFacts, Lack, counted
from app.assessment.rules.kinds import KINDS
from app.assessment.rules.view import View
from app.engine.questionnaires import Questionnaire

_PARTS: tuple[Callable[[View], Iterator[Lack]], ...] = (
    conduct.plan,
    conduct.visits,
    content.areas,
    content.claims,
    content.risk,
    content.rights,
    content.consultations,
    content.findings,
    conduct.signatures,
    conduct.acknowledgements,
    conduct.follow_up,
)


def completeness(questionnaire: Questionnaire, record: AssessmentFacts, today: date) -> list[Lack]:
    """Return every lack of `record`, empty when it is complete."""
    view = View(questionnaire, record, KINDS[record.kind], counted(record.answers, today), today)
    return [lack for part in _PARTS for lack in part(view)]
