"""What journeys share: filings, ways to a stage, refusals read as reasons, and the ways to the end."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from app.cli.demo import delivery
from app.cli.demo.filings import SUBMISSION
from app.cli.demo.play import match
from app.cli.demo.story import Story

COUNTRIES = ("KEN", "UGA", "FJI", "WSM", "JOR")
"""Whose people play in the journeys."""
TRAINING = {
    "area": "D",
    "topic": "D6a",
    "kind": "training",
    "text": "Joint training of investigators and prosecutors in electronic evidence.",
}
CIRT = {
    "area": "D",
    "topic": "D9",
    "kind": "cirt",
    "text": "A national computer incident response team with trained staff.",
}


def asking(*needs: dict[str, Any], **more: Any) -> dict[str, Any]:
    """Return the body of a filing that lacks nothing; without needs it asks for training."""
    return {
        "countries": ["KEN"],
        "title": "Investigating cybercrime",
        "summary": "Police and prosecutors meet electronic evidence in most cases of fraud.",
        "authority": SUBMISSION,
        "cross_border": "Most cases involve providers abroad.",
        "needs": list(needs or (TRAINING,)),
    } | more


@dataclass(frozen=True, slots=True)
class Refused:
    """A refusal: its number, its code, and each reason's paragraphs and sentence by code."""

    status: int
    code: str
    cites: dict[str, str]
    sentences: dict[str, str]


def refused(story: Story, call: tuple[str, str, str], body: Any = None, *, of: str = "") -> Refused:
    """Make one call (who, method, path) that must be refused as the caller's fault; return how."""
    who, method, path = call
    tag = story.stage.obtain(who, "GET", of).tag if of else ""
    answer = story.stage.ask(who, method, path, body, tag)
    assert 400 <= answer.status < 500, f"{call} answered {answer.status}: {answer.body}"
    reasons = answer.body.get("blockers", [])
    return Refused(
        answer.status,
        answer.body["code"],
        {reason["code"]: reason["cite"] for reason in reasons},
        {reason["code"]: reason["message"] for reason in reasons},
    )


def move_refused(story: Story, who: str, trigger: str, **form: Any) -> Refused:
    """Try a transition that must be refused; it leaves the request where and as it was."""
    status = f"{story.path}/status"
    before = story.stage.read("auditor", status)
    call = (who, "POST", f"{story.path}/transitions")
    answer = refused(story, call, {"trigger": trigger, "form": form}, of=status)
    assert story.stage.read("auditor", status) == before
    return answer


def open_to(story: Story, who: str) -> set[str]:
    """Return the triggers that a person may fire now."""
    options = story.stage.read(who, f"{story.path}/options")["items"]
    return {option["trigger"] for option in options if option["allowed"]}


def state(story: Story) -> str:
    """Return where the request stands."""
    return story.stage.state("auditor", story.reference)


def happened(story: Story, kind: str) -> list[dict[str, Any]]:
    """Return the events of one kind, oldest first."""
    events = story.stage.timeline("auditor", story.reference)
    return [event for event in events if event["kind"] == kind]


def last_move(story: Story) -> dict[str, Any]:
    """Return the event of the last transition."""
    return happened(story, "moved")[-1]


def moment(text: str) -> datetime:
    """Return a moment as the API writes it."""
    return datetime.fromisoformat(text)


def serving(story: Story) -> list[str]:
    """Return the kinds of the completed assessments of a request."""
    known = story.stage.read("desk", f"{story.path}/assessments")["items"]
    return [one["kind"] for one in known if one["status"] == "completed"]


def at_triage(story: Story, body: dict[str, Any]) -> None:
    """File and submit."""
    story.file(body)
    story.submit()


def at_assessment(story: Story, body: dict[str, Any]) -> None:
    """File, submit and take up."""
    at_triage(story, body)
    story.triage()


def at_screening(story: Story, body: dict[str, Any]) -> None:
    """Everything until the screening begins."""
    at_assessment(story, body)
    story.assess()
    story.complete_assessment()


def past_screening(story: Story) -> None:
    """Screen what is at its screening, and let it pass."""
    story.screen()
    story.pass_screening()


def at_matching(story: Story, body: dict[str, Any]) -> None:
    """Everything until entities are sought."""
    at_screening(story, body)
    past_screening(story)


def at_delivery(story: Story, body: dict[str, Any]) -> None:
    """Everything until help may begin."""
    at_matching(story, body)
    match(story)


def finish(story: Story) -> None:
    """Deliver what is assigned, meet the conditions, and close."""
    delivery.deliver(story)
    delivery.meet_conditions(story)
    story.stage.move("desk", story.reference, "complete_delivery")
    delivery.close(story)
    assert state(story) == "closed"
