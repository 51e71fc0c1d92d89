"""What one can do in the matching room; split by subject, used as one module."""

from app.matching.service.answers import consent, respond
from app.matching.service.basis import changes, confirm_basis
from app.matching.service.facts import matching_facts
from app.matching.service.impact import carry_out, impact, shift_of, take_effect, waiting
from app.matching.service.marks import mark_need
from app.matching.service.offers import offers
from app.matching.service.portfolio import (
    ask_portfolio,
    keep_plan,
    line_of_portfolio,
    portfolio,
    portfolio_problem,
    portfolios,
    portfolios_to_plan,
    portfolios_wait,
    view_of_portfolio,
)
from app.matching.service.preparing import prepare
from app.matching.service.proposals import accept, assign, decline, offer, supersede
from app.matching.service.reading import line_of, overview, proposal, proposals, view_of
from app.matching.service.replacing import (
    decline_replacement,
    end_replacement,
    offer_replacement,
)
from app.matching.service.solving import UnplannedError, solve

__all__ = [
    "UnplannedError",
    "accept",
    "ask_portfolio",
    "assign",
    "carry_out",
    "changes",
    "confirm_basis",
    "consent",
    "decline",
    "decline_replacement",
    "end_replacement",
    "impact",
    "keep_plan",
    "line_of",
    "line_of_portfolio",
    "mark_need",
    "matching_facts",
    "offer",
    "offer_replacement",
    "offers",
    "overview",
    "portfolio",
    "portfolio_problem",
    "portfolios",
    "portfolios_to_plan",
    "portfolios_wait",
    "prepare",
    "proposal",
    "proposals",
    "respond",
    "shift_of",
    "solve",
    "supersede",
    "take_effect",
    "view_of",
    "view_of_portfolio",
    "waiting",
]
