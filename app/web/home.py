"""Home: what waits for me, what waits for others, and what changed since I was here."""

from datetime import datetime, timedelta

from fastapi import Response

from app.accounts import sessions
from app.directory.actor import Actor
from app.engine.packs import Shelf
from app.kit import clock
from app.requests import service as dossier
from app.requests.schemas import RequestLine
from app.requests.service import news
from app.requests.service.filters import Search
from app.web.errands import errands_of
from app.web.lists import lines_of
from app.web.visit import AtVisit, Visit, router
from app.webhooks import service as webhooks

api = router()
SHOWN = 8
LOOK_BACK = timedelta(days=7)


@api.get("/")
def page_home(desk: AtVisit) -> Response:
    """Show what waits, for whom, and what changed."""
    mine, others = turns(desk.shelf, desk.actor)
    since = last_here(desk)
    dated, undated, waits, changed = _lists(desk, mine, others, since)
    waiting = list({one.reference: one for one in (*dated, *undated)}.values())[:SHOWN]
    shown = {
        "name": desk.actor.name,
        "errands": errands_of(desk, SHOWN),
        "waiting": waiting,
        "waiting_more": len(waiting) == SHOWN,
        "mine": mine,
        "others": waits,
        "others_more": len(waits) == SHOWN,
        "elsewhere": others,
        "turn_of": turn_of(desk.shelf),
        "changed": changed,
        "news": news.since(desk.session, desk.actor, [c.reference for c in changed], since),
        "stopped": webhooks.any_disabled(desk.session, desk.actor),
        "since": since,
        "now": clock.now(),
        "grants": desk.actor.grants,
    }
    return desk.page("home.html", shown)


def turns(shelf: Shelf, actor: Actor) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Return the states in which it is this person's turn, and those in which it is others'."""
    roles = {grant.role for grant in actor.grants}
    mine: dict[str, None] = {}
    others: dict[str, None] = {}
    for pack in shelf:
        for name, state in pack.definition.states.items():
            if not state.final:
                (mine if roles.intersection(state.turn) else others)[name] = None
    return tuple(mine), tuple(one for one in others if one not in mine)


def turn_of(shelf: Shelf) -> dict[str, tuple[str, ...]]:
    """Return whose turn it is in each state, by its newest definition."""
    return {name: state.turn for pack in shelf for name, state in pack.definition.states.items()}


def _lists(
    desk: Visit, mine: tuple[str, ...], others: tuple[str, ...], since: datetime
) -> list[list[RequestLine]]:
    """Return what waits for this person with a date and without, for others, and what changed."""
    asked = (
        Search(state=mine, sort="due"),
        Search(state=mine, sort="-updated"),
        Search(state=others, sort="due"),
        Search(updated_since=since, sort="-updated"),
    )
    held = [one for one in asked if one.state or one.updated_since]
    found = dossier.beginnings(desk.session, desk.actor, held, SHOWN)
    by = {id(one): lines_of(desk, rows) for one, rows in zip(held, found, strict=True)}
    return [by.get(id(one), []) for one in asked]


def last_here(desk: Visit) -> datetime:
    """Return when this person was last here before this session; a week back at most."""
    week = clock.now() - LOOK_BACK
    earlier = [one.seen_at for one in sessions.views(desk.session, desk.actor) if not one.present]
    return max([week, *earlier])
