"""Export: whole dossiers, only those one may see, in one piece or not at all."""

import json
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
import time_machine

from app.accounts import factors
from app.kit import clock
from app.requests.service.transfer import dossiers
from tests.cli.conftest import Filing, Terminal, read, written
from tests.factories.clients import code_now
from tests.screening.dossiers import in_screening


def test_a_line_holds_everything_of_the_dossier(terminal: Terminal) -> None:
    officer = terminal.token("screening_officer")
    in_screening(terminal.house, terminal.people["screening_officer"])
    (line,) = terminal.take_out(officer)
    assert set(dossiers.PARTS) <= set(line)
    assert (line["format"], line["countries"]) == (dossiers.FORMAT, ["KEN"])
    assert [event["number"] for event in line["events"]] == list(range(1, line["revision"] + 1))
    assert all(need["findings"] for need in line["needs"])
    assert line["people"] == {str(terminal.people["screening_officer"]): "Ana"}
    for part in dossiers.PARTS:
        assert not [row for row in line[part] if dossiers.INTERNAL & set(row)]


def test_only_what_the_person_may_see_is_written(terminal: Terminal, filing: Filing) -> None:
    kenya = terminal.token("resident_coordinator", "KEN")
    uganda = terminal.token("resident_coordinator", "UGA")
    terminal.bring_in(written(filing(title="Draft")), kenya)
    terminal.bring_in(written(filing(title="Filed")), kenya, "--submit")
    assert [line["title"] for line in terminal.take_out(kenya)] == ["Draft", "Filed"]
    assert terminal.take_out(uganda) == []
    assert [line["title"] for line in terminal.take_out(terminal.token("desk_officer"))] == [
        "Filed"
    ]


def test_who_only_sees_a_request_takes_nothing_out_and_who_takes_is_logged(
    terminal: Terminal,
) -> None:
    officer = terminal.token("screening_officer")
    in_screening(terminal.house, terminal.people["screening_officer"])
    assert terminal.take_out(terminal.token("client", "KEN")) == []
    assert len(terminal.take_out(officer)) == 1
    with terminal.house.database.reading() as session:
        query = sa.text("SELECT content FROM ledger_entries WHERE stream = 'exports' ORDER BY seq")
        told = [json.loads(one) if isinstance(one, str) else one for one in session.scalars(query)]
    assert [one["count"] for one in told] == [0, 1]


def test_an_export_takes_a_second_factor_given_just_now(terminal: Terminal) -> None:
    token = terminal.token("desk_officer", assured=False)
    file = str(terminal.folder / "out.jsonl")
    refused = terminal.run("export", file, token=token)
    assert (refused.exit_code, list(terminal.folder.iterdir())) == (1, [])
    assert "second factor" in refused.output
    with terminal.house.database.writing() as session:
        device = factors.enrol_at_once(session, terminal.people["desk_officer"])
    code = code_now(device)
    wrong = terminal.run("export", file, "--code", f"{(int(code) + 1) % 10**6:06}", token=token)
    assert wrong.exit_code == 1
    assert terminal.run("export", file, "--code", code, token=token).exit_code == 0
    assert terminal.run("export", file, "--code", code, token=token).exit_code == 1
    assert terminal.run("export", file, token=token).exit_code == 0
    with time_machine.travel(clock.now() + timedelta(minutes=11), tick=False):
        assert terminal.run("export", file, token=token).exit_code == 1


def test_a_narrow_token_is_as_narrow_on_the_command_line(
    terminal: Terminal, filing: Filing
) -> None:
    coordinator = terminal.token("resident_coordinator", "KEN")
    terminal.bring_in(written(filing(title="Draft")), coordinator)
    (line,) = terminal.take_out(coordinator)
    reader = terminal.token("resident_coordinator", "KEN", ("read",))
    writer = terminal.token("resident_coordinator", "KEN", ("write",))
    for words, token in (
        (("requests", "list"), writer),
        (("requests", "show", line["reference"]), writer),
        (("export", "-"), writer),
        (("requests", "move", line["reference"], "submit"), reader),
        (("requests", "move", line["reference"], "submit"), writer),
    ):
        told = terminal.run(*words, token=token)
        assert (told.exit_code, "This token may not" in told.output) == (1, True), words
    for token, more in ((reader, ()), (writer, ("--submit",))):
        _, refused = terminal.bring_in(written(filing(title="Another")), token, *more)
        assert [one["code"] for one in refused] == ["token.scope"]
    assert len(terminal.take_out(coordinator)) == 1
    assert terminal.run("requests", "show", line["reference"], token=reader).exit_code == 0


