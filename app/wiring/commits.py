"""Group commit: transitions that arrive together share one transaction.

One thread takes what waits, up to 64 calls, lets the conductor decide each on its own, commits once
and only then answers. A call alone takes the same path. A database error rolls all of them back and
they are repeated one by one, so that a poisoned one cannot fail its neighbours. The queue is
bounded.
"""

import asyncio
import queue
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from threading import Thread

from fastapi import Response
from sqlalchemy.exc import DBAPIError, IntegrityError
from sqlalchemy.orm import Session
from sqlalchemy.orm.exc import StaleDataError

from app.directory.actor import Actor
from app.kit import clock
from app.kit.errors import Refusal, Stale, Unavailable
from app.lifecycle import service as lifecycle
from app.lifecycle.moves import Move, Moved
from app.policy.rights import entitle
from app.wiring import answers
from app.wiring.answers import Claim
from app.wiring.entitlement import MOVE
from app.wiring.house import House, epoch_of, in_name_of, present_at
from app.wiring.tempo import Turns

MOST_TOGETHER = 64
TRIES = 3


@dataclass(frozen=True, slots=True)
class Wish:
    """A call as it came in: whose token, what move, how its answer is shown.

    And its key, the delegation it is made under, if any, and the request that it moves.
    """

    token: str
    move: Callable[[Actor], Move]
    show: Callable[[Actor, Moved], Response]
    key: str | None = None
    fingerprint: str = ""
    delegation: str | None = None
    about: str = ""


@dataclass(slots=True, eq=False)
class Call:
    """A wish that waits for its turn, and what became of it."""

    wish: Wish
    loop: asyncio.AbstractEventLoop
    done: "asyncio.Future[Response]"
    actor: Actor | None = None
    claim: Claim | None = None
    result: Response | BaseException | None = field(default=None)


