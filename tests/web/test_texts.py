"""What pages say: plural forms, isolated words, days and numbers as each language writes them."""

import re
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from markupsafe import Markup

from app.kit import speech as catalogues
from app.kit.speech import Speech, speech
from app.kit.text import LANGUAGES
from app.web import texts
from app.web.texts import speaking
from tests.web.speeches import NO_PACKS

SUMMER = datetime(2026, 7, 5, 13, 45, 30, tzinfo=UTC)
FRENCH = """
msgid ""
msgstr ""
"Language: fr\\n"
"Plural-Forms: nplurals=2; plural=(n > 1);\\n"
"Content-Type: text/plain; charset=utf-8\\n"

msgid "{number} need"
msgid_plural "{number} needs"
msgstr[0] "{number} besoin"
msgstr[1] "{number} besoins"

msgid "From {name}"
msgstr "De {name}"

msgid "No mandate gives help on {0}."
msgstr "Aucun mandat ne porte sur {0}."

msgid "Not consulted: {0}."
msgstr "Non consultés : {0}."

msgid "Phase"
msgstr "Phase"

msgid "{0} (need {1})"
msgstr "{0} (besoin {1})"

msgid "ICT regulators"
msgstr "Régulateurs des TIC"

msgid "Cybercrime law"
msgstr "Droit de la cybercriminalité"
"""


@pytest.fixture
def french(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Speech:
    """French, as a catalogue of our own has it."""
    (tmp_path / "fr.po").write_text(FRENCH.lstrip(), "utf-8")
    monkeypatch.setattr(catalogues, "CATALOGUES", tmp_path)
    return speech("fr", NO_PACKS, {})


def test_a_number_takes_its_form(french: Speech) -> None:
    one, many = "{number} need", "{number} needs"
    with speaking(french):
        told = [re.sub("<.*?>", "", texts.counted(one, many, n)) for n in (0, 1, 2, 12000)]
    assert told == ["0 besoin", "1 besoin", "2 besoins", "12\u202f000 besoins"]
    with speaking(speech("en", NO_PACKS, {})):
        told = [re.sub("<.*?>", "", texts.counted(one, many, n)) for n in (0, 1, 12000)]
    assert told == ["0 needs", "1 need", "12,000 needs"]


def test_what_people_typed_is_escaped_and_isolated(french: Speech) -> None:
    with speaking(french):
        assert texts._("From {name}", name="<b>x") == "De <bdi>&lt;b&gt;x</bdi>"
        assert texts._("From {name}", name=Markup("<i>x</i>")) == "De <i>x</i>"
        assert texts.plainly("From {name}", name="x") == "De x"


def test_a_sentence_that_code_put_together_is_said_with_its_values(french: Speech) -> None:
    with speaking(french):
        told = texts.said("No mandate gives help on Cybercrime law.")
        assert told == "Aucun mandat ne porte sur Droit de la cybercriminalité."
        assert texts.said("Nobody has said this.") == "Nobody has said this."


def test_what_a_sentence_lists_is_said_unless_somebody_typed_it(french: Speech) -> None:
    with speaking(french):
        told = texts.said("Not consulted: ict_regulators, Cybercrime law.")
        assert told == "Non consultés : Régulateurs des TIC et Droit de la cybercriminalité."
        told = texts.said("Not consulted: phase, A1 (need 2).")
        assert told == "Non consultés : Phase et A1 (besoin 2)."
        told = texts.said("Not consulted: Cybercrime law, Nairobi.")
        assert told == "Non consultés : Cybercrime law, Nairobi."


def test_a_name_is_said_to_the_letter(french: Speech) -> None:
    with speaking(french):
        assert texts.named("Cybercrime law") == "Droit de la cybercriminalité"
        assert texts.named("A {name} of ours") == "A {name} of ours"


@pytest.mark.parametrize(
    ("language", "told"),
    [
        ("en", "5 Jul 2026"),
        ("fr", "5 juil. 2026"),
        ("es", "5 jul 2026"),
        ("ru", "5 июл. 2026\u202f\u0433."),
        ("zh", "2026年7月5日"),
    ],
)
def test_a_day_is_written_as_the_language_does(language: str, told: str) -> None:
    with speaking(speech(language, NO_PACKS, {})):
        shown = re.sub("<.*?>", "", texts.day(date(2026, 7, 5)))
        assert shown.replace("\u202f", " ") == told.replace("\u202f", " ")
        assert '<time datetime="2026-07-05">' in texts.day(date(2026, 7, 5))


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_moment_is_told_to_the_minute_in_utc(language: str) -> None:
    with speaking(speech(language, NO_PACKS, {})):
        shown = re.sub("<.*?>", "", texts.moment(SUMMER))
    assert shown.endswith(" UTC")
    assert "30" not in shown.replace("2026", "")
    assert "45" in shown or "٤٥" in shown


def test_countries_stand_in_the_order_of_the_language() -> None:
    with speaking(speech("fr", NO_PACKS, {})):
        names = [name for _, name in texts.countries()]
    assert len(names) > 190
    assert names.index("Égypte") < names.index("France")


def test_arabic_is_written_from_the_right_and_codes_are_put_into_words() -> None:
    assert speech("ar", NO_PACKS, {}).direction == "rtl"
    with speaking(speech("en", NO_PACKS, {})):
        assert texts.words("in_progress") == "In progress"
        assert texts.words("un_entity") == "UN entity"
        assert texts.words("request.filed") == "Request filed"
