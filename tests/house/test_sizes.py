"""Sizes: what grows past a page is split by subject."""

import ast

from tests.house.source import arguments, functions, modules

FILE_LINES = 300
FUNCTION_LINES = 40
ARGUMENTS = 6


def too_long(path: str, text: str) -> list[str]:
    """Return a line when a file is longer than it may be."""
    lines = len(text.splitlines())
    return [f"{path}: {lines} lines"] if lines > FILE_LINES else []


def too_large_functions(path: str, text: str) -> list[str]:
    """Return a line for each function that is too long or takes too much."""
    found = []
    for function in functions(ast.parse(text)):
        lines = (function.end_lineno or function.lineno) - function.lineno + 1
        if lines > FUNCTION_LINES:
            found.append(f"{path}:{function.lineno} {function.name}: {lines} lines")
        if len(arguments(function)) > ARGUMENTS:
            found.append(f"{path}:{function.lineno} {function.name}: too many arguments")
    return found


def test_no_file_is_longer_than_300_lines() -> None:
    assert [breach for path, text in modules().items() for breach in too_long(path, text)] == []


def test_no_function_is_longer_than_40_lines_or_takes_more_than_6_arguments() -> None:
    found = [line for path, text in modules().items() for line in too_large_functions(path, text)]
    assert found == []


def test_the_measures_see_what_is_too_large() -> None:
    assert too_long("a.py", "x = 1\n" * 301)
    assert not too_long("a.py", "x = 1\n" * 300)
    body = "    x = 1\n"
    assert too_large_functions("a.py", "def f():\n" + body * 40)
    assert not too_large_functions("a.py", "def f():\n" + body * 39)
    assert too_large_functions("a.py", "async def f(a, b, c, /, d, e, *, g, h): ...\n")
    assert not too_large_functions("a.py", "class A:\n    def f(self, a, b, c, d, *, e, g): ...\n")
