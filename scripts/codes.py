"""Gathers the codes that pages put into words: of the interface, of packs, of events, of rules."""

import ast
import json
import re
from collections.abc import Iterable, Iterator
from pathlib import Path

from app.compendium.entries import FORMS
from app.engine.packs import Pack, load_shelf
from app.engine.vocabulary import SYSTEM
from app.kit.speech import in_words
from app.lifecycle.vocabulary import VOCABULARY
from app.retention.classes import PLAIN

ROOT = Path(__file__).resolve().parents[1]
APP = ROOT / "app"
FORMATS = frozenset({"csv", "json", "mermaid", "svg", "xlsx", "yaml"})
"""Names of formats, which are no words."""
CODE = re.compile(r"[a-z][a-z0-9_.]+")
RECORDING = frozenset({"record", "changed", "_write"})
"""What functions are called that record events."""
CHOSEN = (
    "engine/",
    "compendium/",
    "delivery/",
    "matching/",
    "assessment/",
    "screening/",
    "requests/",
)
"""Where closed sets are named whose members pages show."""
STANDING = frozenset({"kind", "status", "subject"})
"""The fields whose values code sets, and pages show."""
LISTS = ("phases", "assistance_kinds", "sectors", "stakeholders", "sensitivities")
"""The code lists of areas that are shown as words."""
LEAST = 3
"""Letters of a code: shorter ones name languages and organizations."""
RULES = ("screening/rules", "assessment/rules")
"""Where evidence is told, by names."""


def gather() -> Iterator[tuple[str, str]]:
    """Yield the codes that pages put into words: of the interface, of definitions, of events."""
    described = json.loads((ROOT / "docs" / "openapi.json").read_text("utf-8"))
    found = dict.fromkeys(_enumerated(described), "docs/openapi.json")
    for pack in load_shelf(ROOT / "workflows", VOCABULARY):
        found |= dict.fromkeys(_of_pack(pack), "workflows")
    found |= dict.fromkeys(
        (name for form in FORMS.values() for name in form.model_fields), "compendium"
    )
    found |= dict.fromkeys((*PLAIN, SYSTEM), "retention/classes.py")
    for where, tree in parsed(""):
        found |= dict.fromkeys(_recorded(tree), where)
        if where.startswith(CHOSEN):
            found |= dict.fromkeys((*_literals(tree), *_set(tree)), where)
        found |= dict.fromkeys(_evidence(tree), where) if where.startswith(RULES) else {}
    for code, where in sorted(found.items()):
        if CODE.fullmatch(code) and code not in FORMATS:
            yield in_words(code), where


def parsed(*folders: str) -> Iterator[tuple[str, ast.Module]]:
    """Yield each module of these folders, by its path, read as a tree."""
    for path in sorted(APP.rglob("*.py")):
        where = path.relative_to(APP).as_posix()
        if where.startswith(folders):
            yield where, ast.parse(path.read_text("utf-8"))


def name_of(call: ast.Call) -> str:
    """Return the name of what is called."""
    name = call.func
    return name.id if isinstance(name, ast.Name) else getattr(name, "attr", "")


def _of_pack(pack: Pack) -> Iterator[str]:
    """Yield the codes of a pack that pages show as words, where they have no label at hand."""
    yield from pack.definition.states
    yield from (state.stage for state in pack.definition.states.values())
    yield from (one.without for one in pack.definition.invariants)
    yield from (one.subject for one in pack.mandates.leads)
    yield from (one.code for one in pack.mandates.arrangements)
    lists = pack.areas.code_lists()
    yield from (one.code for name in LISTS for one in lists[name])
    for section in pack.questionnaire.sections:
        yield from (one.code for one in section.groups)
        for field in section.risk_fields:
            yield from (field.code, *field.choices)


def _literals(tree: ast.Module) -> Iterator[str]:
    """Yield the members of the closed sets that a module names."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Subscript) and getattr(node.value, "id", "") == "Literal":
            yield from (one for one in _texts(ast.walk(node.slice)) if len(one) >= LEAST)


def _set(tree: ast.Module) -> Iterator[str]:
    """Yield what code sets fields to whose values are shown, or holds them against."""
    for node in ast.walk(tree):
        match node:
            case ast.keyword(arg=str() as name, value=value) if name in STANDING:
                yield from _texts([value])
            case ast.Assign(targets=targets, value=value) if _attributes(targets):
                yield from _texts([value])
            case ast.Compare(left=left, comparators=others) if _attributes([left]):
                yield from _texts(others)


def _attributes(found: Iterable[ast.expr]) -> bool:
    return any(isinstance(one, ast.Attribute) and one.attr in STANDING for one in found)


def _evidence(tree: ast.Module) -> Iterator[str]:
    """Yield the names under which a rule tells what it saw."""
    functions = [one for one in tree.body if isinstance(one, ast.FunctionDef)]
    for node in (inner for one in functions for inner in ast.walk(one)):
        if isinstance(node, ast.Dict):
            yield from _texts(node.keys)
        if isinstance(node, ast.Call) and name_of(node) == "shown":
            yield from (one.arg for one in node.keywords if one.arg)


def _enumerated(node: object) -> Iterator[str]:
    if isinstance(node, dict):
        yield from (one for one in node.get("enum", ()) if isinstance(one, str) and len(one) > 2)
        for value in node.values():
            yield from _enumerated(value)
    elif isinstance(node, list):
        for value in node:
            yield from _enumerated(value)


def _recorded(tree: ast.Module) -> Iterator[str]:
    """Yield the kinds of events that code records, and the names of what they hold."""
    for function in ast.walk(tree):
        if isinstance(function, ast.FunctionDef) and any(_records(n) for n in ast.walk(function)):
            yield from _codes_in(ast.walk(function))


def _records(node: ast.AST) -> bool:
    return isinstance(node, ast.Call) and name_of(node) in RECORDING


def _codes_in(found: Iterable[ast.AST]) -> Iterator[str]:
    for node in found:
        if isinstance(node, ast.Dict):
            yield from _texts(node.keys)
        if isinstance(node, ast.Call) and _records(node):
            yield from _texts(one for given in node.args for one in ast.walk(given))
        if isinstance(node, ast.Assign) and "kind" in map(_target, node.targets):
            yield from _texts(ast.walk(node.value))


def _target(node: ast.expr) -> str:
    return node.id if isinstance(node, ast.Name) else ""


def _texts(found: Iterable[ast.AST | None]) -> Iterator[str]:
    for node in found:
        if isinstance(node, ast.Constant) and isinstance(node.value, str):
            yield node.value
