"""Polls give way to a group of transitions that is being written, and not for long."""

import asyncio

from app.wiring import tempo
from app.wiring.tempo import Turns


def test_a_poll_waits_until_the_group_is_written() -> None:
    async def told() -> list[str]:
        turns, said, loop = Turns(), list[str](), asyncio.get_running_loop()

        async def poll() -> None:
            await turns.come()
            said.append("poll")

        turns.begin(loop)
        waiting = loop.create_task(poll())
        await asyncio.sleep(0)
        said.append("written")
        turns.end(loop)
        await waiting
        await poll()
        return said

    assert asyncio.run(told()) == ["written", "poll", "poll"]


def test_a_poll_waits_no_longer_than_it_must_for_a_group_that_hangs() -> None:
    async def waited() -> tuple[float, bool]:
        turns, loop = Turns(), asyncio.get_running_loop()
        turns.begin(loop)
        begun = loop.time()
        await turns.come()
        first = loop.time() - begun
        turns.begin(loop)  # one more call joins the group: the time does not begin anew
        later = loop.create_task(turns.come())
        await asyncio.sleep(0)
        return first, later.done()

    first, at_once = asyncio.run(asyncio.wait_for(waited(), 5))
    assert first >= tempo.GIVE_WAY * 0.9
    assert at_once