def test_the_export_is_narrowed_by_state_and_country(terminal: Terminal, filing: Filing) -> None:
    token = terminal.token("resident_coordinator", "KEN")
    terminal.bring_in(written(filing(title="Draft")), token)
    terminal.bring_in(written(filing(title="Filed", countries=["KEN", "UGA"])), token, "--submit")
    titles = [line["title"] for line in terminal.take_out(token, "--state", "triage")]
    assert titles == ["Filed"]
    assert [line["title"] for line in terminal.take_out(token, "--country", "UGA")] == ["Filed"]
    assert terminal.run("export", "--state", "nowhere", token=token).exit_code == 1
    assert terminal.run("export", "--country", "ken", token=token).exit_code == 1


def test_batches_join_without_a_gap_or_a_double(
    terminal: Terminal, filing: Filing, monkeypatch: pytest.MonkeyPatch
) -> None:
    token = terminal.token("resident_coordinator", "KEN")
    titles = [f"Request {number}" for number in range(7)]
    terminal.bring_in(written(*(filing(title=title) for title in titles)), token)
    monkeypatch.setattr(dossiers, "BATCH", 3)
    assert [line["title"] for line in terminal.take_out(token)] == titles


def test_the_number_of_queries_does_not_grow_with_the_requests(
    terminal: Terminal, filing: Filing
) -> None:
    token = terminal.token("resident_coordinator", "KEN")
    asked: list[str] = []

    def count(number: int) -> int:
        lines = (filing(title=f"{number}.{one}") for one in range(number))
        if number:
            terminal.bring_in(written(*lines), token)
        asked.clear()
        sa.event.listen(sa.Engine, "before_cursor_execute", note)
        terminal.take_out(token)
        sa.event.remove(sa.Engine, "before_cursor_execute", note)
        return len(asked)

    def note(_connection: Any, _cursor: Any, statement: str, *_rest: Any) -> None:
        asked.append(statement)

    count(0)  # the first export begins the log of exports
    assert 0 < count(1) == count(12)


def test_standard_output_holds_the_lines_alone(terminal: Terminal, filing: Filing) -> None:
    token = terminal.token("resident_coordinator", "KEN")
    terminal.bring_in(written(filing(title="السلام")), token)
    told = terminal.run("export", token=token)
    assert [json.loads(line)["title"] for line in told.stdout.splitlines()] == ["السلام"]
    assert "Exported: 1." in told.stderr


def test_a_failed_export_leaves_the_earlier_file_and_nothing_else(
    terminal: Terminal, filing: Filing
) -> None:
    file = terminal.folder / "out.jsonl"
    file.write_text("earlier")
    assert terminal.run("export", str(file), token="ent_unknown").exit_code == 1
    assert file.read_text() == "earlier"
    assert list(terminal.folder.iterdir()) == [file]


def test_an_export_goes_into_no_folder_and_no_device(terminal: Terminal, tmp_path: Path) -> None:
    token = terminal.token("auditor")
    for place in (str(tmp_path), "/dev/null", str(tmp_path / "absent" / "out.jsonl")):
        assert terminal.run("export", place, token=token).exit_code == 1
    assert Path("/dev/null").is_char_device()


def test_what_was_exported_can_be_imported_elsewhere(terminal: Terminal, filing: Filing) -> None:
    token = terminal.token("resident_coordinator", "KEN")
    terminal.bring_in(written(filing(external_id="K-1")), token)
    terminal.take_out(token)
    other = terminal.token("resident_coordinator", "KEN")
    content = (terminal.folder / "out.jsonl").read_bytes()
    told, refused = terminal.bring_in(content, other)
    assert (told.exit_code, refused) == (0, []), told.output
    first, second = terminal.take_out(token)
    assert first["reference"] != second["reference"]
    same = ("title", "summary", "authority", "countries", "needs")
    assert [first[name] for name in same] == [second[name] for name in same]
    assert len(read(terminal.folder / "out.jsonl")) == 2


def test_one_person_exports_so_often_an_hour(
    terminal: Terminal, monkeypatch: pytest.MonkeyPatch
) -> None:
    token = terminal.token("resident_coordinator", "KEN")
    monkeypatch.setenv("ENTENTE_EXPORT_LIMIT", "2")
    codes = [terminal.run("export", "-", token=token).exit_code for _ in range(3)]
    assert codes == [0, 0, 1]
    assert terminal.run("export", "-", token=terminal.token("desk_officer")).exit_code == 0
