"""What one can do in the matching room; split by subject, used as one module."""

from app.matching.service.answers import consent, respond
from app.matching.service.facts import matching_facts
from app.matching.service.offers import offers
from app.matching.service.proposals import (
    accept,
    assign,
    decline,
    offer,
    prepare,
    supersede,
)
from app.matching.service.reading import line_of, overview, proposal, proposals, view_of

__all__ = [
    "accept",
    "assign",
    "consent",
    "decline",
    "line_of",
    "matching_facts",
    "offer",
    "offers",
    "overview",
    "prepare",
    "proposal",
    "proposals",
    "respond",
    "supersede",
    "view_of",
]
