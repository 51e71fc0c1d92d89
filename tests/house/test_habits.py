"""Habits: who may commit, who reads the clock, what things are called, what is never in a file."""

import ast
import json
import re
import sys
from collections.abc import Callable
from pathlib import PurePath

import pytest

from tests.house.source import ROOT, Function, modules, project_files

MAY_COMMIT = ("app/wiring", "app/kit/", "app/jobs/", "app/cli")
CLOCK = "app/kit/clock.py"
TIMELINE = "app/requests/timeline.py"
CLOCK_CALLS = {
    "datetime": {"now", "utcnow", "today"},
    "date": {"today"},
    "time": {"time", "time_ns", "localtime", "gmtime"},
}
UNUSED_NAMES = {
    *("manager", "handler", "helper", "helpers", "util", "utils", "process", "do"),
    *("data", "info", "item"),
}
UNUSED_ENDINGS = ("Manager", "Handler", "Helper", "Util", "Utils")


def commits(path: str, text: str) -> list[str]:
    """Return the calls of commit in a file that is no door's wiring."""
    if path.startswith(MAY_COMMIT):
        return []
    return [
        f"{path}:{node.lineno} commit"
        for node in ast.walk(ast.parse(text))
        if isinstance(node, ast.Attribute) and node.attr == "commit"
    ]


def clock_readings(path: str, text: str) -> list[str]:
    """Return the places that read the clock by themselves."""
    if path == CLOCK:
        return []
    found = []
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.Attribute):
            owner = ast.unparse(node.value).rsplit(".", 1)[-1]
            if node.attr in CLOCK_CALLS.get(owner, set()):
                found.append(f"{path}:{node.lineno} {owner}.{node.attr}")
    return found


def unused_names(path: str, text: str) -> list[str]:
    """Return what bears a name that says nothing.

    The `data` of an event is the one exception: a column, and what the timeline is given for it.
    """
    tree = ast.parse(text)
    unused = UNUSED_NAMES - {"data"} if path == TIMELINE else UNUSED_NAMES
    columns = {
        id(line.target)
        for owner in ast.walk(tree)
        if isinstance(owner, ast.ClassDef)
        for line in owner.body
        if isinstance(line, ast.AnnAssign)
        and isinstance(line.target, ast.Name)
        and line.target.id == "data"
    }
    found = [] if PurePath(path).stem not in UNUSED_NAMES else [f"{path}: the file's name"]
    for node in ast.walk(tree):
        name = "" if id(node) in columns else _given_name(node)
        if name in unused or name.endswith(UNUSED_ENDINGS):
            found.append(f"{path}:{getattr(node, 'lineno', 0)} {name}")
    return found


def _given_name(node: ast.AST) -> str:
    if isinstance(node, Function | ast.ClassDef):
        return node.name
    if isinstance(node, ast.arg):
        return node.arg
    if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store):
        return node.id
    return ""


def unsaid_purposes(path: str, text: str) -> list[str]:
    """Return the file when it does not open by saying what it is for."""
    return [] if ast.get_docstring(ast.parse(text)) else [f"{path}: no opening sentence"]


def borrowed_names(path: str, _text: str) -> list[str]:
    """Return the file, or its folder, when it is called like a module of the standard library."""
    parts = [part for part in PurePath(path).with_suffix("").parts[1:] if part != "__init__"]
    return [f"{path}: {part}" for part in parts if part in sys.stdlib_module_names]


HABITS = [commits, clock_readings, unused_names, unsaid_purposes, borrowed_names]


@pytest.mark.parametrize("habit", HABITS)
def test_every_file_of_the_package_keeps_the_habit(
    habit: Callable[[str, str], list[str]],
) -> None:
    assert [line for path, text in modules().items() for line in habit(path, text)] == []


