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
    figures_tell_of(stage, reference)


def figures_tell_of(stage: Stage, reference: str) -> None:
    """The reports know what has become of it: where it was how long, and what it has gained."""
    maturity = stage.read("auditor", "/reports/maturity")["items"]
    gained = [line for line in maturity if reference in line["references"]]
    assert gained
    assert all(1 <= line["evidenced_before"] <= line["claimed_before"] <= 5 for line in gained)
    assert any(line["gain"] > 0 for line in gained)
    for line in gained:
        assert line["gain"] == round(line["evidenced_after"] - line["evidenced_before"], 2)
    stays = {line["state"]: line for line in stage.read("auditor", "/reports/durations")["items"]}
    assert {"triage", "clarification", "evaluation"} <= set(stays)
    assert reference in [one["reference"] for one in stays["evaluation"]["longest"]]
    helping = stage.read("auditor", f"/requests/{reference}/matching")["proposal"]["lead"]
    load = {line["entity"]: line for line in stage.read("auditor", "/reports/entities")["items"]}
    assert helping in load
    assert stage.read("desk", "/reports/maturity")["items"] == maturity
    assert reference not in str(stage.read("government:UGA", "/reports/maturity"))
