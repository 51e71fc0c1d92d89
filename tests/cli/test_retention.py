"""Retention from the command line: first a word of what would go, then for good."""

from app.kit import clock
from tests.cli.conftest import Terminal
from tests.jobs.samples import DAY, stand

WHY = ("--reason", "The country asked for it.")


def filed(terminal: Terminal, state: str) -> str:
    """Put one request into a state, four thousand days ago, and return its reference."""
    house = terminal.house
    with house.database.writing() as session:
        since = clock.now() - 4000 * DAY
        return stand(session, house.shelf, state, None, since=since).reference


def test_erasing_is_told_before_it_is_done(terminal: Terminal) -> None:
    reference = filed(terminal, "refused")
    told = terminal.run("erase", reference, *WHY)
    assert told.exit_code == 0, told.output
    assert "requests  blanked" in told.output
    assert "Nothing was changed" in told.output
    assert "is erased" in terminal.run("erase", reference, *WHY, "--now").output


def test_an_open_request_is_not_erased_by_a_command(terminal: Terminal) -> None:
    reference = filed(terminal, "triage")
    assert "against: erasure.open" in terminal.run("erase", reference, *WHY).output
    assert terminal.run("erase", reference, *WHY, "--now").exit_code == 1
    assert terminal.run("erase", "TA-2026-99999", *WHY, "--now").exit_code == 1


def test_a_run_is_told_before_it_is_made(terminal: Terminal) -> None:
    filed(terminal, "refused")
    said = terminal.run("retention", "--dry-run").output
    assert "1  requests that have ended" in said
    assert "Nothing was changed" in said
    assert "1 ended." in terminal.run("retention").output
    assert "0 ended." in terminal.run("retention").output


def test_the_list_of_erasures_goes_out_and_in(terminal: Terminal) -> None:
    reference = filed(terminal, "refused")
    terminal.run("erase", reference, *WHY, "--now")
    file = terminal.folder / "erasures"
    assert "1 erasures." in terminal.run("erasures", "export", str(file)).output
    assert "0 requests were erased again" in terminal.run("erasures", "apply", str(file)).output
    other = filed(terminal, "triage")  # restored: it stood open when the backup was made
    file.write_text(file.read_text().replace(reference, other))
    assert "1 requests were erased again" in terminal.run("erasures", "apply", str(file)).output
    file.write_text('{"reference": "TA-2026-00001"}\n')
    assert terminal.run("erasures", "apply", str(file)).exit_code == 1
