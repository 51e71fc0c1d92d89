"""Screening through the API, on both databases: who may write what, and what two persons settle."""

from dataclasses import dataclass
from typing import Any

import pytest
import sqlalchemy as sa

from app.directory.actor import Actor
from app.kit import clock
from app.requests.tables import AssessmentRecord, Condition
from app.screening import service
from app.screening.service import sealed
from app.screening.tables import CriterionFinding, Screening
from tests.factories.clients import Answer, Client, Clients
from tests.screening.dossiers import in_screening
from tests.screening.samples import PRINCIPLES

P3 = next(p for p in PRINCIPLES.principles if p.code == "P3")


@dataclass(frozen=True)
class Room:
    """A request in screening and the people who screen it."""

    clients: Clients
    officer: Client
    second: Client
    reviewer: Client
    path: str

    def write(self, part: str, by: Client | None = None, **content: object) -> Answer:
        """Write a finding; `part` is `criteria/P1.1` or `principles/P1`."""
        who = by or (self.reviewer if "/P3" in part else self.officer)
        body = {"reason": "Seen in the file."} | content
        return who.change("PUT", f"{self.path}/{part}", body, of=self.path)

    def act(self, name: str, by: Client, **content: object) -> Answer:
        """Decide, confirm or recheck."""
        return by.change("POST", f"{self.path}/{name}", content, of=self.path)

    def view(self) -> dict[str, Any]:
        """Read the screening."""
        return dict(self.officer.get(self.path).ok().body)

    def criterion(self, code: str) -> dict[str, object]:
        """Read one criterion."""
        body = self.officer.get(self.path).ok().body
        return next(c for p in body["principles"] for c in p["criteria"] if c["code"] == code)

    def fill(self) -> None:
        """Answer what the rules leave open, and find every principle met."""
        for criterion in PRINCIPLES.criteria:
            if self.criterion(criterion.code)["verdict"] != "met":
                self.write(f"criteria/{criterion.code}", verdict="met").ok()
        for principle in PRINCIPLES.principles:
            self.write(f"principles/{principle.code}", finding="met").ok()


def room_of(clients: Clients, kind: str = "comprehensive") -> Room:
    officer, second = clients.as_("screening_officer"), clients.as_("screening_officer", nth=2)
    reviewer = clients.as_("rights_reviewer")
    reference = in_screening(clients.house, officer.person_id, kind)
    return Room(clients, officer, second, reviewer, f"/requests/{reference}/screening")


@pytest.fixture
def room(clients: Clients) -> Room:
    return room_of(clients)


def test_rules_answer_what_they_can_and_leave_the_rest_open(room: Room) -> None:
    body = room.officer.get(room.path).ok()
    found = [c for p in body.body["principles"] for c in p["criteria"]]
    assert len(found) == 36
    for criterion in found:
        assert criterion["answered"] == ("rule" if criterion["rule"] else "open")
        assert bool(criterion["reason"]) == bool(criterion["rule"])
    assert body.body["derived"]["outcome"] is None
    assert body.body["derived"]["reasons"][0]["message"]
    assert body.revision == 1
    assert room.criterion("P4.1")["verdict"] == "met"
    assert room.criterion("P2.1")["verdict"] == "met"


def test_two_persons_settle_a_screening(room: Room) -> None:
    room.fill()
    decided = room.act("decision", room.officer, outcome="pass", reason="All is met.").ok()
    assert decided.body["derived"]["outcome"] == "pass"
    again = room.act("confirmation", room.officer)
    assert (again.status, again.codes) == (409, ["four_eyes.same_person"])
    confirmed = room.act("confirmation", room.second).ok()
    assert confirmed.body["decision"]["confirmed_by"] == room.second.person_id
    assert room.act("confirmation", room.second).status == 409


def test_a_decision_waits_until_nothing_is_open(room: Room) -> None:
    answer = room.act("decision", room.officer, outcome="return_for_revision", reason="No.")
    assert answer.status == 409
    assert answer.body["code"] == "screening.undetermined"
    assert answer.codes.count("screening.principle_open") == 7
    assert answer.codes.count("screening.criterion_open") == 15


def test_a_changed_finding_makes_the_approval_lapse(room: Room) -> None:
    room.fill()
    room.act("decision", room.officer, outcome="pass", reason="All is met.").ok()
    room.act("confirmation", room.second).ok()
    room.write("criteria/P6.4", verdict="met", reason="Read again.").ok()
    assert room.view()["decision"] is None
    timeline = room.officer.get(room.path.removesuffix("/screening") + "/timeline").ok()
    assert timeline.body["items"][-1]["kind"] == "screening_approval_lapsed"


