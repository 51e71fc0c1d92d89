"""What doors give of the reports."""

from pydantic import BaseModel, ConfigDict

from app.reports.rules import Standing


class TopicStanding(BaseModel):
    """One topic: how many open needs and requests ask for it, who gives help, who leads in it.

    `demand` counts what the reader may see. A need that names only its area counts for that area,
    whose line has the area's letter as its topic.
    """

    model_config = ConfigDict(frozen=True)

    topic: str
    label: str
    demand: int
    requests: int
    holders: list[str]
    leads: list[str]
    standing: Standing


class AtlasView(BaseModel):
    """The atlas of orphans and overlaps: every topic, as of a moment, as then known (C69)."""

    model_config = ConfigDict(frozen=True)

    version: int
    topics: list[TopicStanding]
