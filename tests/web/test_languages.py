"""Six languages by one mechanism: nothing is said past it, nothing put together, no side hard-coded."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from babel.messages.catalog import Message
from babel.messages.pofile import read_po
from jinja2 import nodes

from app.web.pages import TEMPLATES
from app.web.static import FOLDER, HERE
from scripts import phrases
from scripts.messages import LANGUAGES, WORKFLOWS, gather, without
from scripts.phrases import CALLS, COUNTS
from scripts.phrases import FOLDER as PAGES

NAMES = sorted(TEMPLATES.list_templates(extensions=["html"]))
TAG = re.compile(r"(?s)<!--.*?-->|<[^<>]*>")
TOLD = re.compile(r"""(?:aria-label|alt|title|placeholder)="([^"]*)\"""")
WORD = re.compile(r"[A-Za-z]{2,}")
OURS = frozenset({"Entente", "UTC", "CSV", "XLSX"})
"""Names, which are the same in every language."""
WITHIN_TAGS = re.compile(
    r"(?s)\{% block kind %\}.*?\{% endblock %\}"
    r"|\{% macro (?:described|attributes)\(.*?\{%-? endmacro %\}"
)
"""What makes classes and attributes, which nobody reads."""
HOLE = re.compile(r"\{(\w*)\}")
SIDES = re.compile(r"[\w-]*\b(?:left|right)\b[\w-]*")
LETTER = "[\u0621-\u0652]"
ALONE = re.compile(
    f"(?<!{LETTER})(?:لديك|يمكنك|عليك|لك|إليك|جلستك|حسابك|بريدك|أرسل|أدخل|اختر|استخدم|اكتب|انتظر)(?!{LETTER})"
)
"""Arabic that speaks to one person as a friend would, not as an office does."""
LOOSE = re.compile(r" [:;?!»](?=\s|$)|« ")
VALUE = "\x00"
"""Stands where a template puts a value."""


def texts_of(source: str) -> Iterator[str]:
    """Yield what a template says by itself: text between tags, and attributes that are read out."""
    whole = "".join(
        text if kind == "data" else VALUE
        for _, kind, text in TEMPLATES.lex(WITHIN_TAGS.sub("", source))
        if kind in ("data", "variable_begin", "block_begin")
    )
    plain = whole.replace(f"{VALUE}{VALUE}", VALUE)
    for told in (*TAG.sub("\n", plain).split("\n"), *TOLD.findall(plain)):
        yield from (word for word in WORD.findall(told) if word not in OURS)


def joined(tree: nodes.Template) -> Iterator[str]:
    """Yield each place where a template puts a translated text together with another."""
    for one in (*tree.find_all(nodes.Concat), *tree.find_all(nodes.Add)):
        for call in one.find_all(nodes.Call):
            if isinstance(call.node, nodes.Name) and call.node.name in CALLS | COUNTS:
                yield f"line {one.lineno}"


def glued(tree: ast.Module) -> Iterator[str]:
    """Yield each place where code does so."""
    for one in ast.walk(tree):
        if isinstance(one, ast.JoinedStr) or (
            isinstance(one, ast.BinOp) and isinstance(one.op, ast.Add)
        ):
            names = {
                call.func.id
                for call in ast.walk(one)
                if isinstance(call, ast.Call) and isinstance(call.func, ast.Name)
            }
            if names & (CALLS | COUNTS):
                yield f"line {one.lineno}"


def messages() -> Iterator[tuple[str, Message]]:
    """Yield every message of every catalogue that has a translation."""
    for folder in (PAGES, WORKFLOWS / "locales"):
        for language in LANGUAGES:
            with (folder / f"{language}.po").open("rb") as stream:
                catalogue = read_po(stream, locale=language)
            yield from ((language, one) for one in catalogue if one.id and any(forms_of(one)))


def forms_of(message: Message) -> tuple[str, ...]:
    """Return a translation in each of its forms."""
    told = message.string
    return tuple(map(str, told)) if isinstance(told, tuple | list) else (str(told),)


def amiss(message: Message) -> str:
    """Return what is wrong with a translation, or nothing."""
    english = message.id if isinstance(message.id, tuple | list) else (message.id,)
    wanted = set(HOLE.findall(str(english[-1])))
    for form in forms_of(message):
        if not form:
            return "a form is missing"
        held = set(HOLE.findall(form))
        if held - wanted or wanted - held - ({"number"} if message.pluralizable else set()):
            return f"{sorted(held)} stand in it, not {sorted(wanted)}"
    return ""


@pytest.mark.parametrize("name", NAMES)
def test_a_template_says_nothing_past_the_catalogues(name: str) -> None:
    source = (HERE / "templates" / name).read_text("utf-8")
    assert list(texts_of(source)) == []
    assert list(joined(TEMPLATES.parse(source))) == []


def test_code_puts_no_translated_texts_together() -> None:
    found = [
        f"{path.name} {where}"
        for path in sorted(HERE.rglob("*.py"))
        for where in glued(ast.parse(path.read_text("utf-8")))
    ]
    assert found == []


def test_every_text_is_said_in_every_language() -> None:
    missing: list[tuple[str, str]] = []
    of_packs = gather(WORKFLOWS)
    gathered = {PAGES: without(phrases.gather(), of_packs), WORKFLOWS / "locales": of_packs}
    for folder, template in gathered.items():
        for language in LANGUAGES:
            with (folder / f"{language}.po").open("rb") as stream:
                catalogue = read_po(stream, locale=language)
            for message in template:
                held = catalogue.get(message.id) if message.id else None
                if message.id and (held is None or not all(forms_of(held))):
                    missing.append((language, str(message.id)))
    assert missing == []


def test_a_translation_holds_the_values_of_its_english_and_all_its_forms() -> None:
    found = [(language, one.id, why) for language, one in messages() if (why := amiss(one))]
    assert found == []


def loose(form: str) -> list[str]:
    """Return each place where a line may break before a French mark, or after an opening quote."""
    return LOOSE.findall(form)


def test_french_keeps_its_marks_with_the_word_before_them() -> None:
    assert loose("Non : oui") == [" :"]
    assert not loose("Non\u00a0: oui\u202f; If-Match: 7")
    said = [form for language, one in messages() if language == "fr" for form in forms_of(one)]
    assert [form for form in said if loose(form)] == []


def test_arabic_addresses_people_in_the_plural() -> None:
    assert ALONE.search("أرسل ما لديك")
    assert not ALONE.search("أرسلوا ما لديكم")
    said = [form for language, one in messages() if language == "ar" for form in forms_of(one)]
    assert [form for form in said if ALONE.search(form)] == []


def test_no_style_names_a_side() -> None:
    for file in sorted(FOLDER.glob("*.css")):
        plain = re.sub(r"(?s)/\*.*?\*/", "", file.read_text("utf-8"))
        assert SIDES.findall(plain) == [], file.name


@pytest.mark.parametrize(
    ("source", "said"),
    [
        ("<p>{{ _('Yes') }} Draft</p>", ["Draft"]),
        ('<p title="Close it">{{ x }}</p>', ["Close", "it"]),
        ('<p class="kicker">{{ x }} · Entente</p>', []),
        ("{% if a %}<b>{% else %}or{% endif %}", ["or"]),
    ],
)
def test_what_is_said_past_the_catalogues_is_noticed(source: str, said: list[str]) -> None:
    assert list(texts_of(source)) == said


def test_what_is_put_together_is_noticed() -> None:
    assert list(joined(TEMPLATES.parse("{{ _('From') ~ x }}")))
    assert list(joined(TEMPLATES.parse("{{ _('From') + x }}")))
    assert not list(joined(TEMPLATES.parse("{{ a ~ b }}{{ _('From {x}', x=x) }}")))
    assert list(glued(ast.parse("f\"{_('From')} {x}\"")))
    assert list(glued(ast.parse("_('From') + x")))
    assert not list(glued(ast.parse("_('From {x}', x=f'{y}')")))


@pytest.mark.parametrize(
    ("english", "told", "right"),
    [
        ("From {a}", "De {a}", True),
        ("From {a}", "De {b}", False),
        ("From {a}", "De", False),
        (("{number} need", "{number} needs"), ("un besoin", "{number} besoins"), True),
        (("{number} need", "{number} needs"), ("un besoin", ""), False),
    ],
)
def test_a_translation_with_other_values_is_noticed(
    english: str | tuple[str, str], told: str | tuple[str, str], *, right: bool
) -> None:
    assert (amiss(Message(english, told)) == "") is right


def test_the_catalogues_stand_where_pages_look() -> None:
    assert {file.stem for file in Path(PAGES).glob("*.po")} == set(LANGUAGES)
