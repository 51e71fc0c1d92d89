"""Requests on their way, told through the API: assessed, screened, offered and delivered to."""

from collections.abc import Callable, Mapping
from typing import Any

from app.cli.demo import cast, delivery
from app.cli.demo.play import clarify, match
from app.cli.demo.stage import API, Reply, Stage
from app.cli.demo.story import Story
from app.kit import clock
from tests.factories.clients import Clients
from tests.journeys import acts
from tests.policy.asgi import Call, as_file, heard, in_json

ENTITIES = ("itu", "unodc")


def stage_of(clients: Clients, country: str) -> Stage:
    """Enrol who plays in the stories of one country, beside the principals."""
    house = clients.house
    parts = [*cast.DESK, *cast.country_parts(country), *map(cast.entity_part, ENTITIES)]
    with house.database.writing() as session:
        players = cast.gather(session, house.key, parts)

    def send(method: str, path: str, body: Any, headers: Mapping[str, str]) -> Reply:
        kind, content = in_json(body)
        where, _, query = path.partition("?")
        sent = {name.lower(): value for name, value in headers.items()} | kind
        answer = heard(clients.http, Call(method, where, sent, content, query))
        return Reply(answer.status, answer.content, answer.headers.get("etag", ""))

    return Stage(send, players)


def filing(country: str, marker: str) -> dict[str, Any]:
    """Return a whole filing that bears a marker in each text; ITU is who can help."""
    need = acts.CIRT | {"text": f"A team for {marker}."}
    return acts.asking(
        need, countries=[country], title=f"Help {marker}", summary=f"What {marker} needs."
    )


class Teller:
    """Tells the stories of one country; the first assessment that was completed serves the rest."""

    def __init__(self, clients: Clients, country: str) -> None:
        """Set the stage."""
        self.clients, self.country = clients, country
        self.stage = stage_of(clients, country)
        self.assessment_of = ""
        self.ways: dict[str, Callable[[Story], None]] = {
            "in delivery": self._delivered,
            "in assessment": self._assessed,
            "in screening": self._screened,
            "offered": self._offered,
        }

    def tell(self, name: str, marker: str) -> str:
        """Tell the story of a relation, under a marker; return the reference of its request."""
        story = Story(self.stage, [self.country], clock.today())
        story.file(filing(self.country, marker))
        story.submit()
        self.ways[name](story)
        return story.reference

    def _assessed(self, story: Story) -> None:
        """An assessment in which all is there but the signatures."""
        story.triage()
        story.prepare_assessment()

    def _taken_over(self, story: Story) -> None:
        """An assessment that another request has brought, up to its screening."""
        story.triage()
        who, room = story.who("coordinator"), f"{story.path}/assessment"
        self.stage.add(who, f"{room}/reuse", {"assessment_of": self.assessment_of})
        self.stage.add(who, f"{room}/needs", {"findings": [1], "number": 1})
        story.complete_assessment()

    def _screened(self, story: Story) -> None:
        """A screening in which each verdict is given, and nothing decided."""
        self._taken_over(story)
        room = f"{story.path}/screening"
        self.stage.change("screener", "POST", f"{room}/recheck", {}, room)
        story.judge()

    def _offered(self, story: Story) -> None:
        """An offer that its entity has yet to answer."""
        self._taken_over(story)
        story.screen()
        story.pass_screening()
        story.offer()

    def _delivered(self, story: Story) -> None:
        """Help under way, with something of everything that a request can hold."""
        clarify(story)
        story.triage()
        protect(story)
        story.assess()
        self.assessment_of = story.reference
        story.complete_assessment()
        story.screen()
        story.pass_screening()
        match(story)
        begin(story)
        enclose(self.clients, story)


def begin(story: Story) -> None:
    """Begin an activity with an indicator, and report on it."""
    who, room = f"focal:{ENTITIES[0]}", f"{story.path}/delivery"
    need = story.stage.read(who, f"{story.path}/needs")["items"][0]
    one = f"{room}/activities/{delivery.plan_activity(story, ENTITIES[0], need)}"
    indicator = {"name": "People trained", "unit": "people", "baseline": 0, "target": 40}
    story.stage.change(who, "POST", f"{one}/indicators", indicator, one)
    story.stage.add(who, f"{room}/reports", {"entity": ENTITIES[0], "text": "It goes well."})


def protect(story: Story) -> None:
    """Put people at risk into the keeping of the request, and a remark."""
    who = story.who("coordinator")
    part = {
        "groups": ["witnesses"],
        "country": story.countries[0],
        "region": "Highlands",
        "text": "Who is at risk.",
        "location": "The third house.",
        "why_precise": "They must be found.",
    }
    story.stage.add(who, f"{story.path}/protected", part)
    story.stage.add(who, f"{story.path}/comments", {"text": "A remark."})


def enclose(clients: Clients, story: Story) -> None:
    """Add a document, which waits in no quarantine."""
    player = story.stage.players[story.who("coordinator")]
    kind, body = as_file("letter.txt", b"A letter.")
    headers = kind | {"authorization": f"Bearer {player.token}"}
    answer = heard(clients.http, Call("POST", f"{API}{story.path}/attachments", headers, body))
    assert answer.status == 201, answer.body
