"""The gate and the log in the database: what raw SQL may not do, and what it still may."""

import pytest

from app.wiring.house import House
from tests.delivery.raw import (
    ACKNOWLEDGED,
    ACTIVITY,
    ASSESSMENT,
    EVENT,
    RECORD,
    REQUEST,
    VISIT,
    Shell,
)

COMPLETE = "UPDATE assessments SET status = 'completed' WHERE id = 1"
DELIVER = "UPDATE requests SET stage = 'delivery', state = 'delivery' WHERE id = 1"
HELP = ACTIVITY.format(request=1, number=1, kind="training")
GATE = "entente gate"


@pytest.fixture
def shell(house: House) -> Shell:
    """A database with one request whose comprehensive assessment is still running."""
    opened = Shell(house.database)
    opened.people()
    opened.request(1)
    opened.assessment(1, 1)
    return opened


def gate(words: str) -> bool:
    """Whether the gate spoke, with the paragraphs that it rests on."""
    return GATE in words and "F32" in words and "F41" in words


def test_an_activity_takes_a_completed_assessment(shell: Shell) -> None:
    assert gate(shell.refusal(HELP))
    shell.complete(1)
    assert shell.refusal(HELP) == ""


def test_an_activity_cannot_be_moved_to_an_unassessed_request(shell: Shell) -> None:
    shell.request(2)
    shell.complete(1)
    shell.type(HELP)
    assert gate(shell.refusal("UPDATE activities SET request_id = 2"))
    assert shell.refusal("UPDATE activities SET kind = 'policy', title = 'Other'") == ""


@pytest.mark.parametrize("kind", ["containment", "restoration", "evidence_preservation"])
def test_a_rapid_assessment_opens_only_rapid_help(shell: Shell, kind: str) -> None:
    shell.request(2)
    shell.assessment(2, 2, "rapid")
    shell.complete(2)
    assert gate(shell.refusal(ACTIVITY.format(request=2, number=1, kind="training")))
    assert shell.refusal(ACTIVITY.format(request=2, number=1, kind=kind)) == ""
    assert gate(shell.refusal("UPDATE activities SET kind = 'training'"))


@pytest.mark.parametrize("kind", ["self", "reassessment"])
def test_other_assessments_open_nothing(shell: Shell, kind: str) -> None:
    shell.request(2)
    shell.assessment(2, 2, kind)
    shell.type("UPDATE assessments SET status = 'completed' WHERE id = 2")
    assert gate(shell.refusal(ACTIVITY.format(request=2, number=1, kind="containment")))
    assert gate(shell.refusal("UPDATE assessments SET kind = 'comprehensive' WHERE id = 2"))


@pytest.mark.parametrize(
    "move",
    [
        DELIVER,
        "UPDATE requests SET stage = 'delivery' WHERE id = 1",
        "UPDATE requests SET state = 'evaluation' WHERE id = 1",
    ],
)
def test_delivery_takes_a_completed_assessment(shell: Shell, move: str) -> None:
    assert gate(shell.refusal(move))
    shell.complete(1)
    assert shell.refusal(move) == ""


def test_other_stages_need_none(shell: Shell) -> None:
    assert shell.refusal("UPDATE requests SET stage = 'screening', state = 'screening'") == ""


def test_a_request_is_not_born_in_delivery(shell: Shell) -> None:
    assert gate(shell.refusal(REQUEST.format(id=5, stage="delivery", state="delivery")))
    assert shell.refusal(REQUEST.format(id=5, stage="intake", state="draft")) == ""


DROPS = [
    "DELETE FROM assessment_records WHERE assessment_id = 1",
    "UPDATE assessment_records SET request_id = 2 WHERE assessment_id = 1",
    "UPDATE assessment_records SET kind = 'self' WHERE assessment_id = 1",
    "UPDATE assessments SET status = 'running' WHERE id = 1",
    "UPDATE assessments SET status = 'void' WHERE id = 1",
    "UPDATE assessments SET kind = 'self' WHERE id = 1",
]


@pytest.mark.parametrize("resting", [DELIVER, HELP])
@pytest.mark.parametrize("drop", [*DROPS, "DELETE FROM assessments WHERE id = 1"])
def test_help_keeps_the_assessment_that_it_rests_on(shell: Shell, drop: str, resting: str) -> None:
    shell.request(2)
    shell.complete(1)
    shell.type(resting)
    assert gate(shell.refusal(drop))


@pytest.mark.parametrize("drop", DROPS)
def test_an_assessment_on_which_no_help_rests_can_be_reopened(shell: Shell, drop: str) -> None:
    shell.request(2)
    shell.complete(1)
    assert shell.refusal(drop) == ""


