"""What one can do in the matching room; split by subject, used as one module."""

from app.matching.service.answers import consent, respond
from app.matching.service.basis import changes, confirm_basis
from app.matching.service.facts import matching_facts
from app.matching.service.impact import carry_out, impact, shift_of, take_effect, waiting
from app.matching.service.marks import mark_need
from app.matching.service.offers import offers
from app.matching.service.preparing import prepare
from app.matching.service.proposals import accept, assign, decline, offer, supersede
from app.matching.service.reading import line_of, overview, proposal, proposals, view_of
from app.matching.service.replacing import (
    decline_replacement,
    end_replacement,
    offer_replacement,
)

__all__ = [
    "accept",
    "assign",
    "carry_out",
    "changes",
    "confirm_basis",
    "consent",
    "decline",
    "decline_replacement",
    "end_replacement",
    "impact",
    "line_of",
    "mark_need",
    "matching_facts",
    "offer",
    "offer_replacement",
    "offers",
    "overview",
    "prepare",
    "proposal",
    "proposals",
    "respond",
    "shift_of",
    "supersede",
    "take_effect",
    "view_of",
    "waiting",
]
