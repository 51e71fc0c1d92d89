"""Who should help: an exact and explained choice, from values to values.

`propose(inputs)` covers every need that somebody eligible may cover and, among all sets that do so,
takes the first in this order:

1. the best holders: the sum over the needs of the rank of the best holder in the set (RANKS): a
   lead, or a mandate made for the very matter, comes before plain competence, and that before a
   regional commission (F8, F9, F11, F12);
2. the fewest entities, so that nothing is doubled without a reason (F53);
3. the best grounds: a mandate that the text states comes before one that is read out of it;
4. the first by entity codes, so that equal cases are decided alike whoever asks.

The order of 1 before 2 can be argued: it prefers two entities that lead in their subjects to one
that is merely competent in both. Mandates stand above economy (F41), hence this order.

Two parties of an arrangement are both in the set when the needs span both of their sides (F10).
Each then answers for the needs of its side that it holds, before the other party, takes part in
those that belong to both sides, and leads with the other.

`explain(inputs)` adds what would change the proposal, and is what is stored.
"""

from app.matching.optimiser.explaining import explain
from app.matching.optimiser.outcome import (
    AlternativeOut,
    ArrangementOut,
    AssignmentOut,
    ChangeOut,
    ProofOut,
    Proposal,
    UncoveredOut,
    WhatIfOut,
    WhyNotOut,
)
from app.matching.optimiser.proposing import propose
from app.matching.optimiser.reasons import APART
from app.matching.optimiser.values import (
    GROUNDS,
    RANKS,
    ArrangementIn,
    CandidateIn,
    HeardIn,
    HoldIn,
    Inputs,
    InterestedIn,
    KeptIn,
    LimitIn,
    NeedIn,
    OverlapIn,
)

__all__ = [
    "APART",
    "GROUNDS",
    "RANKS",
    "AlternativeOut",
    "ArrangementIn",
    "ArrangementOut",
    "AssignmentOut",
    "CandidateIn",
    "ChangeOut",
    "HeardIn",
    "HoldIn",
    "Inputs",
    "InterestedIn",
    "KeptIn",
    "LimitIn",
    "NeedIn",
    "OverlapIn",
    "ProofOut",
    "Proposal",
    "UncoveredOut",
    "WhatIfOut",
    "WhyNotOut",
    "explain",
    "propose",
]
