"""Generated pages: every word of the vocabulary is told, and a page that lags behind is seen."""

from pathlib import Path

import pytest

from app.directory.actor import ROLES
from app.lifecycle.vocabulary import ACTS, VOCABULARY
from app.wiring.messages import MESSAGES
from scripts import docs


def test_every_word_that_a_definition_may_use_is_told() -> None:
    page = docs.vocabulary()
    words = {*VOCABULARY.guards, *VOCABULARY.effects, *VOCABULARY.persons, *ACTS, *ROLES, *MESSAGES}
    assert [word for word in sorted(words) if f"| `{word}` |" not in page] == []


def test_what_a_guard_proves_and_an_effect_takes_away_is_told() -> None:
    lines = docs.vocabulary().splitlines()
    gate = next(line for line in lines if line.startswith("| `stage_complete` |"))
    assert "`assessment.completed`" in gate
    reopening = next(line for line in lines if line.startswith("| `reopen_assessment` |"))
    assert "`assessment.completed`" in reopening


def test_the_pages_in_the_repository_are_what_the_code_says() -> None:
    assert docs.out_of_date(docs.DOCS) == []


def test_a_page_that_lags_behind_is_seen(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(docs, "PAGES", {"workflows.md": docs.vocabulary})
    assert docs.out_of_date(tmp_path) == ["workflows.md"]
    (tmp_path / "workflows.md").write_text(docs.vocabulary(), "utf-8")
    assert docs.out_of_date(tmp_path) == []
    (tmp_path / "workflows.md").write_text(docs.vocabulary() + "more", "utf-8")
    assert docs.out_of_date(tmp_path) == ["workflows.md"]
