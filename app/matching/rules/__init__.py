"""What the matching room knows by rule: its facts, and which mandate reaches which need; pure."""

from app.matching.rules.apart import set_apart
from app.matching.rules.basis import cited
from app.matching.rules.eligibility import (
    Ground,
    candidates,
    heard,
    interested,
    standing,
)
from app.matching.rules.facts import MatchingFacts
from app.matching.rules.going_on import Held, going_on
from app.matching.rules.scope import Scope, limit_of, on_matter, on_topic, side_of, sided
from app.matching.rules.work import Work, overlaps

__all__ = [
    "Ground",
    "Held",
    "MatchingFacts",
    "Scope",
    "Work",
    "candidates",
    "cited",
    "going_on",
    "heard",
    "interested",
    "limit_of",
    "on_matter",
    "on_topic",
    "overlaps",
    "set_apart",
    "side_of",
    "sided",
    "standing",
]
