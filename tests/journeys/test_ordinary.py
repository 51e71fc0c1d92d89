"""An ordinary request travels from draft to closed."""

from datetime import UTC, datetime

from app.cli.demo.play import main_play
from app.cli.demo.stage import Stage


def test_an_ordinary_request_travels_from_draft_to_closed(stage: Stage) -> None:
    told: list[str] = []
    stage.tell = told.append
    reference = main_play(stage, datetime.now(UTC).date())
    assert stage.state("auditor", reference) == "closed"
    events = stage.timeline("auditor", reference)
    path = [event["data"]["to"] for event in events if event["kind"] == "moved"]
    assert path == [
        *("triage", "clarification", "triage", "assessment", "screening", "matching"),
        *("offered", "consent", "delivery", "evaluation", "closed"),
    ]
    numbers = [event["number"] for event in events]
    assert numbers == list(range(1, len(numbers) + 1))
