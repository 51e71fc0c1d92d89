"""What doors give for those who answer for an entity."""

from app.compendium.schemas.views import Entry, Held


class FocalPointView(Held):
    """The person who answers for an entity: its primary focal point, or the alternate (F53, fc)."""

    code: str
    entity: str
    part: str
    person_id: int
    name: str
    cite: list[str]


class FocalPointGap(Entry):
    """An entity whose primary focal point cannot be reached, now or soon.

    `reason` is none, suspended, without_role or ending; `alternate` says whether an alternate
    answers meanwhile. Without one, what the entity is asked waits.
    """

    entity: str
    reason: str
    alternate: bool