def test_the_same_finding_written_again_changes_nothing(room: Room) -> None:
    room.fill()
    room.act("decision", room.officer, outcome="pass", reason="All is met.").ok()
    before = room.view()["revision"]
    room.write("criteria/P6.4", verdict="met").ok()
    assert room.view()["revision"] == before
    assert room.view()["decision"] is not None


def test_where_possible_can_be_waived_and_nothing_else(room: Room) -> None:
    room.write("criteria/P1.4", verdict="waived").ok()
    refused = room.write("criteria/P1.1", verdict="waived")
    assert (refused.status, refused.codes) == (409, ["screening.not_waivable"])
    third = room.write("criteria/P3.9", verdict="waived")
    assert (third.status, third.codes) == (409, ["screening.not_waivable"])
    assert room.write("criteria/P1.4", verdict="waived", reason="").status == 422


def test_the_third_principle_takes_a_rights_reviewer(room: Room) -> None:
    for part in (f"criteria/{P3.criteria[0].code}", "principles/P3"):
        content = {"verdict": "met"} if "criteria" in part else {"finding": "met"}
        refused = room.write(part, by=room.officer, **content)
        assert (refused.status, refused.body["code"]) == (403, "screening.reviewer")
        room.write(part, by=room.reviewer, **content).ok()
    other = room.write("criteria/P1.1", by=room.reviewer, verdict="met")
    assert other.status == 403


def test_an_infringing_purpose_is_declined_and_no_condition_cures_it(room: Room) -> None:
    room.fill()
    room.write("principles/P3", finding="not_met", infringing=True).ok()
    assert room.view()["derived"]["outcome"] == "decline"
    for softer in ("pass", "pass_with_conditions", "return_for_revision"):
        refused = room.act("decision", room.officer, outcome=softer, reason="Conditions.")
        assert (refused.status, refused.body["code"]) == (409, "screening.more_lenient")
    room.act("decision", room.officer, outcome="decline", reason="The purpose infringes.").ok()


def test_people_may_be_stricter_than_the_rule(room: Room) -> None:
    room.fill()
    room.act("decision", room.officer, outcome="return_for_revision", reason="Too vague.").ok()
    assert room.view()["decision"]["outcome"] == "return_for_revision"


def test_a_person_may_overrule_a_rule_and_both_are_shown(room: Room) -> None:
    room.write("criteria/P6.1", verdict="not_met", reason="The treaty is old.").ok()
    shown = room.criterion("P6.1")
    assert (shown["verdict"], shown["ruled"], shown["answered"]) == ("not_met", "met", "person")
    assert shown["evidence"]


def test_nobody_finds_more_than_the_assessment_allows(clients: Clients) -> None:
    room = room_of(clients, "rapid")
    assert room.criterion("P4.1")["verdict"] == "met_with_condition"
    for verdict in ("met", "not_applicable"):
        refused = room.write("criteria/P4.1", verdict=verdict)
        assert (refused.status, refused.codes) == (409, ["screening.beyond_evidence"])
    assert room.write("principles/P4", finding="met").status == 409
    room.write("principles/P4", finding="partly", condition="Assess fully.").ok()


def test_a_recheck_sees_that_the_assessment_is_gone(room: Room) -> None:
    room.fill()
    room.act("decision", room.officer, outcome="pass", reason="All is met.").ok()
    with room.clients.house.database.writing() as session:
        session.execute(sa.delete(AssessmentRecord))
    room.act("recheck", room.officer).ok()
    assert room.criterion("P4.1")["verdict"] == "not_met"
    assert room.view()["decision"] is None
    assert room.view()["derived"]["outcome"] == "return_for_revision"


def test_a_recheck_that_finds_other_evidence_alone_is_seen_by_its_tag(room: Room) -> None:
    room.fill()
    room.act("decision", room.officer, outcome="pass", reason="All is met.").ok()
    tag = room.officer.get(room.path).headers["etag"]
    room.act("recheck", room.officer).ok()
    assert room.officer.get(room.path, if_none_match=tag).status == 304
    evidence = room.criterion("P1.1")["evidence"]
    with room.clients.house.database.writing() as session:
        one = session.scalars(sa.select(CriterionFinding).filter_by(criterion="P1.1")).one()
        owner = session.scalars(sa.select(Screening.request_id)).one()
        sealed.put_evidence(session, owner, one, [{"seen": "in spring"}])
    room.act("recheck", room.officer).ok()
    again = room.officer.get(room.path, if_none_match=tag)
    assert (again.status, again.revision) == (200, int(tag.strip('"')) + 1)
    assert room.criterion("P1.1")["evidence"] == evidence
    assert room.view()["decision"] is not None


