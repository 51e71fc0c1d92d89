"""Naming who answers for an entity, in a test's database: recorded by the house itself."""

from datetime import date, timedelta

from app.compendium import entries
from app.compendium import service as compendium
from app.compendium.service import Change, Stamp
from app.compendium.service.following import follow
from app.kit import clock
from app.kit.db import Session

PRIMARY, ALTERNATE = "primary", "alternate"


def change(entity: str, person: int, part: str = PRIMARY, until: date | None = None) -> Change:
    """Return that a person answers for an entity, up to a day if one is given."""
    told = {
        "entity": entity,
        "part": part,
        "person_id": person,
        "valid_from": date(2020, 1, 1),
        "valid_to": until,
        "review_by": clock.today() + timedelta(days=365),
    }
    return Change("focal_point", entries.read("focal_point", told))


def name(session: Session, *changes: Change, ahead: timedelta = timedelta(0)) -> None:
    """Record who answers, from now on or a time ahead; the grants follow."""
    now = clock.now()
    made = compendium.record(session, changes, Stamp(now, now + ahead, "a test"))
    follow(session, None, made, changes)
