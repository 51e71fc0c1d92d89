"""Where requests stand, whence they come and what they are about, as lines."""

from collections.abc import Sequence
from typing import Literal

from app.directory.countries import COMMISSIONS, SPECIAL_SITUATIONS, load_countries
from app.reports.counting import BETWEEN, Counts
from app.reports.schemas import PlaceLine, StateLine, TopicLine
from app.reports.wording import Speech, leading

NOTHING = (0, 0, 0)
REGIONS = tuple(sorted({country.region for country in load_countries()}))


def pipeline(speech: Speech, found: Counts) -> list[StateLine]:
    """Return every state with how many requests stand there, and how many of them are late."""
    lines = []
    for state, stage, label in speech.states():
        count, overdue = found.get(state, (0, 0))
        lines.append(
            StateLine(
                state=state,
                label=label,
                stage=stage,
                requests=count,
                overdue=overdue,
                filter=leading(state=state),
                overdue_filter=leading(state=state, overdue=True, sort="due"),
            )
        )
    return lines


def places(found: Counts) -> list[PlaceLine]:
    """Return each region, commission and group with its requests: all, open and late."""
    groups = sorted(SPECIAL_SITUATIONS), sorted(COMMISSIONS)
    return [
        *(_place("region", one, found.get(f"region{BETWEEN}{one}", NOTHING)) for one in REGIONS),
        *(_place("group", one, found.get(f"group{BETWEEN}{one}", NOTHING)) for one in groups[0]),
        *(
            _place("commission", one, found.get(f"group{BETWEEN}{one}", NOTHING))
            for one in groups[1]
        ),
    ]


def _place(
    kind: Literal["region", "commission", "group"], place: str, counts: Sequence[int]
) -> PlaceLine:
    every, still, late = counts
    where = {"region" if kind == "region" else "group": place}
    return PlaceLine(
        kind=kind,
        place=place,
        requests=every,
        open=still,
        overdue=late,
        filter=leading(**where),
        open_filter=leading(**where, open=True),
        overdue_filter=leading(**where, overdue=True, sort="due"),
    )


def topics(speech: Speech, found: Counts) -> list[TopicLine]:
    """Return each area and each of its topics with the needs and requests that name it."""
    return [
        _topic(
            (area, topic, label), found.get(f"{area}{BETWEEN}{topic}" if topic else area, NOTHING)
        )
        for area, topic, label in speech.topics()
    ]


def _topic(named: tuple[str, str, str], counts: Sequence[int]) -> TopicLine:
    area, topic, label = named
    needs, requests, still = counts
    about = {"topic": topic} if topic else {"area": area}
    return TopicLine(
        area=area,
        topic=topic,
        label=label,
        needs=needs,
        requests=requests,
        open=still,
        filter=leading(**about),
        open_filter=leading(**about, open=True),
    )
