"""Gathers what pages say: templates, code, sentences of reasons and refusals, codes in words."""

import ast
import re
from collections.abc import Iterable, Iterator
from http import HTTPStatus
from pathlib import Path
from typing import Any

from babel.messages.catalog import Catalog
from jinja2 import nodes

from app.kit import errors
from app.kit.errors import Refusal
from app.kit.speech import in_words
from app.lifecycle.vocabulary import ACTS
from app.matching.optimiser.reasons import PARTS
from app.matching.portfolio.planning import RULE
from app.web.pages import TEMPLATES
from app.web.static import HERE
from app.wiring.fields import sentence_of
from app.wiring.messages import MESSAGES
from scripts import codes
from scripts.codes import name_of, parsed

APP = Path(__file__).resolve().parents[1] / "app"
FOLDER = APP / "web" / "locales"
CALLS = frozenset({"_", "marked", "plainly", "said"})
COUNTS = frozenset({"ngettext", "counted"})
SENTENCES = ("matching/optimiser", "screening/rules", "assessment/rules", "reports/paper")
"""Where code makes whole sentences for people, which pages show as they come."""
UNSEEN = (
    *("cli/", "jobs/", "config.py", "setting_up/", "engine/packs.py", "kit/db.py"),
    "webhooks/sending.py",
)
"""What refuses where no page and no answer of the interface is read."""
SPEAKING = (
    *("web/", "wiring/", "api/problems.py", "jobs/letters.py", "engine/diagram.py"),
    "reports/paper/",
)
"""Where code names texts that are shown: pages, the interface's refusals, mails."""
BODIES = ("kit/text.py", "kit/bodies.py", "engine/entries.py", "api/", "web/")
"""Where bodies and their parts have rules of their own, besides the `schemas` of rooms."""
NUMBERED = "{0} (need {1})"
"""How rules list needs by their topics."""
SENTENCE = re.compile(r"(?s)[A-Z{].* .*\.")
HOLE = re.compile(r"\{\d\}")
TELLING = re.compile(r"[A-Za-z]{2,}")
"""A word; a sentence that says fewer than two beside its values could be any other."""
ANSWERED = (400, 401, 404, 405, 409, 412, 422, 500, 503)
"""The numbers whose own phrase is the title of an answer."""
Found = tuple[str | tuple[str, str], str]
"""A text, or its two English forms, and where it stands."""


def gather() -> Catalog:
    """Return a template with each text of the pages once, and the files where it stands."""
    template = Catalog(project="Entente", fuzzy=False)
    sources = (from_templates, from_code, from_reasons, from_refusals, from_bodies, codes.gather)
    for source in sources:
        for text, where in source():
            template.add(text, locations=[(where, 1)])
    return template


def from_templates() -> Iterator[Found]:
    """Yield what templates say, and the codes that they put into words."""
    for name in sorted(TEMPLATES.list_templates(extensions=["html"])):
        tree = TEMPLATES.parse((HERE / "templates" / name).read_text("utf-8"))
        for call in tree.find_all(nodes.Call):
            if isinstance(call.node, nodes.Name):
                told = [one.value for one in call.args if isinstance(one, nodes.Const)]
                yield from _of_call(call.node.name, told, f"web/templates/{name}")
        for one in tree.find_all(nodes.Filter):
            if one.name == "words" and isinstance(one.node, nodes.Const):
                yield in_words(one.node.value), f"web/templates/{name}"


def _of_call(name: str, told: list[Any], where: str) -> Iterator[Found]:
    texts = [one for one in told if isinstance(one, str)]
    if name in CALLS and texts:
        yield texts[0], where
    if name in COUNTS and len(texts) > 1:
        yield (texts[0], texts[1]), where


def from_code() -> Iterator[Found]:
    """Yield what the code of pages, answers and mails says, and what it only names."""
    for where, tree in parsed(*SPEAKING):
        for call in ast.walk(tree):
            if isinstance(call, ast.Call):
                told = [one.value for one in call.args if isinstance(one, ast.Constant)]
                yield from _of_call(name_of(call), told, where)


