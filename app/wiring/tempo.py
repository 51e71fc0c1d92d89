"""How the interpreter paces itself while it serves."""

import asyncio
import gc
import sys
from functools import cache

SWITCH = 0.0002
"""Seconds that a thread may keep the interpreter while another waits.

No poll waits long, nor does the group that is being written for each answer of PostgreSQL.
"""

GIVE_WAY = 0.03
"""Seconds that a poll waits at most for the group of transitions that is being written.

A small group takes about ten milliseconds. Polls that go on before it is written make it take
thrice as long, and with it the slowest calls.
"""


class Turns:
    """Lets polls give way to a group of transitions: together they are slower than in turn.

    Two threads that want the interpreter hand it over at every call of the database, and a group of
    three then takes as long as one of thirty. What waits is told by loop; only its thread asks.
    """

    def __init__(self) -> None:
        """Begin with nothing under way."""
        self.under_way: dict[asyncio.AbstractEventLoop, asyncio.Event] = {}

    def begin(self, loop: asyncio.AbstractEventLoop) -> None:
        """Let polls wait from now on, for a short while at most."""
        if loop not in self.under_way:
            over = self.under_way[loop] = asyncio.Event()
            loop.call_later(GIVE_WAY, over.set)

    def end(self, loop: asyncio.AbstractEventLoop) -> None:
        """Let polls go on: a group is written."""
        over = self.under_way.pop(loop, None)
        if over is not None:
            over.set()

    async def come(self) -> None:
        """Wait until no group is under way, or long enough."""
        over = self.under_way.get(asyncio.get_running_loop())
        if over is not None:
            await over.wait()


def keep_tempo() -> None:
    """Leave what start-up built out of every later collection, and let threads alternate quickly.

    Whoever starts several services in one program, as tests do, freezes only once.
    """
    _freeze()
    sys.setswitchinterval(SWITCH)


@cache
def _freeze() -> None:
    """Freeze once a process: to count what is frozen would take longer than to start a service."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(20_000, 20, 50)
