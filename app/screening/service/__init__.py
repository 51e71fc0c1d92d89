"""What one can do in the screening room; split by subject, used as one module."""

from app.screening.service.deciding import confirm, decide
from app.screening.service.endings import appeal_of, carry_conditions, file_appeal, hear_appeal
from app.screening.service.findings import recheck, write_criterion, write_principle
from app.screening.service.reading import earlier_rounds, outlook, view_of
from app.screening.service.rounds import Words, current, known, open_round, screening_facts

__all__ = [
    "Words",
    "appeal_of",
    "carry_conditions",
    "confirm",
    "current",
    "decide",
    "earlier_rounds",
    "file_appeal",
    "hear_appeal",
    "known",
    "open_round",
    "outlook",
    "recheck",
    "screening_facts",
    "view_of",
    "write_criterion",
    "write_principle",
]