def from_reasons() -> Iterator[Found]:
    """Yield the sentences of reasons against, and those that rules give as their reasons."""
    yield from ((text, "wiring/messages.py") for text in MESSAGES.values())
    yield from ((text, "matching/optimiser/reasons.py") for text in PARTS)
    yield RULE, "matching/portfolio/planning.py"
    yield from ((text, "lifecycle/vocabulary.py") for text in ACTS.values())
    yield NUMBERED, "screening/rules/plan.py"
    for where, tree in parsed("screening/rules"):
        for call in ast.walk(tree):
            if isinstance(call, ast.Call):
                yield from ((text, where) for text in _of_rule(call))
    for where, tree in parsed(*SENTENCES):
        docs = set(_docstrings(tree))
        whole = [one for one in ast.walk(tree) if isinstance(one, ast.JoinedStr)]
        parts = {id(part) for one in whole for part in one.values}
        for node in ast.walk(tree):
            text = "" if id(node) in docs | parts else pattern_of(node)
            if SENTENCE.fullmatch(text) and tells(text):
                yield text, where


def _of_rule(call: ast.Call) -> Iterator[str]:
    """Yield what rules put into their sentences, and sentences that end in a list."""
    told = list(_constants(call.args))
    if name_of(call) == "_lacking":
        yield from (f"{text}: {{0}}." for text in told)
    if name_of(call) in ("_lacking", "_empty"):
        listed = [one for one in call.args if isinstance(one, ast.List | ast.Dict | ast.BoolOp)]
        yield from _constants(one for given in listed for one in ast.walk(given))
    if name_of(call) == "_present":
        yield from told


def _constants(found: Iterable[ast.AST]) -> Iterator[str]:
    for one in found:
        if isinstance(one, ast.Constant) and isinstance(one.value, str):
            yield one.value


def tells(text: str) -> bool:
    """Whether a sentence can be told from others by what it says beside its values."""
    return len(TELLING.findall(HOLE.sub("", text))) > 1


def _docstrings(tree: ast.AST) -> Iterator[int]:
    """Yield the identities of texts that stand alone: what is said of code, not by it."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant):
            yield id(node.value)


def pattern_of(node: ast.AST) -> str:
    """Return a text, with `{0}` and so on where values stand in it; nothing of what is no text."""
    if isinstance(node, ast.Constant):
        return node.value if isinstance(node.value, str) else ""
    if not isinstance(node, ast.JoinedStr):
        return ""
    parts, number = [], 0
    for one in node.values:
        if isinstance(one, ast.Constant):
            parts.append(str(one.value))
        else:
            parts.append(f"{{{number}}}")
            number += 1
    return "".join(parts)


def from_refusals() -> Iterator[Found]:
    """Yield the titles and the sentences of refusals that can come to who reads pages."""
    kinds = {name: kind for name, kind in vars(errors).items() if _is_refusal(kind)}
    yield from ((kind.title, "kit/errors.py") for kind in kinds.values())
    yield from ((HTTPStatus(code).phrase, "api/problems.py") for code in ANSWERED)
    for where, tree in parsed(""):
        if where.startswith(UNSEEN):
            continue
        for call in ast.walk(tree):
            if isinstance(call, ast.Call) and name_of(call) in kinds and len(call.args) > 1:
                text = pattern_of(call.args[1])
                if tells(text):
                    yield text, where


def from_bodies() -> Iterator[Found]:
    """Yield why rules of bodies do not take them, as it stands beside a field."""
    for where, tree in parsed(""):
        if where.startswith(BODIES) or "schemas" in where:
            for call in ast.walk(tree):
                if isinstance(call, ast.Call) and name_of(call) == "ValueError" and call.args:
                    text = sentence_of(pattern_of(call.args[0]))
                    if tells(text):
                        yield text, where


def _is_refusal(kind: object) -> bool:
    return isinstance(kind, type) and issubclass(kind, Refusal)
