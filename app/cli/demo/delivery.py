"""The last acts of the play: activities, conditions, the second look, closing."""

from collections import Counter
from datetime import timedelta
from typing import Any

from app.cli.demo.story import Story


def deliver(story: Story, kind: str = "") -> list[int]:
    """Plan one activity for each assigned need, measure it and complete it."""
    stage = story.stage
    needs = {n["number"]: n for n in stage.read("desk", f"{story.path}/needs")["items"]}
    numbers: list[int] = []
    for given in stage.read("desk", f"{story.path}/assignments")["items"]:
        number = plan_activity(story, given["entity"], needs[given["need"]], kind)
        numbers.append(number)
        carry_out(story, given["entity"], number)
    stage.tell(f"    {len(numbers)} activities planned, carried out, measured and completed.")
    return numbers


def plan_activity(story: Story, entity: str, need: dict[str, Any], kind: str = "") -> int:
    """Plan one activity for a need, resting on the findings behind it; return its number."""
    body = activity_for(story, entity, need, kind)
    path = f"{story.path}/delivery/activities"
    return int(story.stage.add(f"focal:{entity}", path, body)["number"])


def activity_for(story: Story, entity: str, need: dict[str, Any], kind: str = "") -> dict[str, Any]:
    """Return the body that plans an activity for a need."""
    return {
        "entity": entity,
        "need": need["number"],
        "title": f"Help with: {need['text'][:200]}",
        "kind": kind or need["kind"] or "training",
        "findings": need["findings"],
        "starts_on": str(story.today),
        "ends_on": str(story.today + timedelta(days=90)),
    }


def carry_out(story: Story, entity: str, number: int) -> None:
    """Measure an activity by one indicator, run it and complete it."""
    stage, who = story.stage, f"focal:{entity}"
    one = f"{story.path}/delivery/activities/{number}"
    indicator: dict[str, Any] = {
        "name": "People trained",
        "unit": "people",
        "baseline": 0,
        "target": 40,
    }
    stage.change(who, "POST", f"{one}/indicators", indicator, one)
    stage.change(who, "POST", f"{one}/status", {"status": "running"}, one)
    held = stage.read(who, one)["indicators"][0]["id"]
    measured = {"actual": 42, "measured_on": str(story.today)}
    stage.change(who, "PUT", f"{one}/indicators/{held}", measured, one)
    stage.change(who, "POST", f"{one}/status", {"status": "done"}, one)


def meet_conditions(story: Story) -> int:
    """Meet every condition of the screening; return how many there were."""
    met = 0
    for condition in story.stage.read("desk", f"{story.path}/conditions")["items"]:
        if condition["met_at"] is None:
            path = f"{story.path}/conditions/{condition['number']}/met"
            note = {"note": "Done; see the progress report."}
            story.stage.change("desk", "POST", path, note, story.path)
            met += 1
    return met


def evaluate(story: Story) -> None:
    """Complete the delivery and look again at what was assessed, item by item."""
    story.stage.move("desk", story.reference, "complete_delivery")
    story.assess("reassessment")
    impact = story.stage.read("desk", f"{story.path}/delivery/impact")
    verdicts = Counter(change["verdict"] for change in impact["changes"])
    told = ", ".join(f"{count} {verdict}" for verdict, count in sorted(verdicts.items()))
    story.stage.tell(f"    the second assessment beside the first, question by question: {told}.")


def close(story: Story) -> None:
    """Write the closing statement and close, as two persons."""
    statement = {
        "impact": "Investigators and prosecutors now handle evidence by one practice.",
        "lesson": "Train investigators and prosecutors together from the first day.",
    }
    path = f"{story.path}/delivery/closing"
    story.stage.change("desk", "PUT", path, statement, story.path)
    story.stage.move("desk2", story.reference, "close")
