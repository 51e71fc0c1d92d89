"""What the house rules look at: the project's files, and the syntax trees of the package."""

import ast
import subprocess
from collections.abc import Iterator
from functools import cache
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
APP = ROOT / "app"

Function = ast.FunctionDef | ast.AsyncFunctionDef


@cache
def modules() -> dict[str, str]:
    """Return the text of every Python file under `app/`, by its path from the root."""
    found = {str(path.relative_to(ROOT)): path.read_text("utf-8") for path in APP.rglob("*.py")}
    assert found, "no file under app/"
    return found


@cache
def project_files() -> tuple[Path, ...]:
    """Return every file that is, or by `git add` would be, part of the project."""
    command = ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"]
    listed = subprocess.run(command, cwd=ROOT, capture_output=True, check=True).stdout
    names = sorted({name for name in listed.decode().split("\0") if name})
    return tuple(ROOT / name for name in names if (ROOT / name).is_file())


def functions(tree: ast.AST) -> Iterator[Function]:
    """Yield every function and method in `tree`."""
    for node in ast.walk(tree):
        if isinstance(node, Function):
            yield node


def arguments(function: Function) -> list[ast.arg]:
    """Return the arguments of a function, without self and cls."""
    given = function.args
    named = [*given.posonlyargs, *given.args, *given.kwonlyargs]
    rest = [extra for extra in (given.vararg, given.kwarg) if extra]
    return [argument for argument in named + rest if argument.arg not in {"self", "cls"}]
