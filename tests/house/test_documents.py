"""Documents: what the code knows is told, and what is told can be found."""

import re
from functools import cache
from pathlib import Path

import pytest

from app.config import Settings
from app.directory.actor import ROLES
from app.lifecycle.vocabulary import ACTS, VOCABULARY
from app.wiring.messages import MESSAGES
from tests.house.source import ROOT, project_files

RECORDS = sorted((ROOT / "docs" / "adr").glob("[0-9][0-9][0-9][0-9]-*.md"))
HEADINGS = ["Context", "Decision", "Consequences", "Alternatives"]
TARGET = re.compile(r"^([a-z]+):.*?## ", re.MULTILINE)
LINK = re.compile(r"\]\(([^)\s]+)\)")
FENCED = re.compile(r"^ *```.*?^ *```", re.MULTILINE | re.DOTALL)
ELSEWHERE = ("https://", "http://", "mailto:")


@cache
def told(name: str) -> str:
    """Return the text of a document by its path from the root."""
    return (ROOT / name).read_text("utf-8")


def untold(words: set[str], page: str) -> list[str]:
    """Return the words that `page` does not name as code."""
    return sorted(word for word in words if f"`{word}`" not in page)


def anchors(text: str) -> set[str]:
    """Return what a link may point at within a page: its headings, as they are addressed."""
    titles = re.findall(r"^#+ (.+)$", FENCED.sub("", text), re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", title.lower()).replace(" ", "-") for title in titles}


def broken_links(page: Path, text: str) -> list[str]:
    """Return the relative links of a page that lead to no file, or to no heading in it."""
    broken = []
    for link in LINK.findall(FENCED.sub("", text)):
        if link.startswith(ELSEWHERE):
            continue
        name, _, anchor = link.partition("#")
        target = (page.parent / name).resolve() if name else page
        found = target.exists() and target.is_relative_to(ROOT)
        if not found or (anchor and anchor not in anchors(target.read_text("utf-8"))):
            broken.append(f"{page.name}: {link}")
    return broken


def test_every_setting_is_told() -> None:
    settings = {f"ENTENTE_{name.upper()}" for name in Settings.model_fields}
    assert untold(settings, told("docs/operations.md")) == []
    assert untold(settings, told("README.md")) == []


def test_no_setting_is_told_that_does_not_exist() -> None:
    read = {f"ENTENTE_{name.upper()}" for name in Settings.model_fields}
    read |= {"ENTENTE_TOKEN", "ENTENTE_DB_PASSWORD", "ENTENTE_TEST_PG_URL"}
    read |= {"ENTENTE_TEST_THOROUGH", "ENTENTE_TEST_CHROMIUM"}
    for name in ("README.md", "CONTRIBUTING.md", "docs/operations.md"):
        assert set(re.findall(r"ENTENTE_[A-Z_]+", told(name))) <= read, name


@pytest.mark.parametrize(
    "words",
    [set(VOCABULARY.guards), set(VOCABULARY.effects), set(ACTS), set(ROLES), set(MESSAGES)],
    ids=["guards", "effects", "acts", "roles", "reasons"],
)
def test_every_word_of_the_vocabulary_is_told(words: set[str]) -> None:
    assert words
    assert untold(words, told("docs/workflows.md")) == []


def test_the_readme_tells_every_role() -> None:
    assert untold(set(ROLES), told("README.md")) == []


def test_the_readme_and_the_contributing_page_tell_every_make_target() -> None:
    targets = set(TARGET.findall(told("Makefile")))
    assert {"demo", "test"} <= targets
    readme, contributing = told("README.md"), told("CONTRIBUTING.md")
    assert [name for name in sorted(targets) if f"`make {name}`" not in contributing] == []
    assert [
        name
        for name in sorted(targets)
        if f"`{name}`" not in readme and f"make {name}" not in readme
    ] == []


@pytest.mark.parametrize("record", RECORDS, ids=lambda record: record.name[:4])
def test_a_decision_record_has_its_four_headings(record: Path) -> None:
    text = record.read_text("utf-8")
    assert text.startswith(f"# {record.name[:4]}. ")
    assert re.findall(r"^## (.+)$", text, re.MULTILINE) == HEADINGS
    assert re.search(r"^Date: (\d{4}-\d\d-\d\d|YYYY-MM-DD)\nStatus: \w", text, re.MULTILINE)


def test_decision_records_are_numbered_without_a_gap() -> None:
    assert [int(record.name[:4]) for record in RECORDS] == list(range(len(RECORDS)))
    assert len(RECORDS) > 1


def test_no_relative_link_is_broken() -> None:
    pages = [path for path in project_files() if path.suffix == ".md"]
    assert ROOT / "README.md" in pages
    found = [line for page in pages for line in broken_links(page, page.read_text("utf-8"))]
    assert found == []


def test_what_is_untold_or_broken_is_seen() -> None:
    page = ROOT / "README.md"
    assert untold({"needs_at_least"}, "| `needs_at_most` |") == ["needs_at_least"]
    assert broken_links(page, "[x](docs/nowhere.md)") == ["README.md: docs/nowhere.md"]
    assert broken_links(page, "[x](docs/house.md#no-such-heading)")
    assert broken_links(page, "[x](#no-such-heading)")
    assert broken_links(page, "[x](../elsewhere.md)")
    assert not broken_links(page, "[x](docs/house.md#the-floors) [y](https://entente.example)")
    assert not broken_links(page, "```\n[x](docs/nowhere.md)\n```")
