"""The compendium on the command line: as of a moment, out as a file, and in again as a proposal."""

from datetime import timedelta
from pathlib import Path

import yaml

from app.compendium import service as compendium
from app.kit import clock
from tests.cli.conftest import Terminal


def test_a_file_goes_out_and_comes_in_again_as_a_proposal(
    terminal: Terminal, tmp_path: Path
) -> None:
    token, file = terminal.token("desk_officer"), tmp_path / "compendium.yaml"
    assert terminal.run("compendium", "export", str(file), token=token).exit_code == 0
    same = terminal.run("compendium", "import", str(file), token=token)
    assert same.exit_code == 0
    assert "0 would change" in same.output
    text = file.read_text("utf-8")
    listed = yaml.safe_load(text)
    (entry,) = [
        one for part in listed.values() if isinstance(part, list) for one in part
        if one.get("code") == "itu.users"
    ]  # fmt: skip
    entry["topics"] = ["A1"]
    file.write_text(yaml.safe_dump(listed), "utf-8")
    shown = terminal.run("compendium", "import", str(file), token=token)
    assert "change mandate itu.users" in shown.output
    assert "topics: " in shown.output
    assert "Proposal" not in shown.output
    words = ("--title", "Users", "--reason", "As decided.")
    made = terminal.run("compendium", "import", str(file), *words, token=token)
    assert "waits for a second person" in made.output
    with terminal.house.database.reading() as session:
        (row,) = compendium.proposals(session, (None, None), 0, 9)
        assert (row.title, row.status, len(row.changes)) == ("Users", "open", 1)


def test_it_is_shown_as_of_a_moment_and_entry_by_entry(terminal: Terminal) -> None:
    token = terminal.token("auditor")
    now = terminal.run("compendium", "show", token=token)
    assert "itu.users" in now.output
    before = (clock.now() - timedelta(days=40_000)).date().isoformat()
    assert (
        "itu.users" not in terminal.run("compendium", "show", "--as-of", before, token=token).output
    )
    one = terminal.run("compendium", "show", "itu.users", token=token)
    assert one.output.startswith("mandate itu.users v1 of 1")
    assert terminal.run("compendium", "show", "--as-of", "soon", token=token).exit_code == 1
    assert terminal.run("compendium", "show", "--version", "99", token=token).exit_code == 1


def test_who_may_not_propose_may_not_bring_in_a_file(terminal: Terminal, tmp_path: Path) -> None:
    token, file = terminal.token("auditor"), tmp_path / "compendium.yaml"
    assert terminal.run("compendium", "export", str(file), token=token).exit_code == 0
    refused = terminal.run("compendium", "import", str(file), token=token)
    assert refused.exit_code == 1
    lone = terminal.run("compendium", "import", str(file), "--title", "x", token=token)
    assert lone.exit_code == 2
