"""Reading facts: in groups, only when a guard asks for them, and for many requests at once."""

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from app.assessment import service as assessment
from app.delivery import service as delivery
from app.engine.machine import ACTING
from app.engine.packs import Pack
from app.lifecycle.facts import Facts
from app.matching import service as matching
from app.requests import duties
from app.requests import service as dossier
from app.requests.access import Standing
from app.screening import service as screening

Loader = Callable[[Session, Sequence[int]], Mapping[int, Any]]

DOSSIER: dict[str, Loader] = {
    "text": dossier.text_facts,
    "needs": dossier.need_facts,
    "clarifications": dossier.clarification_facts,
    "elements": dossier.element_verdicts,
    "records": dossier.record_facts,
    "consents": dossier.consent_facts,
    "conditions": dossier.open_conditions,
    ACTING: duties.acting_for,
}
ROOMS: dict[str, Callable[[Session, Pack, Sequence[int]], Mapping[int, Any]]] = {
    "assessment": assessment.assessment_facts,
    "screening": screening.screening_facts,
    "matching": matching.matching_facts,
    "delivery": delivery.delivery_facts,
}
GROUPS = frozenset(DOSSIER) | frozenset(ROOMS)


def read(
    session: Session,
    pack: Pack,
    standings: Collection[Standing],
    groups: Collection[str],
    now: datetime,
) -> dict[int, Facts]:
    """Return the facts of requests that follow one pack, by id.

    One query a group for all of them.
    """
    ids = [standing.id for standing in standings]
    found: dict[str, Mapping[int, Any]] = {}
    for group in groups:
        if group in DOSSIER:
            found[group] = DOSSIER[group](session, ids)
        else:
            found[group] = ROOMS[group](session, pack, ids)
    read_now = frozenset(groups)
    known = tuple(element.code for element in pack.areas.elements)
    return {
        standing.id: Facts(
            now=now,
            since=standing.since,
            countries=standing.countries,
            elements_known=known,
            read=read_now,
            **{
                group: values[standing.id]
                for group, values in found.items()
                if standing.id in values
            },
        )
        for standing in standings
    }


def still(
    groups: frozenset[str],
    standings: Collection[Standing],
    known: Mapping[int, Facts],
    now: datetime,
) -> dict[int, Facts]:
    """Return what was read of the dossier before a move without effects, where that is enough."""
    return {
        one.id: replace(known[one.id], now=now, since=one.since)
        for one in standings
        if one.id in known and groups <= known[one.id].read and groups <= DOSSIER.keys()
    }
