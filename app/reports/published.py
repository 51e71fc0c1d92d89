"""What is told to everyone: totals without small numbers, and summaries that countries consent to.

Both are read in the narrowest sight that holds all of it: filed requests of the ordinary level, as
a program of the whole house sees them. What is held in confidence is counted nowhere in public.
"""

from collections import defaultdict
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from app.directory.countries import SPECIAL_SITUATIONS
from app.kit.db import table_of
from app.kit.pages import Page, cut, decode
from app.kit.rows import seeing
from app.reports.counting import BETWEEN, Counts
from app.reports.keeping import WIDE, counts
from app.reports.rules import SMALLEST, published
from app.reports.schemas import PublicFigures, PublicLine, PublishedView
from app.reports.scope import ENDED, R
from app.reports.spread import REGIONS
from app.reports.wording import Speech
from app.requests import access
from app.requests.service import publication
from app.requests.service.filters import ASKED_FOR, N
from app.requests.service.reading import countries_of
from app.requests.tables import Consent

EVERYONE = WIDE["program"]
"""Who everyone is, where it comes to sight: nobody, who sees what a program of the house sees."""
S = table_of(Consent)
SAID: sa.ColumnElement[str] = sa.literal_column(f"'{publication.PUBLICATION}'")
"""Written out, so that SQLite reads the index of what was said on publication."""


def figures(session: Session, speech: Speech, now: datetime) -> PublicFigures:
    """Return the totals by stage, region, group and area, of the day; none of fewer than five."""
    with seeing(session, "program"):
        states, places, needs = (
            counts(session, EVERYONE, name, now)[0] for name in ("states", "places", "needs")
        )
    stages: dict[str, int] = {}
    for state, stage, _ in speech.states():
        stages[stage] = stages.get(stage, 0) + states.get(state, [0])[0]
    ended = stages.pop(ENDED, 0)
    lines = [_line(stage, count) for stage, count in [*stages.items(), (ENDED, ended)]]
    known = [(area, label) for area, topic, label in speech.topics() if not topic]
    regions = [_line(one, _first(places, f"region{BETWEEN}{one}")) for one in REGIONS]
    groups = [_line(g, _first(places, f"group{BETWEEN}{g}")) for g in sorted(SPECIAL_SITUATIONS)]
    areas = [_line(area, needs.get(area, [0, 0])[1], label) for area, label in known]
    # From what is published alone: a request has one stage, and may have several regions and areas.
    largest = [line.requests or 0 for line in (*regions, *groups, *areas)]
    return PublicFigures(
        as_of=now.date(),
        smallest=SMALLEST,
        at_least=max(sum(line.requests or 0 for line in lines), *largest),
        stages=lines,
        regions=regions,
        groups=groups,
        areas=areas,
    )


def _first(found: Counts, code: str) -> int:
    return found.get(code, [0])[0]


def _line(code: str, count: int, label: str = "") -> PublicLine:
    return PublicLine(code=code, label=label, requests=published(count))


def summaries(
    session: Session, speech: Speech, cursor: str | None, limit: int
) -> Page[PublishedView]:
    """Return requests that every country of theirs consents to publish, newest first.

    Raises Malformed for a cursor that is not of this list.
    """
    after = decode(cursor, (int,))[0] if cursor else None
    with seeing(session, "program"):
        rows = session.execute(_consented(after).limit(limit + 1)).all()
        found = cut(rows, limit, lambda row: [row.id])
        ids = [row.id for row in found.rows]
        countries, areas = countries_of(session, ids), _areas(session, ids)
    said = speech.public()
    views = [
        PublishedView(
            reference=row.reference,
            title=row.title,
            summary=row.summary,
            language=row.language,
            countries=countries[row.id],
            areas=areas[row.id],
            status=said.get(row.state, row.state),
            filed_on=row.filed_at.date(),
        )
        for row in found.rows
    ]
    return Page(views, found.next)


def _consented(after: int | None) -> sa.Select[Any]:
    """Return the query for what may be published, of what a country has said something about."""
    before = [] if after is None else [S.c.request_id < after]
    # One row a request, in the order of the index: no earlier word of the same request.
    other = S.alias("earlier_words")
    same = (other.c.request_id == S.c.request_id, other.c.subject == SAID)
    first = sa.not_(sa.exists().where(*same, other.c.id < S.c.id).correlate(S))
    names = ("id", "reference", "title", "summary", "language", "state", "filed_at")
    return (
        sa.select(*(R.c[name] for name in names))
        .join_from(S, R, R.c.id == S.c.request_id)
        .where(
            S.c.subject == SAID,
            *before,
            first,
            R.c.title != "",  # an erased request has none, and what was said of it stays
            access.visible(EVERYONE),
            publication.published(R.c.id),
        )
        .order_by(S.c.request_id.desc())
    )


def _areas(session: Session, ids: list[int]) -> dict[int, list[str]]:
    query = sa.select(N.c.request_id, N.c.area).distinct().order_by(N.c.request_id, N.c.area)
    found: dict[int, list[str]] = defaultdict(list)
    for owner, area in session.execute(query.where(N.c.request_id.in_(ids), ASKED_FOR)):
        found[owner].append(area)
    return found
