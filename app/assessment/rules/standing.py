"""How an assessment stands, for the guards of the workflow."""

from dataclasses import dataclass

from app.assessment.rules.facts import Lack
from app.kit.errors import Blocker


@dataclass(frozen=True, slots=True)
class AssessmentStanding:
    """What stands against the completion of a request's assessment, and who signed one for it.

    `signed_by` are the numbers of persons: four eyes rest on them (C7).
    """

    lacks: tuple[Blocker, ...]
    signed_by: frozenset[int]


def reason(lack: Lack) -> Blocker:
    """Return a lack as a reason against a move."""
    return Blocker(lack.code, lack.cite, lack.params)
