"""Playing a request through, whole or until a given state."""

from datetime import date
from typing import Any

from app.cli.demo import delivery
from app.cli.demo.filings import KENYA, filing
from app.cli.demo.stage import Stage
from app.cli.demo.story import Story


def main_play(stage: Stage, today: date) -> str:
    """Play one realistic request from draft to closed, telling every step; return its reference."""
    story = Story(stage, ["KEN"], today)
    stage.tell("Act 1. The resident coordinator files what the country needs.")
    story.file(KENYA)
    story.submit()
    stage.tell("Act 2. The desk takes it up and asks the country one question.")
    clarify(story)
    story.triage()
    stage.tell("Act 3. The in-country assessment: nothing is delivered before it is complete.")
    story.assess()
    story.complete_assessment()
    stage.tell("Act 4. Seven principles, thirty-six criteria, two signatures.")
    story.screen()
    story.pass_screening()
    stage.tell("Act 5. Who should help: by mandate, with the paragraph for each.")
    match(story)
    stage.tell("Act 6. Help is given, measured and compared.")
    delivery.deliver(story)
    delivery.meet_conditions(story)
    delivery.evaluate(story)
    delivery.close(story)
    return story.reference


def clarify(story: Story) -> None:
    """Ask one question and answer it; the clock of the state stands still meanwhile."""
    stage = story.stage
    question = {"questions": ["Which hospitals were disrupted?"], "due_on": str(story.today)}
    stage.add("desk", f"{story.path}/clarifications", question)
    stage.tell(f"    the request waits: {stage.state('desk', story.reference)}.")
    asked = stage.read("desk", f"{story.path}/clarifications")["items"][-1]
    path = f"{story.path}/clarifications/{asked['number']}/answer"
    answer = {"answer": "Two referral hospitals in the west."}
    stage.change(story.who("coordinator"), "PUT", path, answer, story.path)
    stage.tell(f"    answered: {stage.state('desk', story.reference)} again.")


def match(story: Story) -> dict[str, Any]:
    """Offer, let every entity accept, and let the country consent."""
    proposal = story.offer()
    for one in proposal["content"]["assignments"]:
        ground = f"{one['mandate']}, {', '.join(one['cite'])}"
        story.stage.tell(
            f"    need {one['need']} goes to {one['entity']} ({one['part']}): {ground}"
        )
    for entity in entities_of(proposal):
        story.respond(entity)
    story.consent()
    return proposal


def entities_of(proposal: dict[str, Any]) -> list[str]:
    """Return the entities that a proposal asks, the lead first."""
    rest = sorted(
        {one["entity"] for one in proposal["content"]["assignments"]} - {proposal["lead"]}
    )
    return [proposal["lead"], *rest]


ORDER = ("triage", "assessment", "screening", "matching", "offered", "delivery")


def seed_play(stage: Stage, today: date, seed: dict[str, Any]) -> str:
    """Play a seeded request until the state that it is to stand in; return its reference."""
    story = Story(stage, seed["countries"], today)
    story.file(filing(seed))
    until = seed["until"]
    if until == "draft":
        return story.reference
    story.submit()
    if until in ("clarification", "redirected", "withdrawn"):
        _aside(story, until)
        return story.reference
    acts = (_nothing, Story.triage, _assessed, _screened, _offered, _consented)
    for state, act in zip(ORDER, acts, strict=True):
        act(story)
        if state == until:
            break
    return story.reference


def _nothing(_story: Story) -> None:
    return


def _assessed(story: Story) -> None:
    story.assess()
    story.complete_assessment()


def _screened(story: Story) -> None:
    story.screen()
    story.pass_screening()


def _offered(story: Story) -> None:
    story.offer()


def _consented(story: Story) -> None:
    path = f"{story.path}/matching/proposals/1"
    for entity in entities_of(story.stage.read("desk", path)):
        story.respond(entity)
    story.consent()


def _aside(story: Story, until: str) -> None:
    stage = story.stage
    if until == "clarification":
        question = {"questions": ["Which law is to be revised?"], "due_on": "2027-06-30"}
        stage.add("desk", f"{story.path}/clarifications", question)
    elif until == "withdrawn":
        stage.move(
            story.who("coordinator"), story.reference, "withdraw", reason="No longer needed."
        )
    else:
        matter = {"internal": True, "reason": "It concerns an office of the organizations."}
        stage.change("desk", "PUT", f"{story.path}/matter", matter, story.path)
        stage.move("desk", story.reference, "redirect")
