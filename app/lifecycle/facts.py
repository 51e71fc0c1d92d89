"""Facts: a frozen picture of one request, all that guards may look at; pure."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from app.assessment.rules import AssessmentStanding
from app.delivery.rules import DeliveryFacts
from app.matching.rules import MatchingFacts
from app.requests.rules import ConsentFacts, NeedFacts, QuestionFacts, RecordFacts, TextFacts
from app.screening.rules import ScreeningFacts

NOBODY: frozenset[int] = frozenset()


@dataclass(frozen=True, slots=True)
class Facts:
    """A frozen picture of one request; a group that no guard asked for is left empty."""

    now: datetime
    since: datetime
    countries: frozenset[str]
    elements_known: tuple[str, ...] = ()
    read: frozenset[str] = frozenset()
    """The groups that were read; the others are left empty."""
    text: TextFacts | None = None
    needs: tuple[NeedFacts, ...] = ()
    clarifications: tuple[QuestionFacts, ...] = ()
    elements: Mapping[str, str] = field(default_factory=dict)
    records: tuple[RecordFacts, ...] = ()
    consents: tuple[ConsentFacts, ...] = ()
    conditions: tuple[int, ...] = ()
    assessment: AssessmentStanding | None = None
    screening: ScreeningFacts | None = None
    matching: MatchingFacts | None = None
    delivery: DeliveryFacts | None = None
    acting: Mapping[int, frozenset[int]] = field(default_factory=dict)

    @property
    def people(self) -> Mapping[str, frozenset[int]]:
        """Who did what, by the names that definitions use in `distinct_from`.

        Whoever a deed was done for counts as well as who did it (`acting`).
        """
        author = self.delivery.closing_author if self.delivery else None
        did = {
            "assessment.signed_by": self.assessment.signed_by if self.assessment else NOBODY,
            "screening.involved": self.screening.involved if self.screening else NOBODY,
            "delivery.closing_author": frozenset([author]) if author else NOBODY,
        }
        return {
            name: people.union(*(self.acting.get(one, NOBODY) for one in people))
            for name, people in did.items()
        }


PERSONS = frozenset({"assessment.signed_by", "screening.involved", "delivery.closing_author"})
"""The names that `distinct_from` may use; the part before the dot is the group they come from."""
