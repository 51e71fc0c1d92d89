"""What a test reads in a real browser waits until it is there: a page may be on its way."""

import ast
from pathlib import Path

from tests.house.source import ROOT

AT_ONCE = {"all_inner_texts", "all_text_contents", "all", "content"}
ASKED = {"inner_text", "input_value", "text_content", "is_checked", "title"}


def hasty(text: str) -> list[str]:
    """Return the readings of a page that look once, whether it has come or not."""
    found = []
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
            name = node.func.attr
            if name in AT_ONCE or (name == "count" and not node.args):
                found.append(f"{node.lineno} {name}")
        if isinstance(node, ast.Assert):
            found += [
                f"{node.lineno} assert {one.attr}"
                for one in ast.walk(node)
                if isinstance(one, ast.Attribute) and one.attr in ASKED
            ]
    return found


def test_no_test_of_a_page_looks_before_the_page_has_come() -> None:
    files = list(Path(ROOT / "tests/web").glob("test_*.py"))
    assert len(files) > 10
    found = {path.name: hasty(path.read_text("utf-8")) for path in files}
    assert {name: lines for name, lines in found.items() if lines} == {}


def test_a_hasty_look_is_seen() -> None:
    for line in (
        'codes = page.locator("li").all_inner_texts()',
        'assert page.locator("li").count() == 0',
        'assert "wrong" in page.inner_text("main")',
    ):
        assert hasty(line), line
    assert hasty('assert shown.text.count("<cite>") == 3') == []
