"""What help has changed: maturity before and after, as claimed and as evidenced (F35, C50)."""

from collections import defaultdict

from sqlalchemy.orm import Session

from app.assessment import service as assessment
from app.assessment.service.gains import Gain
from app.directory.actor import Actor
from app.engine.packs import Shelf
from app.reports.rules import mean
from app.reports.schemas import GainLine
from app.reports.scope import within
from app.reports.wording import Speech

MOST_REQUESTS = 200


def gained(session: Session, shelf: Shelf, speech: Speech, actor: Actor) -> list[GainLine]:
    """Return the mean levels of each topic before and after help.

    Of the requests that were reassessed last, and that the reader may read within.
    """
    by_topic: dict[str, list[Gain]] = defaultdict(list)
    for one in assessment.gains(session, shelf, within(actor), MOST_REQUESTS):
        by_topic[one.topic].append(one)
    labels = speech.blocks()
    return [
        _line(topic, label, by_topic[topic]) for topic, label in labels.items() if topic in by_topic
    ]


def _line(topic: str, label: str, gains: list[Gain]) -> GainLine:
    before = mean([one.before.evidenced for one in gains])
    after = mean([one.after.evidenced for one in gains])
    return GainLine(
        topic=topic,
        label=label,
        requests=len(gains),
        claimed_before=mean([one.before.claimed for one in gains]),
        claimed_after=mean([one.after.claimed for one in gains]),
        evidenced_before=before,
        evidenced_after=after,
        gain=round(after - before, 2),
        references=[one.reference for one in gains],
    )
