"""Pictures of the released definition: whole, deterministic, and readable without seeing them."""

from pathlib import Path
from xml.etree import ElementTree as ET  # our own picture, not a stranger's

import pytest

from app.engine.diagram import Pen, in_words, mermaid, svg
from app.engine.layout import lay_out
from app.kit.speech import speech
from app.kit.text import Catalogue
from tests.engine import read, released_text

WORKFLOWS = Path(__file__).parents[2] / "workflows"
SVG = "{http://www.w3.org/2000/svg}"
DEFINITION = read(released_text())


def test_the_picture_shows_every_state_and_every_trigger() -> None:
    drawn = " ".join(text.text or "" for text in ET.fromstring(svg(DEFINITION)).iter(f"{SVG}text"))  # noqa: S314 - our own
    for name, state in DEFINITION.states.items():
        assert state.label in drawn
        assert name in drawn
    for transition in DEFINITION.transitions:
        assert transition.trigger in drawn


def test_the_picture_says_in_words_what_it_shows() -> None:
    root = ET.fromstring(svg(DEFINITION))  # noqa: S314 - our own
    title, told = root.find(f"{SVG}title"), root.find(f"{SVG}desc")
    assert title is not None
    assert told is not None
    assert title.text == DEFINITION.title
    assert told.text == in_words(DEFINITION)
    assert "Triage (intake) leads by redirect to Redirected;" in in_words(DEFINITION)
    assert "Closed (ended) ends the request." in in_words(DEFINITION)


def test_the_picture_fetches_nothing_and_is_the_same_every_time() -> None:
    drawn = svg(DEFINITION)
    assert drawn == svg(read(released_text()))
    assert drawn.count("http") == 1  # the name of the format itself
    assert "<script" not in drawn


def test_every_curve_but_those_of_a_withdrawal_is_drawn() -> None:
    curves = svg(DEFINITION).count("marker-end")
    written = sum(e.transition.trigger == "withdraw" for e in DEFINITION.edges)
    few = {("withdraw", "withdrawn")}
    drawn = [e for e in DEFINITION.edges if (e.transition.trigger, e.target) not in few]
    assert curves == len(drawn) == len(DEFINITION.edges) - written


def test_no_two_boxes_overlap_and_all_stand_within_the_picture() -> None:
    layout = lay_out(DEFINITION)
    boxes = list(layout.boxes.values())
    for box in boxes:
        assert 0 <= box.left < box.right <= layout.width
        assert 0 <= box.top < box.top + box.height <= layout.height
    for one in boxes:
        for other in boxes:
            if one is not other and one.column == other.column:
                assert one.top + one.height < other.top or other.top + other.height < one.top


def test_labels_that_hold_marks_of_the_format_do_not_break_the_picture() -> None:
    text = released_text()
    text["states"]["draft"]["label"] = 'a < b & "c"'
    assert "a &lt; b &amp; &quot;c&quot;" in svg(read(text))
    assert ET.fromstring(svg(read(text))).tag == f"{SVG}svg"  # noqa: S314 - our own


@pytest.mark.parametrize("language", ["ar", "es", "fr", "ru", "zh"])
def test_the_picture_speaks_each_language_and_runs_from_its_side(language: str) -> None:
    told = speech(language, Catalogue(WORKFLOWS / "locales"))
    pen = Pen(told.text, plain=False, rtl=told.direction == "rtl")
    root = ET.fromstring(svg(DEFINITION, pen))  # noqa: S314 - our own
    lines = [text.text or "" for text in root.iter(f"{SVG}text")]
    for state in DEFINITION.states.values():
        assert told.text(state.label) in lines
        assert state.label not in lines or told.text(state.label) == state.label
    first = next(text for text in root.iter(f"{SVG}text") if text.text == told.text("Draft"))
    last = next(text for text in root.iter(f"{SVG}text") if text.text == told.text("Delivery"))
    assert (float(first.get("x", 0)) > float(last.get("x", 0))) is (language == "ar")
    assert (root.get("direction") == "rtl") is (language == "ar")
    assert not any(one.trigger in lines for one in DEFINITION.transitions)


@pytest.mark.parametrize(
    "line",
    [
        "stateDiagram-v2",
        '    state "In-country assessment" as assessment',
        "    [*] --> draft",
        "    triage --> assessment: start_assessment",
        "    clarification --> screening: take_up_again",
        "    closed --> [*]",
    ],
)
def test_mermaid_text_holds_the_definition(line: str) -> None:
    assert line in mermaid(DEFINITION).splitlines()
