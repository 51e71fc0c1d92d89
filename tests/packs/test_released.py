"""What has been released never changes."""

from app.config import ROOT
from app.engine.release import changed, released


def test_the_released_files_are_what_they_were_at_their_release() -> None:
    held = released(ROOT / "workflows")
    assert "definitions/needs_assessment/v1.yaml" in held
    assert len(held) >= 5
    assert changed(ROOT / "workflows") == []
