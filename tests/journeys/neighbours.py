"""Neighbours: requests of other countries, in several states, whose every text bears a marker.

They lie beside the country of each journey, made once for each database. A marker says whose text
it is, how far it is open (`outer`: whoever sees the request, `inner`: whoever reads within,
`sealed`: whoever opens it by name), and of which field.
"""

import re
from collections.abc import Callable, Mapping
from datetime import timedelta
from typing import Any

from app.cli.demo import cast, delivery
from app.cli.demo.cast import Player
from app.cli.demo.play import entities_of
from app.cli.demo.stage import API, Reply, Stage, by
from app.cli.demo.story import RISK, Story
from app.jobs.relay import relay
from app.kit import clock
from tests.factories.clients import Clients
from tests.journeys import acts

COUNTRIES = ("GHA", "NPL", "BRA", "PER", "GEO", "MNG")
"""A draft, one at triage, one restricted, one offered, one delivered, one confidential."""
CONFIDENTIAL = "MNG"
MARKER = re.compile(r"zq7-([a-z]{3})-(outer|inner|sealed)-([a-z_]+)", re.IGNORECASE)
TEXTS = frozenset(
    {
        *("title", "summary", "authority", "cross_border", "framework_outcome", "text", "note"),
        *("reason", "answer", "who", "place", "host", "source", "sources", "location", "name"),
        *("why_precise", "condition", "office", "threats_systems", "threats_gain", "unit"),
        *("threats_content", "regional_factors", "national_factors", "risk_factor", "region"),
        *("what", "questions"),
    }
)
SECRETS = ("text", "location", "why_precise")
"""What a protected part tells only to who opens it by name."""
INNER = ("/assessment", "/screening", "/clarifications", "/attachments")
"""Where texts are written that only those may read who read within."""


def marker(country: str, path: str, field: str) -> str:
    """Return the marker of a field that is sent to a path."""
    depth = "sealed" if path.endswith("/protected") and field in SECRETS else "outer"
    if any(room in path for room in INNER):
        depth = "inner"
    return f"zq7-{country.lower()}-{depth}-{field}"


def marked(country: str, path: str, body: Any, field: str = "") -> Any:
    """Return a body with a marker before every text that people write in it."""
    if isinstance(body, Mapping):
        return {name: marked(country, path, held, name) for name, held in body.items()}
    if isinstance(body, list | tuple):
        return [marked(country, path, held, field) for held in body]
    if isinstance(body, str) and body and field in TEXTS:
        return f"{marker(country, path, field)} {body}"
    return body


def settle(clients: Clients) -> dict[str, Player]:
    """Enrol the cast of all journeys, let the neighbours play, and return the players by key."""
    house = clients.house
    with house.database.writing() as session:
        parts = cast.everybody(session, (*acts.COUNTRIES, *COUNTRIES))
        second = cast.Part("reviewer2", "Aiko Mori, rights reviewer", "rights_reviewer")
        players = cast.gather(session, house.key, [*parts, second])
    for country in COUNTRIES:
        Neighbour(clients, players, country).play()
    relay(house.database, house.shelf)
    return players


class Neighbour:
    """One country beside the journey's own, and what it asks."""

    def __init__(self, clients: Clients, players: dict[str, Player], country: str) -> None:
        """Take the country's place on the stage."""
        self.clients, self.country = clients, country
        self._sent = by(clients.http)
        self.stage = Stage(self._send, players)
        self.story = Story(self.stage, [country], clock.today())

    def _send(self, method: str, path: str, body: Any, headers: Mapping[str, str]) -> Reply:
        return self._sent(method, path, marked(self.country, path, body), headers)

    def play(self) -> None:
        """Bring the request to where it stays."""
        story = self.story
        story.file(acts.asking(acts.TRAINING, acts.CIRT, countries=[self.country]))
        if self.country == "GHA":
            return
        self._enclose()
        story.submit()
        self.stage.add("desk", f"{story.path}/comments", {"text": "A remark."})
        for way in self._ways():
            way()

    def _ways(self) -> list[Callable[[], None]]:
        """Return what happens to the country's request after its filing."""
        offered = [self._asked, self._taken_up, self._offered]
        return {
            "NPL": [self._asked],
            "BRA": [self._taken_up, self._begun, lambda: self._raise("restricted")],
            "PER": [*offered, self._declined],
            "GEO": [*offered, self._delivered],
            CONFIDENTIAL: [self._taken_up, self._begun, lambda: self._raise("confidential")],
        }[self.country]

    def _enclose(self) -> None:
        token = self.stage.players[self.story.who("coordinator")].token
        name = f"{marker(self.country, '/attachments', 'name')}.txt"
        answer = self.clients.http.post(
            f"{API}{self.story.path}/attachments",
            files={"file": (name, f"A letter: {name}".encode(), "text/plain")},
            headers={"Authorization": f"Bearer {token}"},
        )
        assert answer.status_code == 201, answer.text

    def _asked(self) -> None:
        story = self.story
        asked = {"questions": ["Which hospitals?"], "due_on": str(story.today + timedelta(90))}
        self.stage.add("desk", f"{story.path}/clarifications", asked)
        path = f"{story.path}/clarifications/1/answer"
        who = story.who("coordinator")
        self.stage.change(who, "PUT", path, {"answer": "Two in the west."}, story.path)

    def _taken_up(self) -> None:
        story = self.story
        story.triage()
        body = {
            "groups": ["witnesses"],
            "country": self.country,
            "region": "Highlands",
            "text": "Who is at risk.",
            "location": "The third house.",
            "why_precise": "They must be found.",
        }
        self.stage.add(story.who("coordinator"), f"{story.path}/protected", body)

    def _begun(self) -> None:
        """An assessment under way: a plan, a risk, a finding."""
        story, who = self.story, self.story.who("assessor")
        room, today = f"{story.path}/assessment", str(story.today)
        plan = {"kind": "comprehensive", "starts_on": today, "ends_on": today, "place": "Here"}
        team = {"name": "Lead", "entity": "unodc", "role": "lead"}
        host = {"name": "Director", "office": "Ministry"}
        self.stage.add(who, room, plan | {"team": [team], "hosts": [host]})
        risk = {"content": RISK, "dated": today}
        self.stage.obtain(who, "PUT", f"{room}/risk?kind=comprehensive", risk)
        finding = {"topic": "D6a", "text": "Few are trained.", "risk_factor": "Few staff"}
        self.stage.add(who, f"{room}/findings?kind=comprehensive", finding)

    def _offered(self) -> None:
        self.story.assess()
        self.story.complete_assessment()
        self.story.screen()
        self.story.pass_screening()
        self.story.offer()

    def _declined(self) -> None:
        path = f"{self.story.path}/matching/proposals/1"
        first = entities_of(self.stage.read("desk", path))[0]
        self.story.respond(first, accepted=False, reason="No team is free.")
        self.story.offer_again()

    def _delivered(self) -> None:
        story = self.story
        proposal = self.stage.read("desk", f"{story.path}/matching/proposals/1")
        for entity in entities_of(proposal):
            story.respond(entity)
        story.consent()
        delivery.deliver(story)
        report = {"entity": proposal["lead"], "text": "It goes well."}
        path = f"{story.path}/delivery/reports"
        self.stage.add(f"focal:{proposal['lead']}", path, report)

    def _raise(self, level: str) -> None:
        body = {"level": level, "reason": "People could be found by it."}
        path = f"{self.story.path}/level"
        self.stage.change(self.story.who("coordinator"), "PUT", path, body, self.story.path)