@pytest.mark.parametrize(
    ("habit", "path", "text"),
    [
        (commits, "app/requests/service.py", "session.commit()"),
        (clock_readings, "app/requests/service.py", "at = datetime.datetime.now(UTC)"),
        (clock_readings, "app/requests/service.py", "at = time.time()"),
        (clock_readings, "app/requests/service.py", "mapped_column(default=date.today)"),
        (unused_names, "app/requests/service.py", "class RequestManager: ..."),
        (unused_names, "app/requests/service.py", "def act(data): ..."),
        (unused_names, "app/requests/service.py", "for item in needs: ..."),
        (unused_names, "app/requests/utils.py", ""),
        (unsaid_purposes, "app/requests/service.py", "import os"),
        (borrowed_names, "app/kit/queue.py", ""),
        (borrowed_names, "app/email/tables.py", ""),
    ],
)
def test_a_broken_habit_is_seen(
    habit: Callable[[str, str], list[str]], path: str, text: str
) -> None:
    assert habit(path, text)


# Written in pieces, so that this file does not hold what it looks for.
REGISTRY = re.compile("|".join(["py" + r"pi\.", "python" + r"hosted\.", "npm" + r"js\."]))
MACHINE_PATH = re.compile(r"(?<![\w.~$}/*-])/(?:work|root|home)/\w")
TEMPORARY_PATH = re.compile(r"(?<![\w.~$}/*-])/" + "tmp" + r"/\w")
ADDRESS_IN_LOCK = re.compile(
    r"://|--(?:extra-)?index|--find|--trusted|\bfile:| @ |^-e", re.MULTILINE
)
WORD_SIZE = 2_000_000


def written(text: str) -> list[str]:
    """Return what in a file of the project names a registry or a place on someone's machine."""
    patterns = (REGISTRY, MACHINE_PATH, TEMPORARY_PATH)
    return [match.group() for pattern in patterns for match in pattern.finditer(text)]


def test_no_file_names_a_registry_or_a_place_on_a_machine() -> None:
    found = []
    for path in project_files():
        assert path.stat().st_size < WORD_SIZE, f"{path.name} is larger than a text should be"
        text = path.read_text("utf-8", errors="replace")
        found += [f"{path.relative_to(ROOT)}: {words}" for words in written(text)]
    assert found == []


def test_a_registry_or_a_place_on_a_machine_is_seen() -> None:
    assert written("see https://" + "py" + "pi.org/simple")
    assert written("open('/" + "root/x')")
    assert written("cd /" + "work/main")
    assert not written("docs/" + "work/flow and ../root/x")


@pytest.mark.parametrize(
    "name", ["requirements.lock", "requirements-dev.lock", "requirements-extras.lock"]
)
def test_a_lock_holds_hashes_and_no_address(name: str) -> None:
    text = (ROOT / name).read_text("utf-8")
    pinned = re.findall(r"^[a-z0-9].*==.*\\\n    --hash=sha256:[0-9a-f]{64}", text, re.MULTILINE)
    assert len(pinned) == len(re.findall(r"^[a-z0-9]", text, re.MULTILINE)) > 20
    assert ADDRESS_IN_LOCK.findall(text) == []


def test_the_lock_of_the_identity_provider_holds_hashes_and_no_address() -> None:
    text = (ROOT / "tests/provider/package-lock.json").read_text("utf-8")
    packages = {name: one for name, one in json.loads(text)["packages"].items() if name}
    assert len(packages) > 20
    assert [name for name, one in packages.items() if "integrity" not in one] == []
    assert re.findall(r"https?:", text) == []


def test_an_address_in_a_lock_is_seen() -> None:
    for line in ("--find-links wheels", "a @ file:x", "--extra-index-url x", "-e ."):
        assert ADDRESS_IN_LOCK.search(line)


def idle(files: set[str], texts: list[str]) -> set[str]:
    """Return the files that no text asks for by name."""
    return {name for name in files if not any(f'"{name}"' in text for text in texts)}


def test_every_file_of_the_pages_is_asked_for() -> None:
    files = {one.name for one in (ROOT / "app/web/static").iterdir()}
    asks = [*ROOT.glob("app/web/templates/**/*.html"), ROOT / "app/web/paper.py"]
    assert idle(files, [one.read_text("utf-8") for one in asks]) == set()
    assert idle(files, ["nothing"]) == files