class Commits:
    """The queue of transitions and the thread that commits them."""

    def __init__(self, house: House) -> None:
        """Make the queue; nothing runs before `start`."""
        self._house = house
        self._waiting: queue.Queue[Call | None] = queue.Queue(house.settings.queue_limit)
        self._thread: Thread | None = None
        self.made = 0
        self.moves = 0
        self.turns = Turns()

    @property
    def waiting(self) -> int:
        """How many calls wait for their turn."""
        return self._waiting.qsize()

    def start(self) -> None:
        """Begin to take calls."""
        self._thread = Thread(target=self._run, name="commits", daemon=True)
        self._thread.start()

    def stop(self) -> None:
        """Finish what waits, then end."""
        if self._thread is not None:
            self._waiting.put(None)
            self._thread.join(timeout=30)

    async def submit(self, wish: Wish) -> Response:
        """Wait for a transition to be decided and durable. Raises its Refusal, or Unavailable."""
        loop = asyncio.get_running_loop()
        call = Call(wish, loop, loop.create_future())
        try:
            self._waiting.put_nowait(call)
        except queue.Full:
            raise Unavailable("queue.full", "Too many transitions wait; try again.") from None
        self.turns.begin(loop)
        return await asyncio.shield(call.done)

    def _run(self) -> None:
        while True:
            first = self._waiting.get()
            calls = [first] if first else []
            last = first is None
            while not last and len(calls) < MOST_TOGETHER:
                try:
                    more = self._waiting.get_nowait()
                except queue.Empty:
                    break
                last = more is None
                calls += [more] if more else []
            if calls:
                self._together(calls)
            if last:
                return

    def _together(self, calls: Sequence[Call]) -> None:
        try:
            self._commit(calls)
        except Exception as fault:  # noqa: BLE001 - whatever it is, each caller must get an answer
            if len(calls) == 1:
                calls[0].result = self._alone(calls[0], fault)
            else:
                for call in calls:
                    self._together([call])
                return
        self.made += 1
        self.moves += len(calls)
        by_loop: dict[asyncio.AbstractEventLoop, list[Call]] = {}
        for call in calls:
            by_loop.setdefault(call.loop, []).append(call)
        for loop, ready in by_loop.items():
            loop.call_soon_threadsafe(self._answer, loop, ready)

    def _answer(self, loop: asyncio.AbstractEventLoop, calls: Sequence[Call]) -> None:
        self.turns.end(loop)
        for call in calls:
            if call.done.done():
                continue
            if isinstance(call.result, BaseException):
                call.done.set_exception(call.result)
            elif call.result is not None:
                call.done.set_result(call.result)

    def _alone(self, call: Call, fault: Exception) -> BaseException | Response | None:
        """Repeat a lone call after a database error that another writer can have caused."""
        for _ in range(TRIES - 1):
            if not isinstance(fault, IntegrityError | StaleDataError | Stale | DBAPIError):
                return fault
            try:
                self._commit([call])
            except Exception as again:  # noqa: BLE001 - kept for the caller
                fault = again
            else:
                return call.result
        return fault

    def _commit(self, calls: Sequence[Call]) -> None:
        with self._house.database.writing() as session:
            known_calls = self._recognised(session, calls)
            claims = [call.claim for call in known_calls if call.claim]
            known = answers.look_up(session, claims)
            fresh = _first_of_each_key(known_calls, known)
            moves = [call.wish.move(call.actor) for call in fresh if call.actor]
            moved = lifecycle.advance_all(session, self._house.shelf, moves)
            known |= answers.look_up(session, _refused(fresh, moved))
            kept: list[answers.Stored] = []
            for call, result in zip(fresh, moved, strict=True):
                if call.claim and call.claim.identity in known:
                    continue
                if isinstance(result, Refusal) or call.actor is None:
                    call.result = result if isinstance(result, Refusal) else None
                    continue
                call.result = call.wish.show(call.actor, result)
                if call.claim:
                    kept.append(answers.stored(call.claim, call.result))
            answers.keep(session, kept, clock.now())
            known |= {answer.claim.identity: answer for answer in kept}
            decided = {id(call) for call in fresh if call.result is not None}
            _replay([call for call in known_calls if id(call) not in decided], known, fresh)

    def _recognised(self, session: Session, calls: Sequence[Call]) -> list[Call]:
        """Return the calls whose token holds and may move requests; the others are refused."""
        held: list[Call] = []
        epoch, now = epoch_of(session), clock.now()
        for call in calls:
            call.result = None
            try:
                actor = present_at(self._house, session, call.wish.token, epoch)
                call.actor = in_name_of(session, actor, call.wish.delegation)
                entitle(MOVE, call.actor, now)
            except Refusal as refusal:
                call.result = refusal
                continue
            if call.wish.key and call.actor.person_id is not None:
                identity = call.actor.person_id, call.wish.key
                call.claim = Claim(*identity, call.wish.fingerprint, call.wish.about)
            held.append(call)
        return held


def _refused(calls: Sequence[Call], moved: Sequence[object]) -> list[Claim]:
    """Return the claims of refused calls.

    A call with the same key may have been served elsewhere while this one waited for the row.
    """
    pairs = zip(calls, moved, strict=True)
    return [call.claim for call, result in pairs if call.claim and isinstance(result, Refusal)]


def _first_of_each_key(
    calls: Sequence[Call], known: dict[tuple[int, str], answers.Stored]
) -> list[Call]:
    """Return the calls that must be decided: not stored before, and the first of their key here."""
    fresh: list[Call] = []
    met: set[tuple[int, str]] = set()
    for call in calls:
        identity = call.claim.identity if call.claim else None
        if identity is not None and (identity in known or identity in met):
            continue
        if identity is not None:
            met.add(identity)
        fresh.append(call)
    return fresh


def _replay(
    calls: Sequence[Call], known: dict[tuple[int, str], answers.Stored], fresh: Sequence[Call]
) -> None:
    """Answer repetitions: as stored, or as the first call with the same key was just refused."""
    refused = {c.claim.identity: c.result for c in fresh if c.claim}
    for call in calls:
        if call.claim is None:
            continue
        answer = known.get(call.claim.identity)
        try:
            call.result = answer.replay(call.claim) if answer else refused[call.claim.identity]
        except Refusal as refusal:
            call.result = refusal
