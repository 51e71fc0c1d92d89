"""One request in every situation that a transition can begin from: played once, kept as files.

The play goes down the tree of the definition by real calls; at every fork the database is copied,
so that each branch begins where the others did.
"""

import sqlite3
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

from app.cli.demo import cast, delivery
from app.cli.demo.filings import filing
from app.cli.demo.play import entities_of
from app.cli.demo.stage import Stage, by
from app.cli.demo.story import Story
from tests.conftest import settings_for
from tests.factories.clients import Clients

COUNTRY = "KEN"
SEED = {
    "countries": [COUNTRY],
    "title": "Training of prosecutors",
    "area": "D",
    "topic": "D6a",
    "kind": "training",
}
ASKED = {"questions": ["Which court?"], "due_on": "2027-06-30"}
NOBODY = """
    UPDATE people SET suspended_at = '2026-01-02T00:00:00.000000Z'
    WHERE id IN (SELECT person_id FROM role_grants WHERE role = 'focal_point')
"""
"""That nobody reaches any entity."""


@dataclass
class Situations:
    """A folder of SQLite files by the name of the situation, who plays, and which request it is."""

    folder: Path
    players: dict[str, cast.Player] = field(default_factory=dict)
    reference: str = ""
    entities: list[str] = field(default_factory=list)

    def file(self, name: str) -> Path:
        """Return the database of a situation."""
        return self.folder / f"{name}.db"

    def copy(self, name: str, to: str) -> None:
        """Copy a database as it stands, whatever its log still holds."""
        source, target = (sqlite3.connect(self.file(one)) for one in (name, to))
        source.backup(target)
        target.execute("PRAGMA journal_mode = DELETE")
        # Whoever plays has just given a second factor, whenever the copy is played on.
        target.execute("UPDATE api_tokens SET assured_at = '2999-01-01T00:00:00.000000Z'")
        target.commit()
        source.close()
        target.close()


@contextmanager
def on_stage(file: Path, players: dict[str, cast.Player]) -> Iterator[Stage]:
    """Give the stage of a service on one database."""
    with Clients(settings_for(f"sqlite:///{file}")) as clients:
        if not players:
            house = clients.house
            with house.database.writing() as session:
                players |= cast.gather(session, house.key, cast.everybody(session, [COUNTRY]))
        yield Stage(by(clients.http), players)


@dataclass
class Play:
    """Plays one branch after the other and keeps the databases at the forks."""

    kept: Situations

    def branch(self, begin: str, *steps: tuple[str, Callable[[Story], object]]) -> None:
        """Begin where `begin` was kept, take each step, and keep what stands after it."""
        self.kept.copy(begin, "now")
        with on_stage(self.kept.file("now"), self.kept.players) as stage:
            story = Story(stage, [COUNTRY], datetime.now(UTC).date(), self.kept.reference)
            for name, step in steps:
                step(story)
                self.kept.reference = story.reference
                self.kept.copy("now", name)
        self.kept.file("now").unlink()

    def raw(self, begin: str, name: str, statement: str) -> None:
        """Keep a situation that only time can bring, by raw SQL on the one it grows out of."""
        self.kept.copy(begin, name)
        with sqlite3.connect(self.kept.file(name)) as connection:
            connection.execute(statement)
        connection.close()


def play_all(template: Path, folder: Path) -> Situations:
    """Play every situation, beginning with a loaded database."""
    kept = Situations(folder)
    play = Play(kept)
    folder.joinpath("empty.db").write_bytes(template.read_bytes())
    _intake(play)
    _screening(play)
    _matching(play)
    _delivery(play)
    _replacement(play)
    return kept


def _intake(play: Play) -> None:
    play.branch(
        "empty",
        ("draft", lambda s: s.file(filing(SEED))),
        ("triage", Story.submit),
        ("external", _matter(internal=False)),
        ("assessment", _fires("desk", "start_assessment")),
        ("prepared", Story.prepare_assessment),
        ("signed", _sign),
        ("assessed", _countersign),
        ("screening", Story.complete_assessment),
    )
    play.branch("triage", ("internal", _matter(internal=True)))
    play.raw("triage", "unlabelled", "UPDATE requests SET cyber_labelled = FALSE")
    play.branch("unlabelled", ("nothing_cyber", _judge))
    for state in ("triage", "assessment", "screening"):
        play.branch(state, (f"clarification_{state}", _ask))
    late = "UPDATE clarifications SET due_on = '2026-01-01'"
    play.raw("clarification_triage", "overdue", late)
    play.branch("overdue", ("silent", _fires("desk", "set_aside")), ("answered", _answer))


