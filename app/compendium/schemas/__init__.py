"""What doors take and give for the compendium; split by subject, used as one module."""

from app.compendium.schemas.changes import (
    ChangeBody,
    ChangesBody,
    ChangesView,
    ComparedView,
    Difference,
    FieldChange,
    ReviewBody,
)
from app.compendium.schemas.naming import FocalPointGap, FocalPointView
from app.compendium.schemas.views import (
    ArrangementView,
    CapacityView,
    EntityView,
    Entry,
    EntryVersion,
    Held,
    LeadView,
    MandateSearch,
    MandateView,
    StaleView,
    VersionView,
)

__all__ = [
    "ArrangementView",
    "CapacityView",
    "ChangeBody",
    "ChangesBody",
    "ChangesView",
    "ComparedView",
    "Difference",
    "EntityView",
    "Entry",
    "EntryVersion",
    "FieldChange",
    "FocalPointGap",
    "FocalPointView",
    "Held",
    "LeadView",
    "MandateSearch",
    "MandateView",
    "ReviewBody",
    "StaleView",
    "VersionView",
]