@pytest.mark.parametrize("drop", DROPS)
def test_one_of_two_assessments_can_go_but_not_both(shell: Shell, drop: str) -> None:
    shell.request(2)
    shell.assessment(3, 1)
    shell.complete(1)
    shell.complete(3)
    shell.type(DELIVER, HELP)
    assert shell.refusal(drop) == ""
    assert gate(shell.refusal("UPDATE assessments SET status = 'void' WHERE id = 3"))


def test_a_rapid_assessment_does_not_stand_in_for_the_comprehensive_one(shell: Shell) -> None:
    shell.assessment(3, 1, "rapid")
    shell.complete(1)
    shell.complete(3)
    shell.type(HELP)
    assert gate(shell.refusal(DROPS[0]))
    shell.type("UPDATE activities SET kind = 'containment'")
    assert shell.refusal(DROPS[0]) == ""


def test_the_rest_of_an_assessment_under_help_can_still_be_written(shell: Shell) -> None:
    shell.complete(1)
    shell.type(DELIVER)
    assert shell.refusal("UPDATE assessments SET place = 'Mombasa' WHERE id = 1") == ""
    assert shell.refusal("UPDATE assessment_records SET valid_until = '2098-01-01'") == ""


@pytest.mark.parametrize("kind", ["comprehensive", "rapid"])
def test_an_assessment_completes_after_a_visit_and_an_acknowledgement(
    shell: Shell, kind: str
) -> None:
    shell.type(f"UPDATE assessments SET kind = '{kind}'")
    assert gate(shell.refusal(COMPLETE))
    shell.type(VISIT.format(id=1, ends="2026-01-02"))
    assert gate(shell.refusal(COMPLETE))
    shell.type(ACKNOWLEDGED.format(id=1), "UPDATE visits SET ends_on = '2999-01-01'")
    assert gate(shell.refusal(COMPLETE))
    shell.type("UPDATE visits SET ends_on = '2026-01-02'")
    assert shell.refusal(COMPLETE) == ""


def test_no_assessment_is_born_completed_but_a_government_s_own(shell: Shell) -> None:
    born = {"id": 7, "request": 1, "status": "completed"}
    assert gate(shell.refusal(ASSESSMENT.format(kind="comprehensive", **born)))
    assert gate(shell.refusal(ASSESSMENT.format(kind="rapid", **born)))
    assert shell.refusal(ASSESSMENT.format(kind="self", **born)) == ""


def test_a_completed_rapid_assessment_is_not_renamed_comprehensive(shell: Shell) -> None:
    shell.request(2)
    shell.assessment(2, 2, "rapid")
    shell.complete(2)
    assert gate(shell.refusal("UPDATE assessments SET kind = 'comprehensive' WHERE id = 2"))


def test_what_happened_is_only_added_to_and_without_a_gap(shell: Shell) -> None:
    first, second, fourth = (EVENT.format(request=1, number=n) for n in (1, 2, 4))
    assert shell.refusal(first) == ""
    assert shell.refusal(second) == ""
    for wrong in (
        second,
        fourth,
        "UPDATE request_events SET kind = 'other'",
        "DELETE FROM request_events",
    ):
        assert "entente log" in shell.refusal(wrong)


def test_nothing_replaces_what_stands(shell: Shell) -> None:
    shell.complete(1)
    shell.type(DELIVER, HELP, EVENT.format(request=1, number=1))
    if shell.database.sqlite:
        anew = ASSESSMENT.format(id=1, request=1, kind="comprehensive", status="running")
        again = EVENT.format(request=1, number=1)
        loose = "PRAGMA recursive_triggers = OFF"
        assert gate(shell.refusal(anew.replace("INSERT", "INSERT OR REPLACE")))
        assert gate(shell.refusal(loose, anew.replace("INSERT", "INSERT OR REPLACE")))
        assert "entente log" in shell.refusal(again.replace("INSERT", "INSERT OR REPLACE"))
    else:
        assert gate(shell.refusal("TRUNCATE assessment_records"))
        assert gate(shell.refusal("TRUNCATE assessments CASCADE"))
        assert "entente log" in shell.refusal("TRUNCATE request_events CASCADE")
    assert shell.refusal(RECORD.format(id=1, request=1, kind="comprehensive")) != ""
    assert shell.refusal(EVENT.format(request=1, number=2)) == ""


def test_an_event_knows_its_transaction_on_postgresql(shell: Shell) -> None:
    shell.type(EVENT.format(request=1, number=1))
    with shell.database.engine.connect() as connection:
        stamp = connection.exec_driver_sql("SELECT tx FROM request_events").scalar_one()
    assert (stamp == 0) is shell.database.sqlite
