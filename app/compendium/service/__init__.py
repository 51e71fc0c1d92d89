"""What one can do with the compendium; split by subject, used as one module."""

from app.compendium.service.effects import Due, due, effected, pending, wished
from app.compendium.service.exchanging import compared, taken_out, weighed
from app.compendium.service.freshness import remind, stale
from app.compendium.service.gaps import gaps
from app.compendium.service.loading import load
from app.compendium.service.naming import focal_points, reachable, reached
from app.compendium.service.pictures import Picture, picture
from app.compendium.service.proposing import propose
from app.compendium.service.reading import (
    arrangements,
    capacities,
    entities,
    entity,
    history,
    known,
    leads,
    mandates,
    version,
    versions,
)
from app.compendium.service.recording import Change, Stamp, record
from app.compendium.service.reviewing import (
    changes_of,
    proposal,
    proposals,
    review,
    reviewable,
    view_of,
    withdraw,
)

__all__ = [
    "Change",
    "Due",
    "Picture",
    "Stamp",
    "arrangements",
    "capacities",
    "changes_of",
    "compared",
    "due",
    "effected",
    "entities",
    "entity",
    "focal_points",
    "gaps",
    "history",
    "known",
    "leads",
    "load",
    "mandates",
    "pending",
    "picture",
    "proposal",
    "proposals",
    "propose",
    "reachable",
    "reached",
    "record",
    "remind",
    "review",
    "reviewable",
    "stale",
    "taken_out",
    "version",
    "versions",
    "view_of",
    "weighed",
    "wished",
    "withdraw",
]
