"""Import: new drafts by the rules of the house, line by line, and never twice."""

from io import BytesIO
from typing import Any

import pytest
import sqlalchemy as sa

from app.kit import clock
from app.kit.errors import Malformed, Refusal
from app.requests.service import transfer, watch
from app.requests.service.transfer import Line, filing_of, lines
from app.requests.tables import AssistanceRequest, RequestEvent
from tests.cli.conftest import FILING, Filing, Terminal, written
from tests.screening.dossiers import in_screening


def states(terminal: Terminal) -> list[tuple[str, str]]:
    with terminal.house.database.reading() as session:
        query = sa.select(AssistanceRequest.title, AssistanceRequest.state)
        return list(session.execute(query.order_by(AssistanceRequest.id)))


def test_a_filing_becomes_a_draft_and_the_timeline_says_where_it_came_from(
    terminal: Terminal, filing: Filing
) -> None:
    token = terminal.token("resident_coordinator", "KEN")
    told, refused = terminal.bring_in(written(filing(external_id="K-1")), token)
    assert (told.exit_code, refused) == (0, []), told.output
    assert states(terminal) == [("Digital evidence", "draft")]
    with terminal.house.database.reading() as session:
        events = session.scalars(sa.select(RequestEvent).order_by(RequestEvent.number)).all()
        assert [event.kind for event in events] == ["request_opened", "request_imported"]
        assert events[1].data == {"source": "external_id K-1"}


def test_a_second_run_imports_nothing_twice(terminal: Terminal, filing: Filing) -> None:
    token = terminal.token("resident_coordinator", "KEN")
    content = written(filing(external_id="K-1"), filing(title="No name of its own"))
    terminal.bring_in(content, token)
    told, refused = terminal.bring_in(content, token)
    assert "New: 0. There already: 2. Refused: 0." in told.output
    assert (told.exit_code, refused, len(states(terminal))) == (0, [], 2)


def test_what_was_imported_is_known_when_stored_answers_are_forgotten(
    terminal: Terminal, filing: Filing
) -> None:
    token = terminal.token("resident_coordinator", "KEN")
    terminal.bring_in(written(filing()), token)
    with terminal.house.database.writing() as session:
        assert watch.forget_answers(session, clock.now().replace(year=2200), 100) == 0
    terminal.bring_in(written(filing()), token)
    assert len(states(terminal)) == 1


def test_a_known_name_with_other_content_is_refused(terminal: Terminal, filing: Filing) -> None:
    token = terminal.token("resident_coordinator", "KEN")
    terminal.bring_in(written(filing(external_id="K-1")), token)
    told, refused = terminal.bring_in(written(filing(external_id="K-1", title="Other")), token)
    assert (told.exit_code, [one["code"] for one in refused]) == (1, ["import.other_content"])
    assert states(terminal) == [("Digital evidence", "draft")]


def test_refused_lines_are_reported_and_the_rest_goes_on(
    terminal: Terminal, filing: Filing
) -> None:
    token = terminal.token("resident_coordinator", "KEN")
    broken = [
        b"{\n",
        b'{"countries": ["KEN"], "title": NaN}\n',
        '{"title": "é"}\n'.encode("latin-1"),
        b"[1]\n",
        b"[" * 100_000 + b"\n",
        b'{"title": "a", "title": "b"}\n',
        b'{"format": "another@1"}\n',
        written(filing(external_id="\ud800")),
        written({**FILING, "\ud800": 1}),
        written(filing(countries=["FRA"])),
        written(filing(needs=[{"area": "Z"}], surprise=1)),
        b"\n",
        written(filing()),
    ]
    told, refused = terminal.bring_in(b"".join(broken), token)
    assert told.exit_code == 1
    assert [(one["line"], one["code"]) for one in refused] == [
        (1, "line.not_json"),
        (2, "line.not_json"),
        (3, "line.encoding"),
        (4, "line.not_object"),
        (5, "line.not_json"),
        (6, "line.not_json"),
        (7, "line.format"),
        (8, "line.invalid"),
        (9, "line.invalid"),
        (10, "request.not_your_country"),
        (11, "line.invalid"),
    ]
    fields = [blocker["params"]["field"] for blocker in refused[-1]["blockers"]]
    assert fields == ["needs/0/area", "surprise"]
    assert states(terminal) == [("Digital evidence", "draft")]


