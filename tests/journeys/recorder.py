"""The recorder: judges every answer of every journey by the markers of the neighbours in it."""

import re
from collections.abc import Iterable
from dataclasses import dataclass, field

import httpx2
import pytest
import sqlalchemy as sa

from app.cli.demo.cast import Player
from app.cli.demo.stage import API
from tests.factories.clients import Clients
from tests.journeys.neighbours import COUNTRIES, MARKER
from tests.journeys.oracle import Met, may, reader_of

LISTS = (
    *("/requests?limit=200", "/requests?q=zq7&limit=200"),
    *("/events?limit=200", "/me/notices?limit=200", "/me/offers", "/knowledge?limit=200"),
)
ROUND = ("coordinator:KEN", "government:UGA", "focal:unodc", "focal:itu", "client", "admin")
INSIDE = ("", "/status", "/timeline", "/assessment/answers")
REFERENCES = sa.text(
    "SELECT r.reference, c.country FROM requests r JOIN request_countries c ON c.request_id = r.id"
    " WHERE c.country IN :countries"
).bindparams(sa.bindparam("countries", COUNTRIES, expanding=True))
GLANCE = ("coordinator:KEN", "focal:itu", "client")
AT = ("/requests?limit=200", "/events?limit=200")
COUNT = "/requests/count?q=zq7"
KEPT = ("notices", "letters", "stored_answers")
"""Tables whose rows name things and hold no text of a neighbour in the open."""
REFERENCE = re.compile(r"TA-[0-9]{4}-[0-9]{5}")


@dataclass
class Tally:
    """What was judged so far by all recorders of a run."""

    journeys: int = 0
    answers: int = 0
    with_markers: int = 0


@dataclass
class Recorder:
    """Listens at the client that all players share."""

    clients: Clients
    tally: Tally
    faults: list[str] = field(default_factory=list)
    named: dict[str, str] = field(default_factory=dict)
    """The neighbours' countries by reference."""

    def start(self) -> None:
        """Listen from now on."""
        with self.clients.house.database.reading() as session:
            self.named = {row.reference: row.country for row in session.execute(REFERENCES)}
        self.clients.http.event_hooks["response"].append(self.judge)

    def judge(self, answer: httpx2.Response) -> None:
        """Note every marker in body or headers that the caller may not meet."""
        answer.read()
        self.tally.answers += 1
        said = answer.text + str(answer.headers.raw)
        if found := [*met(said), *self._named(said)]:
            self.tally.with_markers += 1
            self._weigh(answer.request, found)

    def _named(self, said: str) -> list[Met]:
        """Return the neighbours that a text names by their references, which all may who see them."""
        known = set(REFERENCE.findall(said)) & self.named.keys()
        return [Met(self.named[reference], "outer", "reference") for reference in sorted(known)]

    def _weigh(self, call: httpx2.Request, found: Iterable[Met]) -> None:
        house = self.clients.house
        with house.database.reading() as session:
            reader = reader_of(session, house.key, call.headers, call.url.path)
            self.faults += [
                f"{call.method} {call.url.raw_path.decode()} told {reader.grants} {one}"
                for one in found
                if not may(session, reader, one)
            ]

    def glance(self, players: dict[str, Player]) -> None:
        """Let a few people who have no part in the neighbours look; judge what they find."""
        for who in GLANCE:
            for path in AT:
                self._look(players[who], path)
            self._count(players[who])

    def _count(self, player: Player) -> None:
        """Note a count that says more or less than one may know of the neighbours."""
        counted = self._look(player, COUNT)
        house = self.clients.house
        with house.database.reading() as session:
            reader = reader_of(session, house.key, counted.request.headers, COUNT)
            known = [
                country
                for country in COUNTRIES
                if may(session, reader, Met(country, "outer", "count"))
            ]
        if counted.json().get("count") != len(known):
            self.faults.append(f"{reader.grants} knows {known} and is told {counted.text}")

    def go_round(self, players: dict[str, Player]) -> None:
        """Let more people look everywhere, and at each neighbour; judge what they find."""
        self.glance(players)
        for who in ROUND:
            for path in LISTS:
                self._look(players[who], path)
        for reference in self.named:
            for who in ("coordinator:KEN", "client"):
                for part in INSIDE:
                    self._look(players[who], f"/requests/{reference}{part}")

    def _look(self, player: Player, path: str) -> httpx2.Response:
        headers = {"Authorization": f"Bearer {player.token}"}
        return self.clients.http.get(API + path, headers=headers)

    def search_what_was_kept(self, log: str) -> None:
        """Note every marker in the log, in notices, letters, stored answers and the ledger."""
        self.faults += [f"the log says {one}" for one in met(log)]
        with self.clients.house.database.reading() as session:
            for table in KEPT:
                rows = session.execute(sa.text(f'SELECT * FROM "{table}"'))
                self.faults += [f"{table} holds {one}" for row in rows for one in met(str(row))]

    def verdict(self) -> None:
        """Fail with what was noted."""
        if self.faults:
            pytest.fail("\n".join(dict.fromkeys(self.faults)))


def met(text: str) -> list[Met]:
    """Return the markers that a text holds, each once."""
    if "zq7-" not in text and "ZQ7-" not in text:
        return []
    return [Met(*found) for found in dict.fromkeys(MARKER.findall(text))]
