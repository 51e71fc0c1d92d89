"""The conductor: the only code that writes a request's state.

A move is decided by the pure engine on facts read here, and written with its event and deadlines in
one transaction. Many moves may share that transaction: each is decided on its own, and a refused
one fails alone.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime

from sqlalchemy.orm import Session

from app.directory.actor import SYSTEM, Actor
from app.engine.machine import Attempt, Option, Outcome
from app.engine.packs import Pack, Shelf
from app.engine.vocabulary import SYSTEM as SYSTEM_ROLE
from app.kit import clock
from app.kit.errors import Blocker, Conflict, NotFound, Refusal, Stale
from app.kit.rows import hold
from app.lifecycle import forms, reading, writing
from app.lifecycle.effects import Scene
from app.lifecycle.facts import Facts
from app.lifecycle.moves import Move, Moved
from app.requests import access, duties
from app.requests.access import Standing

MOST_STEPS = 8


def advance(session: Session, shelf: Shelf, move: Move) -> Moved:
    """Make one move. Raises whichever Refusal stands against it."""
    result = advance_all(session, shelf, [move])[0]
    if isinstance(result, Refusal):
        raise result
    return result


def advance_all(session: Session, shelf: Shelf, moves: Sequence[Move]) -> list[Moved | Refusal]:
    """Make many moves in the transaction at hand and return, in order, what became of each.

    Moves of different requests are decided together; several of one request one after the other.
    Only database errors are raised; then nothing of the transaction may be kept.
    """
    results: dict[int, Moved | Refusal] = {}
    left = list(range(len(moves)))
    while left:
        first = {moves[place].reference: place for place in reversed(left)}
        places = sorted(first.values())
        made = _advance_together(session, shelf, [moves[place] for place in places])
        results |= dict(zip(places, made, strict=True))
        left = [place for place in left if place not in results]
    return [results[place] for place in range(len(moves))]


def _advance_together(
    session: Session, shelf: Shelf, moves: Sequence[Move]
) -> list[Moved | Refusal]:
    """Decide and write moves that concern a different request each."""
    now = clock.now()
    standings = _standings(session, moves)
    facts = _facts(session, shelf, moves, standings, now)
    results: list[Moved | Refusal] = []
    written: list[writing.Change] = []
    known: dict[int, Facts] = {}
    for move in moves:
        try:
            standing, outcome = _decide(session, shelf, move, (standings, facts))
        except Refusal as refusal:
            results.append(refusal)
            continue
        decision = writing.Decision(move, standing, outcome, _of(facts, move, standing))
        change = writing.plan(session, shelf, decision, now)
        written.append(change)
        _apply(session, shelf, decision, now)
        results.append(Moved(change.after, outcome))
        if not outcome.transition.effects:
            known[standing.id] = decision.facts
    writing.write(session, written, now)
    return _settled(session, shelf, results, known)


def _standings(session: Session, moves: Sequence[Move]) -> dict[tuple[Actor, str], Standing]:
    """Lock and read every request that is to be moved, through the eyes of who moves it."""
    by_actor: dict[Actor, list[str]] = defaultdict(list)
    for move in moves:
        by_actor[move.actor].append(move.reference)
    found = {
        (actor, reference): standing
        for actor, references in by_actor.items()
        for reference, standing in access.standings(session, actor, sorted(set(references))).items()
    }
    hold(session, (standing.id for standing in found.values()))
    return found


def _facts(
    session: Session,
    shelf: Shelf,
    moves: Iterable[Move],
    standings: Mapping[tuple[Actor, str], Standing],
    now: datetime,
) -> dict[tuple[int, str], Facts]:
    """Read what the guards of these moves ask for: one query a group, not one a request."""
    wanted: dict[tuple[str, int, str, str], dict[int, Standing]] = defaultdict(dict)
    for move in moves:
        standing = standings.get((move.actor, move.reference))
        if standing is not None:
            key = (standing.workflow, standing.version, standing.state, move.trigger)
            wanted[key][standing.id] = standing
    found: dict[tuple[int, str], Facts] = {}
    for (name, version, state, trigger), rows in wanted.items():
        pack = shelf.get(name, version)
        groups = pack.engine.reads(state, trigger)
        for owner, facts in reading.read(session, pack, rows.values(), groups, now).items():
            found[(owner, trigger)] = facts
    return found


def _of(facts: Mapping[tuple[int, str], Facts], move: Move, standing: Standing) -> Facts:
    return facts[(standing.id, move.trigger)]


def _decide(
    session: Session,
    shelf: Shelf,
    move: Move,
    read: tuple[Mapping[tuple[Actor, str], Standing], Mapping[tuple[int, str], Facts]],
) -> tuple[Standing, Outcome]:
    """Decide one move on its own: seen, not stale, then roles, duties, four eyes, guards, form."""
    standings, facts = read
    standing = standings.get((move.actor, move.reference))
    if standing is None:
        raise NotFound("request.unknown", "There is no such request.")
    if move.revision is not None and move.revision != standing.revision:
        raise Stale(standing.revision)
    pack = shelf.get(standing.workflow, standing.version)
    if pack.sha256 != standing.sha256:
        raise Conflict("workflow.altered", f"{pack.label} is not the text this request began with.")
    attempt = _attempt(session, pack, move.actor, standing, _of(facts, move, standing))
    outcome = pack.engine.fire(move.trigger, attempt)
    forms.check(outcome.transition, move.form)
    return standing, outcome


def _attempt(
    session: Session, pack: Pack, actor: Actor, standing: Standing, facts: Facts
) -> Attempt:
    state = pack.definition.states[standing.state]
    return Attempt(
        standing.state,
        standing.came_from,
        standing.roles(actor),
        actor.persons,
        facts,
        duties.barred(session, actor, standing, state),
        actor.acts,
    )


def _apply(session: Session, shelf: Shelf, decision: writing.Decision, now: datetime) -> None:
    move, before = decision.move, decision.before
    pack = shelf.get(before.workflow, before.version)
    scene = Scene(session, pack, move.actor, before.id, move.form, now)
    for effect in decision.outcome.transition.effects:
        pack.engine.vocabulary.effects[effect].apply(scene)


def _settled(
    session: Session,
    shelf: Shelf,
    results: Sequence[Moved | Refusal],
    known: Mapping[int, Facts],
) -> list[Moved | Refusal]:
    """Follow moves by the automatic ones that they make possible."""
    made = [result.standing for result in results if isinstance(result, Moved)]
    restless = _restless(session, shelf, made, known)
    return [
        replace(result, standing=settle(session, shelf, result.standing))
        if isinstance(result, Moved) and result.standing.id in restless
        else result
        for result in results
    ]


def _restless(
    session: Session, shelf: Shelf, made: Sequence[Standing], known: Mapping[int, Facts]
) -> set[int]:
    """Return the requests from which the system may move on; facts are read once for all.

    What is `known` of a request was read to decide its move, which then had no effects: of the
    dossier it still holds.
    """
    now = clock.now()
    alike: dict[tuple[str, int, str], list[Standing]] = defaultdict(list)
    for standing in made:
        alike[(standing.workflow, standing.version, standing.state)].append(standing)
    found: set[int] = set()
    for (name, version, state), standings in alike.items():
        pack = shelf.get(name, version)
        for trigger in pack.engine.automatic(state, SYSTEM_ROLE):
            groups = pack.engine.reads(state, trigger)
            facts = reading.still(groups, standings, known, now)
            new = [one for one in standings if one.id not in facts]
            if new:
                facts |= reading.read(session, pack, new, groups, now)
            found |= {
                one.id for one in standings if _may(session, pack, trigger, (one, facts[one.id]))
            }
    return found


def _may(session: Session, pack: Pack, trigger: str, read: tuple[Standing, Facts]) -> bool:
    """Whether nothing stands against some edge of `trigger`; `settle` decides anew and in full."""
    standing, facts = read
    attempt = _attempt(session, pack, SYSTEM, standing, facts)
    edges = pack.engine.edges_from(standing.state, trigger)
    return any(not pack.engine.against(edge, attempt) for edge in edges)


def settle(session: Session, shelf: Shelf, standing: Standing) -> Standing:
    """Fire what the system itself may fire from here, and return where the request stands then.

    Doors call it after an act in a stage; an event that the system causes names the one it follows
    from.
    """
    for _ in range(MOST_STEPS):
        moved = _automatic_step(session, shelf, standing)
        if moved is None:
            return _prolonged(session, shelf, standing)
        standing = moved
    return standing


def _prolonged(session: Session, shelf: Shelf, standing: Standing) -> Standing:
    """Let a pause last until the latest date of the questions; more may have been asked in it."""
    pack = shelf.get(standing.workflow, standing.version)
    if not pack.definition.states[standing.state].pauses:
        return standing
    facts = facts_of(session, pack, standing, ("clarifications",))
    return writing.prolong(session, standing, facts)


def _automatic_step(session: Session, shelf: Shelf, standing: Standing) -> Standing | None:
    pack = shelf.get(standing.workflow, standing.version)
    now = clock.now()
    for trigger in pack.engine.automatic(standing.state, SYSTEM_ROLE):
        move = Move(SYSTEM, standing.reference, trigger, cause=standing.revision)
        groups = pack.engine.reads(standing.state, trigger)
        facts = reading.read(session, pack, [standing], groups, now)[standing.id]
        try:
            outcome = pack.engine.fire(trigger, _attempt(session, pack, SYSTEM, standing, facts))
        except Refusal:
            continue
        decision = writing.Decision(move, standing, outcome, facts)
        change = writing.plan(session, shelf, decision, now)
        _apply(session, shelf, decision, now)
        writing.write(session, [change], now)
        return change.after
    return None


def options(session: Session, shelf: Shelf, actor: Actor, standing: Standing) -> list[Option]:
    """Return every transition from here for this person, with all that stands against each."""
    pack = shelf.get(standing.workflow, standing.version)
    facts = facts_of(session, pack, standing, reading.GROUPS)
    return pack.engine.options(_attempt(session, pack, actor, standing, facts))


def hindrances(
    session: Session, shelf: Shelf, actor: Actor, standing: Standing
) -> dict[str, tuple[Blocker, ...] | None]:
    """Return, for each act of the present state, what stands against this person's doing it.

    Nothing stands against what may be done; None says that it takes roles not held here.
    """
    state = shelf.get(standing.workflow, standing.version).definition.states[standing.state]
    own, barred = standing.roles(actor), duties.barred(session, actor, standing, state)

    def against(act: str, allowed: tuple[str, ...]) -> tuple[Blocker, ...] | None:
        fitting = own.intersection(allowed)
        if not fitting:
            return None
        if actor.acts is not None and act not in actor.acts:
            return (Blocker("delegation.act", "", {"act": act}),)
        if not fitting <= barred.keys():
            return ()
        return tuple({one.code: one for one in map(barred.__getitem__, sorted(fitting))}.values())

    return {act: against(act, allowed) for act, allowed in state.acts.items()}


def facts_of(session: Session, pack: Pack, standing: Standing, groups: Iterable[str]) -> Facts:
    """Return the facts of one request, for those who show them."""
    return reading.read(session, pack, [standing], set(groups), clock.now())[standing.id]