def _screening(play: Play) -> None:
    play.branch("screening", ("passing", Story.screen), ("matching", Story.pass_screening))
    play.branch(
        "screening",
        ("returning", lambda s: s.screen("return_for_revision")),
        ("revision", _fires("screener", "return_for_revision")),
    )
    play.branch(
        "screening",
        ("declining", lambda s: s.screen("decline")),
        ("declined", _fires("screener", "decline")),
        ("appeal", _fires(f"government:{COUNTRY}", "appeal", grounds="The facts are others.")),
    )
    play.raw("declined", "late", "UPDATE requests SET since = '2026-01-01T00:00:00.000000Z'")


def _matching(play: Play) -> None:
    def all_but_one(story: Story) -> None:
        proposal = story.stage.read("desk", f"{story.path}/matching/proposals/1")
        play.kept.entities = entities_of(proposal)
        for entity in play.kept.entities[:-1]:
            story.respond(entity)

    def last(story: Story) -> None:
        story.respond(play.kept.entities[-1])

    play.branch(
        "matching",
        ("proposed", Story.propose),
        ("offered", _fires("desk", "offer_match")),
        ("accepting", all_but_one),
        ("consent", last),
        ("delivery", lambda s: s.consent()),
    )
    play.raw("matching", "alone", NOBODY)
    play.branch("alone", ("nobody", Story.propose), ("unmatched", _fires("desk", "find_no_match")))


def _delivery(play: Play) -> None:
    def closing(story: Story) -> None:
        story.assess("reassessment")
        statement = {"impact": "Evidence is handled by one practice.", "lesson": "Train together."}
        path = f"{story.path}/delivery/closing"
        story.stage.change("desk", "PUT", path, statement, story.path)

    play.branch(
        "delivery",
        ("delivered", lambda s: (delivery.deliver(s), delivery.meet_conditions(s))),
        ("evaluation", _fires("desk", "complete_delivery")),
        ("closing", closing),
    )


def _replacement(play: Play) -> None:
    """The one entity leaves, and is asked once more for what it left."""

    def leave(story: Story) -> None:
        body = {"entity": play.kept.entities[-1], "reason": "Our staff left."}
        path = f"{story.path}/delivery/departures"
        story.stage.change("desk", "POST", path, body, story.path)

    def propose(story: Story) -> None:
        again = {"entity": play.kept.entities[-1], "reason": "It has new staff."}
        story.stage.add("desk", f"{story.path}/matching/proposals", {"ask_again": [again]})

    play.branch(
        "delivery",
        ("left", leave),
        ("sought", propose),
        ("reoffered", _fires("desk", "offer_replacement")),
        ("taking_over", lambda s: s.respond(play.kept.entities[-1])),
    )


def _fires(who: str, trigger: str, **form: str) -> Callable[[Story], object]:
    return lambda story: story.stage.move(who, story.reference, trigger, **form)


def _matter(*, internal: bool) -> Callable[[Story], object]:
    body = {"internal": internal, "reason": "As the text of the request says."}
    return lambda s: s.stage.change("desk", "PUT", f"{s.path}/matter", body, s.path)


def _judge(story: Story) -> None:
    verdict = {"verdict": "absent", "reason": "The text was read for it."}
    for one in story.stage.read("desk", f"{story.path}/elements")["items"]:
        path = f"{story.path}/elements/{one['element']}"
        story.stage.change("desk", "PUT", path, verdict, story.path)


def _sign(story: Story) -> None:
    room = f"{story.path}/assessment"
    seen = {"country": COUNTRY, "note": "Seen."}
    story.stage.change(f"assessor:{COUNTRY}", "POST", f"{room}/sign", None, room)
    path = f"{room}/acknowledgements"
    story.stage.change(f"government:{COUNTRY}", "POST", path, seen, room)


def _countersign(story: Story) -> None:
    room = f"{story.path}/assessment"
    path = f"{room}/countersignature"
    story.stage.change(f"coordinator:{COUNTRY}", "POST", path, None, room)


def _ask(story: Story) -> None:
    story.stage.add("desk", f"{story.path}/clarifications", ASKED)


def _answer(story: Story) -> None:
    path = f"{story.path}/clarifications/1/answer"
    said = {"answer": "The high court."}
    story.stage.change(f"coordinator:{COUNTRY}", "PUT", path, said, story.path)
