"""What one can do in the delivery room; split by subject, used as one module."""

from app.delivery.service.activities import add_activity, change_status, edit_activity, find
from app.delivery.service.parting import leave, name_lead
from app.delivery.service.programme import (
    delivery_facts,
    lead_of,
    lesson_of,
    open_programme,
    stop_activities,
)
from app.delivery.service.reading import activity_of, view_of
from app.delivery.service.results import add_indicator, close, measure, report

__all__ = [
    "activity_of",
    "add_activity",
    "add_indicator",
    "change_status",
    "close",
    "delivery_facts",
    "edit_activity",
    "find",
    "lead_of",
    "leave",
    "lesson_of",
    "measure",
    "name_lead",
    "open_programme",
    "report",
    "stop_activities",
    "view_of",
]
