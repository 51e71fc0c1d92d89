"""The three framework packs under one roof, and the check that they speak of the same codes."""

from app.engine.areas import Areas
from app.engine.entries import Cite, Framework, Part, Snake, Words, refuse_twins, refuse_unknown
from app.engine.mandates import Lead, Mandate, Mandates
from app.engine.principles import Principles

__all__ = [
    "Areas",
    "Cite",
    "Framework",
    "Mandates",
    "Part",
    "Principles",
    "Snake",
    "Words",
    "refuse_loose_ends",
    "refuse_twins",
    "refuse_unknown",
]


def refuse_loose_ends(areas: Areas, mandates: Mandates) -> None:
    """Raise ValueError when one of the two packs names a code that the other does not hold."""
    listed: list[Mandate | Lead] = [*mandates.mandates, *mandates.leads]
    refuse_unknown("topic", (code for part in listed for code in part.topics), areas.topic_by_code)
    refuse_unknown(
        "sensitivity",
        (code for part in listed for code in part.sensitivities),
        (entry.code for entry in areas.sensitivities),
    )
    refuse_unknown(
        "kind of assistance",
        (code for m in mandates.mandates for code in m.kinds),
        (entry.code for entry in areas.assistance_kinds),
    )
    refuse_unknown(
        "sector",
        (code for m in mandates.mandates for code in m.sectors),
        (entry.code for entry in areas.sectors),
    )
    refuse_unknown(
        "authority", (entry.authority for entry in areas.sensitivities), mandates.entity_by_code
    )
