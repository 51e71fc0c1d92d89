"""The pure rules of the common repository."""

from app.knowledge import rules


def test_a_lesson_is_called_by_its_first_line() -> None:
    assert rules.title_of("  Begin with the judges.\nThey decide. ") == "Begin with the judges."


def test_a_long_first_line_is_cut_at_a_word() -> None:
    title = rules.title_of("training " * 40)
    assert len(title) <= rules.MOST_TITLE
    assert title.endswith("training…")


def test_topics_that_no_pack_knows_are_named() -> None:
    assert rules.strangers(["A1", "Z9", "B2"], {"A1"}) == ["B2", "Z9"]
    assert rules.strangers([], {"A1"}) == []