def test_submitting_holds_every_rule_and_a_blocked_line_leaves_nothing(
    terminal: Terminal, filing: Filing
) -> None:
    token = terminal.token("resident_coordinator", "KEN")
    content = written(filing(authority="", needs=[]), filing(title="Complete"))
    _, refused = terminal.bring_in(content, token, "--submit")
    codes = [blocker["code"] for blocker in refused[0]["blockers"]]
    assert codes == ["request.authority_missing", "request.needs_missing"]
    assert states(terminal) == [("Complete", "triage")]


def test_importing_never_moves_a_request_past_the_gate(terminal: Terminal) -> None:
    token = terminal.token("resident_coordinator", "KEN")
    officer = terminal.token("screening_officer")
    in_screening(terminal.house, terminal.people["screening_officer"])
    line = terminal.take_out(officer)[0]
    assert line["state"] == "screening"
    line |= {"state": "delivery", "stage": "delivery", "title": "Copy"}
    told, refused = terminal.bring_in(written(line), token)
    assert (told.exit_code, refused) == (0, []), told.output
    assert states(terminal)[1:] == [("Copy", "draft")]
    copy = terminal.take_out(token, "--state", "draft")[0]
    assert copy["assessments"] == copy["findings"] == copy["consents"] == copy["conditions"] == []
    assert [need["origin"] for need in copy["needs"]] == ["request"] * len(copy["needs"])
    assert len(copy["standing_work"]) == len(line["standing_work"]) == 1


def test_an_unknown_token_ends_the_run_and_not_line_by_line(
    terminal: Terminal, filing: Filing
) -> None:
    told, refused = terminal.bring_in(written(filing(), filing(title="B")), "ent_unknown")
    assert (told.exit_code, refused) == (1, [])
    assert "Sign in first" in told.output


def test_the_report_never_overwrites_what_is_imported(terminal: Terminal, filing: Filing) -> None:
    file = terminal.folder / "in.jsonl"
    file.write_bytes(written(filing()))
    told = terminal.run("import", str(file), "--report", str(file), token="ent_x")
    assert told.exit_code == 1
    assert file.read_bytes() == written(filing())


def test_lines_may_come_by_a_pipe(terminal: Terminal, filing: Filing) -> None:
    token = terminal.token("resident_coordinator", "KEN")
    report = str(terminal.folder / "r")
    told = terminal.run("import", "--report", report, token=token, given=written(filing()))
    assert told.exit_code == 0, told.output
    assert len(states(terminal)) == 1


def test_a_byte_order_mark_and_blank_lines_are_passed_over() -> None:
    stream = BytesIO(b"\xef\xbb\xbf" + written(FILING) + b"\n  \n" + written(FILING)[:-1])
    found = list(lines(stream))
    assert [line.number for line in found] == [1, 4]
    assert filing_of(found[0]).body == filing_of(found[1]).body


def test_a_line_that_is_too_long_is_refused_and_the_next_is_read() -> None:
    found = list(lines(BytesIO(b"x" * 200_000 + b"\n" + b"{}\n" + b"y" * 101), longest=100))
    assert [(line.number, line.content, line.size) for line in found] == [
        (1, None, 200_001),
        (2, b"{}\n", 3),
        (3, None, 101),
    ]
    with pytest.raises(Refusal, match=r"line\.too_long"):
        filing_of(found[0])


@pytest.mark.parametrize("content", [b'{"a": 1e', b'{"a": Infinity}', b"\x00", b"1" * 5000, b"nul"])
def test_what_is_no_json_is_malformed(content: bytes) -> None:
    with pytest.raises(Malformed):
        filing_of(Line(1, content, len(content)))


def test_only_the_countrys_own_standing_needs_are_taken_of_an_exported_line() -> None:
    need: dict[str, Any] = {"area": "A", "text": "own", "number": 1, "findings": []}
    line = {
        "format": transfer.FORMAT,
        "reference": "TA-2026-00001",
        "countries": ["KEN"],
        "follows": "TA-2025-00001",
        "needs": [
            need | {"origin": "request", "dropped": False},
            need | {"origin": "assessment", "dropped": False, "text": "found"},
            need | {"origin": "request", "dropped": True, "text": "dropped"},
        ],
    }
    found = filing_of(Line(1, written(line), 1))
    assert [one.text for one in found.body.needs] == ["own"]
    assert found.body.follows is None
    assert found.key == "reference TA-2026-00001"
