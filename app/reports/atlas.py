"""The atlas of orphans and overlaps: demand against mandates, topic by topic (C69)."""

from collections import defaultdict
from collections.abc import Mapping
from datetime import date, datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session

from app.compendium import service as compendium
from app.compendium.rules import meets
from app.compendium.service import Picture
from app.directory.actor import Actor
from app.engine.areas import Areas
from app.engine.mandates import GIVES_HELP
from app.reports.rules import standing_of
from app.reports.schemas import AtlasView, TopicStanding
from app.requests import access
from app.requests.tables import AssistanceRequest, Need

R = AssistanceRequest
Demand = Mapping[tuple[str, str], tuple[int, int]]
"""Open needs and requests, by area and topic."""


def atlas(
    session: Session, areas: Areas, actor: Actor, as_of: date, known_at: datetime
) -> AtlasView:
    """Return every topic with what is asked of it in the open requests that the actor sees."""
    found = compendium.picture(session, as_of, known_at)
    demand = _demand(session, actor)
    named = [(topic.code[0], topic.code, topic.label) for topic in areas.topics]
    whole = [(area.code, "", area.label) for area in areas.areas]
    return AtlasView(
        version=found.version,
        topics=[
            _standing(found, demand, area, topic, label) for area, topic, label in named + whole
        ],
    )


def _demand(session: Session, actor: Actor) -> Demand:
    query = (
        sa.select(Need.area, Need.topic, sa.func.count(), sa.func.count(Need.request_id.distinct()))
        .join(R, R.id == Need.request_id)
        .where(
            access.visible(actor),
            R.filed_at.is_not(None),
            R.stage != "ended",
            Need.dropped.is_(False),
        )
        .group_by(Need.area, Need.topic)
    )
    found: dict[tuple[str, str], tuple[int, int]] = defaultdict(lambda: (0, 0))
    for area, topic, needs, requests in session.execute(query):
        found[(area, topic)] = (needs, requests)
    return found


def _standing(found: Picture, demand: Demand, area: str, topic: str, label: str) -> TopicStanding:
    needs, requests = demand[(area, topic)]
    holders = {
        one.entity
        for one in found.mandates
        if one.role in GIVES_HELP
        and meets(area, topic, one.topics)
        and found.entities[one.entity].assignable
    }
    leads = {
        one.entity
        for one in found.leads
        if one.entity in holders and topic and meets(area, topic, one.topics)
    }
    leads |= {
        one.entity
        for one in found.mandates
        if one.role == "lead" and topic and meets(area, topic, one.topics)
    }
    return TopicStanding(
        topic=topic or area,
        label=label,
        demand=needs,
        requests=requests,
        holders=sorted(holders),
        leads=sorted(leads),
        standing=standing_of(needs, holders, leads),
    )