def test_a_confirmation_looks_at_the_assessment_again(room: Room) -> None:
    room.fill()
    room.act("decision", room.officer, outcome="pass", reason="All is met.").ok()
    with room.clients.house.database.writing() as session:
        session.execute(sa.delete(AssessmentRecord))
    refused = room.act("confirmation", room.second)
    assert (refused.status, refused.body["code"]) == (409, "screening.more_lenient")


def test_a_stale_writer_is_refused(room: Room) -> None:
    body = {"verdict": "met", "reason": "Seen."}
    part = f"{room.path}/criteria/P6.4"
    assert room.officer.call("PUT", part, body).status == 428
    room.officer.call("PUT", part, body, if_match='"1"').ok()
    stale = room.second.call("PUT", part, body, if_match='"1"')
    assert (stale.status, stale.body["current_revision"]) == (412, 2)


def test_conditions_of_findings_become_duties_of_the_dossier(room: Room) -> None:
    room.fill()
    room.write("criteria/P3.2", verdict="met_with_condition", condition="Name the law.").ok()
    room.write("principles/P3", finding="partly", condition="Report yearly.").ok()
    assert room.view()["derived"]["outcome"] == "pass_with_conditions"
    house = room.clients.house
    for _ in range(2):
        with house.database.writing() as session:
            pack = house.shelf.latest("needs_assessment")
            service.carry_conditions(session, pack, 1)
    with house.database.reading() as session:
        rows = session.scalars(sa.select(Condition).order_by(Condition.number)).all()
        assert [(r.number, r.criterion, r.text) for r in rows] == [
            (1, "P3.2", "Name the law."),
            (2, "P3", "Report yearly."),
        ]
        assert all(row.cite for row in rows)


def test_whoever_had_a_hand_in_any_round_stays_involved(room: Room) -> None:
    room.fill()
    room.act("decision", room.second, outcome="decline", reason="Not now.").ok()
    house = room.clients.house
    with house.database.writing() as session:
        pack = house.shelf.latest("needs_assessment")
        service.open_round(session, pack, 1, clock.now())
        facts = service.screening_facts(session, pack, [1, 2])
    assert set(facts) == {1}
    people = (room.officer, room.second, room.reviewer)
    assert facts[1].involved == {one.person_id for one in people}
    assert (facts[1].outcome, facts[1].decided_by) == ("", None)
    earlier = room.officer.get(f"{room.path}/rounds").ok().body["items"]
    assert [one["outcome"] for one in earlier] == ["decline"]


def test_a_request_that_was_never_screened_says_so(clients: Clients) -> None:
    room = room_of(clients)
    with clients.house.database.writing() as session:
        session.execute(sa.text("DELETE FROM criterion_findings"))
        session.execute(sa.text("DELETE FROM screenings"))
    assert room.officer.get(room.path).status == 404
    answer = room.officer.call("POST", f"{room.path}/recheck", None, if_match='"1"')
    assert (answer.status, answer.body["code"]) == (409, "screening.none")
    assert room.officer.get(f"{room.path}/appeal").status == 404


def test_a_country_gives_its_word_on_sharing(room: Room) -> None:
    path = room.path.removesuffix("/screening") + "/consents"
    government = room.clients.as_("government", "KEN")
    word = {"country": "KEN", "subject": "sharing", "given": False}
    government.post(path, word).ok()
    told = [(one["subject"], one["given"]) for one in government.get(path).ok().body["items"]]
    assert told == [("sharing", True), ("publication", False), ("sharing", False)]
    room.act("recheck", room.officer).ok()
    assert room.criterion("P6.3")["verdict"] == "not_met"


def test_an_appeal_is_kept_with_how_it_was_heard(room: Room) -> None:
    house = room.clients.house
    with house.database.writing() as session:
        government = Actor(room.second.person_id, "G")
        service.file_appeal(session, 1, government, "The law has changed.", clock.now())
        service.hear_appeal(session, 1, government, "granted", {"reason": "It has."})
        pack = house.shelf.latest("needs_assessment")
        appeal = service.screening_facts(session, pack, [1])[1].appeal
    assert appeal is not None
    assert appeal.outcome == "granted"
    shown = room.officer.get(f"{room.path}/appeal").ok().body
    assert (shown["grounds"], shown["reason"]) == ("The law has changed.", "It has.")
