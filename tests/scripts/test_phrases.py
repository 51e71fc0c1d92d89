"""What pages say is gathered whole: templates, code, reasons, refusals and codes."""

import ast
from pathlib import Path

from babel.messages.catalog import Catalog

from scripts import phrases
from scripts.messages import renew, without


def test_every_kind_of_text_is_gathered() -> None:
    template = phrases.gather()
    for text in (
        "Good to see you, {name}.",  # of a template
        "One line that tells what the country asks for.",  # of code, only named there
        "A decline takes a reason.",  # of a refusal
        "The assessor has not signed it.",  # of a reason against
        "The plan holds {0}.",  # of a rule, with a value in it
        "Resident coordinator",  # of a code
        "Need marked",  # of an event
        "Moved",  # of the conductor's own
        "Unlikely",  # of a pack, a choice
        "Not in this state",  # the title of a refusal
    ):
        assert template.get(text) is not None, text
    counted = template.get("{number} need")
    assert counted is not None
    assert counted.pluralizable


def test_a_text_with_values_in_it_is_gathered_as_a_pattern() -> None:
    made = ast.parse('f"{a} of {b}: {c!r}"').body[0]
    assert isinstance(made, ast.Expr)
    assert phrases.pattern_of(made.value) == "{0} of {1}: {2}"
    assert not phrases.tells("{0}: {1}.")
    assert phrases.tells("{0} has spoken.")


def test_what_packs_say_is_not_translated_twice() -> None:
    pages, packs = Catalog(), Catalog()
    for text in ("Draft", "Home"):
        pages.add(text)
    packs.add("Draft")
    assert [one.id for one in without(pages, packs) if one.id] == ["Home"]


def test_a_plural_is_translated_when_all_its_forms_are(tmp_path: Path) -> None:
    template = Catalog()
    template.add(("{number} need", "{number} needs"))
    assert renew(template, tmp_path, "ar") == (0, 1)
    file = tmp_path / "ar.po"
    text = file.read_text("utf-8")
    assert text.count("msgstr[") == 6
    file.write_text(text.replace('msgstr[0] ""', 'msgstr[0] "x"'), "utf-8")
    assert renew(template, tmp_path, "ar") == (0, 1)
    whole = file.read_text("utf-8")
    for form in range(1, 6):
        whole = whole.replace(f'msgstr[{form}] ""', f'msgstr[{form}] "x"')
    file.write_text(whole, "utf-8")
    assert renew(template, tmp_path, "ar") == (1, 1)
