"""Who is to be told of a move: the roles that its transition names, within scope and sight."""

from collections.abc import Iterable, Iterator, Mapping

from sqlalchemy.orm import Session

from app.directory.actor import Actor
from app.directory.holders import holders
from app.directory.interests import recused
from app.engine.definition import TransitionDef
from app.engine.packs import Shelf
from app.kit import clock
from app.kit.errors import NotFound
from app.outbox.service import Telling
from app.requests.access import Standing
from app.requests.service import watch
from app.requests.service.watch import Happening


def tellings(session: Session, shelf: Shelf, events: Iterable[Happening]) -> list[Telling]:
    """Return whom to tell of these events.

    They hold a role that the transition names, towards this request, and may see it in that role;
    never the one who did it, nor who has recused himself or herself.
    """
    moves = [(event, move) for event in events if (move := moved_by(shelf, event)) and move.notify]
    if not moves:
        return []
    standings = watch.standings(session, sorted({event.request_id for event, _ in moves}))
    people = holders(session, {role for _, move in moves for role in move.notify})
    away = recused(session, sorted({event.reference for event, _ in moves}), clock.now())
    return [
        telling
        for who in people
        for telling in _for(
            session,
            who,
            [one for one in moves if one[0].reference not in away.get(who.person_id or 0, ())],
            standings,
        )
    ]


def moved_by(shelf: Shelf, event: Happening) -> TransitionDef | None:
    """Return the transition that an event records; None if it records something else."""
    if event.kind != "moved":
        return None
    try:
        definition = shelf.get(event.workflow, event.version).definition
    except NotFound:
        return None
    trigger, source, target = (event.content.get(key) for key in ("trigger", "from", "to"))
    for edge in definition.edges:
        if (edge.transition.trigger, edge.source, edge.target) == (trigger, source, target):
            return edge.transition
    return None


def _for(
    session: Session,
    who: Actor,
    moves: list[tuple[Happening, TransitionDef]],
    standings: Mapping[int, Standing],
) -> Iterator[Telling]:
    """Yield what one person is to be told."""
    concerned = [
        (event, move, roles)
        for event, move in moves
        if event.actor_id != who.person_id
        and (roles := standings[event.request_id].roles(who) & set(move.notify))
    ]
    by_roles: dict[frozenset[str], list[tuple[Happening, TransitionDef]]] = {}
    for event, move, roles in concerned:
        by_roles.setdefault(roles, []).append((event, move))
    for roles, told in by_roles.items():
        grants = tuple(grant for grant in who.grants if grant.role in roles)
        limited = Actor(who.person_id, who.name, grants, who.language)
        seen = watch.seen(session, limited, sorted({event.place[1] for event, _ in told}))
        for event, move in told:
            if event.place[1] in seen and who.person_id is not None:
                code = f"request.{move.trigger}"
                yield Telling(who.person_id, event.place[1], code, event.at)
