"""Duties kept apart by person: recusal, entities' own people, delegation, approvals that lapse."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import sqlalchemy as sa
import time_machine

from app.cli.demo.play import entities_of
from app.cli.demo.stage import API, Reply, Stage
from app.cli.demo.story import Story
from app.directory import service as directory
from app.directory.named import as_actor
from app.directory.schemas import GrantBody, Role
from app.kit import clock
from app.ledger.tables import LedgerEntry
from app.requests import duties
from tests.factories.clients import Clients
from tests.journeys import acts
from tests.journeys.acts import happened, move_refused, refused, state
from tests.journeys.conftest import Enrol, Tell


def verdict(told: Story, who: str) -> tuple[str, str, str]:
    """Return the call by which somebody writes a verdict."""
    return (who, "PUT", f"{told.path}/screening/criteria/P6.4")


MET = {"verdict": "met", "reason": "Examined with the documents."}


def end_grants(clients: Clients, person_id: int) -> None:
    """End every role of a person: what was held stays known."""
    with clients.office.writing() as session:
        person = directory.person_of(session, person_id)
        for grant in directory.views(session, [person])[0].grants:
            directory.end_grant(session, None, person_id, grant.id or 0)


def grant(clients: Clients, person_id: int, **body: Any) -> None:
    """Give a person one more role."""
    with clients.office.writing() as session:
        directory.grant(session, None, person_id, GrantBody(**body))


def under(
    stage: Stage, who: str, delegation: int, call: tuple[str, str], body: Any = None
) -> Reply:
    """Make one call under a delegation, on the request as it stands."""
    method, path = call
    tag = stage.obtain("auditor", "GET", "/".join(path.split("/")[:3])).tag
    headers = {
        "Authorization": f"Bearer {stage.players[who].token}",
        "Delegation": str(delegation),
        "If-Match": tag,
    }
    return stage.send(method, API + path, body, headers)


def lend(stage: Stage, lender: str, delegate: str, days: float = 30, **more: Any) -> Reply:
    """Lend a player's role to another player."""
    part = stage.players[lender].part
    body = {
        "person_id": stage.players[delegate].person_id,
        "role": part.role,
        "country": part.country,
        "entity": part.entity,
        "valid_to": (datetime.now(UTC) + timedelta(days=days)).isoformat(),
    }
    return stage.ask(lender, "POST", "/me/delegations", body | more)


def test_whoever_recused_himself_acts_no_more_and_others_go_on(at_screening: Story) -> None:
    told = at_screening
    stage, path = told.stage, f"{told.path}/recusals"
    stage.add("screener", path, {"reason": "My brother leads the ministry."})
    why = refused(told, verdict(told, "screener"), MET, of=f"{told.path}/screening")
    assert (why.status, why.code, why.cites) == (403, "duty.recused", {"duty.recused": "C7"})
    assert move_refused(told, "screener", "decline").status == 403
    assert acts.open_to(told, "screener") == set()
    (event,) = happened(told, "recused")
    assert "reason" not in event["data"]
    for reader in ("desk", "auditor"):
        (shown,) = stage.read(reader, path)["items"]
        assert (shown["name"], shown["reason"]) == (
            "Wei Lan, screening officer",
            "My brother leads the ministry.",
        )
    assert stage.read(told.who("coordinator"), path)["items"] == []
    again = stage.ask("screener", "POST", path, {"reason": "Once more."})
    assert (again.status, again.body["code"]) == (409, "recusal.known")
    (own,) = stage.read("screener", "/me/interests")["items"]
    kept = stage.ask("screener", "POST", f"/me/interests/{own['id']}/end")
    assert (kept.status, kept.body["code"]) == (409, "interest.recusal")
    stage.obtain(
        "screener2",
        *verdict(told, "")[1:],
        MET,
        stage.obtain("desk", "GET", f"{told.path}/screening").tag,
    )


def test_an_entitys_focal_point_neither_screens_nor_prepares_now_or_later(
    at_screening: Story, enrol: Enrol, clients: Clients
) -> None:
    told = at_screening
    roles: tuple[Role, ...] = ("screening_officer", "desk_officer", "rights_reviewer")
    own = [GrantBody(role=role) for role in roles]
    tied = enrol("tied", GrantBody(role="focal_point", entity="unodc"), *own)
    free = enrol("free", GrantBody(role="focal_point", entity="wipo"), *own)
    once = enrol("once", GrantBody(role="focal_point", entity="unodc"))
    end_grants(clients, told.stage.players[once].person_id)
    for role in roles:
        grant(clients, told.stage.players[once].person_id, role=role)
    for who in (tied, once):
        why = refused(told, verdict(told, who), MET, of=f"{told.path}/screening")
        assert (why.status, why.cites) == (403, {"duty.entity_conflict": "C7, F53"})
        assert "unodc" in why.sentences["duty.entity_conflict"]
        assert acts.open_to(told, who) == set()
    room = f"{told.path}/screening"
    told.stage.change(free, "PUT", verdict(told, free)[2], MET, room)
    told.screen()
    told.pass_screening()
    for who in (tied, once):
        prepare = (who, "POST", f"{told.path}/matching/proposals")
        assert refused(told, prepare).code == "duty.entity_conflict"
    told.propose()
    assert move_refused(told, tied, "offer_match").code == "duty.entity_conflict"
    told.stage.move("desk", told.reference, "offer_match")
    body = {"entity": "unodc", "accepted": True}
    told.stage.change(tied, "POST", f"{told.path}/matching/responses", body, told.path)


def test_a_declared_interest_binds_within_its_dates(at_screening: Story) -> None:
    told = at_screening
    stage = told.stage
    mine = {"kind": "country", "value": "KEN", "reason": "I own land there."}
    made = stage.add("screener", "/me/interests", mine)
    why = refused(told, verdict(told, "screener"), MET, of=f"{told.path}/screening")
    assert (why.status, why.cites) == (403, {"duty.country_interest": "C7"})
    stage.obtain("screener", "POST", f"/me/interests/{made['id']}/end")
    stage.change("screener", "PUT", verdict(told, "")[2], MET, f"{told.path}/screening")
    entity = {"kind": "entity", "value": "unodc", "reason": "I consult for it."}
    stage.add("screener", "/me/interests", entity)
    assert (
        refused(told, verdict(told, "screener"), MET, of=f"{told.path}/screening").code
        == "duty.entity_conflict"
    )
    wrong = stage.ask("screener", "POST", "/me/interests", mine | {"value": "ATL"})
    assert (wrong.status, wrong.body["code"]) == (422, "country.unknown")
    person = stage.players["screener"].person_id
    assert len(stage.read("auditor", f"/people/{person}/interests")["items"]) == 2
    assert stage.ask(told.who("government"), "GET", f"/people/{person}/interests").status == 403


def test_a_screener_who_answers_for_an_entity_afterwards_is_flagged_and_cannot_accept(
    at_matching: Story, clients: Clients
) -> None:
    told = at_matching
    person = told.stage.players["screener"].person_id
    grant(clients, person, role="focal_point", entity="unodc")
    proposal = told.offer()
    assert {"person_id": person, "entity": "unodc"} in proposal["conflicts"]
    answer = ("screener", "POST", f"{told.path}/matching/responses")
    why = refused(told, answer, {"entity": "unodc", "accepted": True}, of=told.path)
    assert (why.status, why.cites) == (403, {"duty.judged": "C7, F53"})


def test_whoever_filed_or_prepared_does_not_answer_or_consent(
    at_matching: Story, clients: Clients
) -> None:
    told = at_matching
    stage = told.stage
    filer = stage.players[told.who("coordinator")].person_id
    grant(clients, filer, role="focal_point", entity="unodc")
    grant(clients, filer, role="government", country="KEN")
    proposal = told.offer()
    answer = (told.who("coordinator"), "POST", f"{told.path}/matching/responses")
    why = refused(told, answer, {"entity": "unodc", "accepted": True}, of=told.path)
    assert why.cites == {"four_eyes.same_person": "C7"}
    grant(clients, stage.players["desk"].person_id, role="government", country="KEN")
    for entity in entities_of(proposal):
        told.respond(entity)
    for who in (told.who("coordinator"), "desk"):
        word = (who, "POST", f"{told.path}/matching/consents")
        why = refused(told, word, {"country": "KEN", "given": True}, of=told.path)
        assert why.cites == {"four_eyes.same_person": "C7"}
    told.consent()
    assert state(told) == "delivery"


def test_acceptance_and_consent_lapse_with_the_proposal_and_say_so(at_matching: Story) -> None:
    told = at_matching
    first = entities_of(told.offer())
    for entity in first:
        told.respond(entity)
    told.stage.move("desk", told.reference, "withdraw_offer", reason="Another need was found.")
    second = entities_of(told.offer())
    (lapsed,) = happened(told, "match_acceptance_lapsed")
    assert lapsed["data"] == {"proposal": 1, "entities": sorted(first), "countries": []}
    assert set(first) == set(second)
    assert move_refused(told, "desk", "match_accepted").cites == {"match.acceptance_lapsed": "F41"}
    for entity in second:
        told.respond(entity)
    assert state(told) == "consent"


def test_a_confirmed_urgency_lapses_with_its_reason(story: Tell) -> None:
    told = story("KEN")
    acts.at_triage(told, acts.asking())
    stage, path = told.stage, f"{told.path}/urgency"
    stage.change(told.who("coordinator"), "PUT", path, {"reason": "It goes on."}, told.path)
    settled = {"confirmed": True, "reason": "Seen."}
    stage.change("desk", "PUT", f"{path}/settlement", settled, told.path)
    again = (told.who("coordinator"), "PUT", path)
    assert refused(told, again, {"reason": "It goes on."}, of=told.path).code == "urgency.settled"
    stage.change(told.who("coordinator"), "PUT", path, {"reason": "It spreads."}, told.path)
    assert len(happened(told, "urgency_confirmation_lapsed")) == 1
    matter = {"internal": False, "reason": "A Member State asks."}
    stage.change("desk", "PUT", f"{told.path}/matter", matter, told.path)
    assert move_refused(told, "desk", "start_assessment").cites == {"urgency.unsettled": "F38"}
    stage.change("desk2", "PUT", f"{path}/settlement", settled, told.path)
    stage.move("desk", told.reference, "start_assessment")


def test_a_delegate_acts_in_two_names_and_four_eyes_counts_both(at_screening: Story) -> None:
    told = at_screening
    stage, room = told.stage, f"{told.path}/screening"
    told.judge()
    lent = lend(stage, "screener", "desk2").body
    decide = ("POST", f"{room}/decision")
    derived = stage.read("screener", room)["derived"]["outcome"]
    body = {"outcome": derived, "reason": "As found."}
    headers = {
        "Authorization": f"Bearer {stage.players['desk2'].token}",
        "Delegation": str(lent["id"]),
        "If-Match": stage.obtain("desk", "GET", room).tag,
    }
    assert stage.send(decide[0], API + decide[1], body, headers).status == 200
    (event,) = happened(told, "screening_decided")
    assert (event["actor"], event["on_behalf"]) == (
        "Jonas Meyer, desk officer",
        "Wei Lan, screening officer",
    )
    for who in ("desk2", "screener"):
        why = refused(told, (who, "POST", f"{room}/confirmation"), {}, of=room)
        assert why.cites == {"four_eyes.same_person": "C7"}
    stage.change("screener2", "POST", f"{room}/confirmation", {}, room)
    moved = ("POST", f"{told.path}/transitions")
    trigger = derived if derived in ("return_for_revision", "decline") else "pass_screening"
    assert under(stage, "desk2", lent["id"], moved, {"trigger": trigger}).status == 200
    assert acts.last_move(told)["on_behalf"] == "Wei Lan, screening officer"


def test_a_delegation_has_dates_limits_and_an_end(
    story: Tell, enrol: Enrol, clients: Clients
) -> None:
    told = story("KEN")
    acts.at_triage(told, acts.asking())
    stage = told.stage
    other = enrol("other", GrantBody(role="government", country="JOR"))
    comment = ("POST", f"{told.path}/comments")
    text = {"text": "Seen."}
    assert lend(stage, "desk", other, days=91).body["code"] == "delegation.dates"
    assert lend(stage, "desk", "desk").body["code"] == "delegation.person"
    assert lend(stage, "desk", "client").body["code"] == "delegation.person"
    assert lend(stage, "admin", other).body["code"] == "delegation.role"
    assert lend(stage, "desk", other, acts=["fly"]).body["code"] == "delegation.acts"
    assert lend(stage, "desk", other, role="auditor").body["code"] == "delegation.not_held"
    assert stage.ask(other, "GET", told.path).status == 404
    lent = lend(stage, "desk", other, acts=["comment.add"]).body
    assert under(stage, other, lent["id"], comment, text).status == 201
    for path in (told.path, f"{told.path}/status", f"{told.path}/options"):
        assert under(stage, other, lent["id"], ("GET", path)).status == 200
        assert stage.ask(other, "GET", path).status == 404
    matter = {"internal": False, "reason": "No."}
    past = under(stage, other, lent["id"], ("PUT", f"{told.path}/matter"), matter)
    assert (past.status, past.body["code"]) == (403, "delegation.act")
    move = ("POST", f"{told.path}/transitions")
    past = under(stage, other, lent["id"], move, {"trigger": "redirect"})
    assert (past.status, past.body["code"]) == (403, "delegation.act")
    for who in ("screener", "desk"):
        stolen = under(stage, who, lent["id"], comment, text)
        assert (stolen.status, stolen.body["code"]) == (403, "delegation.none")
    onward = under(stage, other, lent["id"], ("POST", "/me/delegations"), None)
    assert onward.status in (403, 404, 422)
    assert [d["id"] for d in stage.read(other, "/me/delegations")["items"]] == [lent["id"]]
    with time_machine.travel(clock.now() + timedelta(days=29), tick=False):
        assert under(stage, other, lent["id"], comment, text).status == 201
    with time_machine.travel(clock.now() + timedelta(days=31), tick=False):
        assert under(stage, other, lent["id"], comment, text).body["code"] == "delegation.none"
    stage.obtain("desk", "POST", f"/me/delegations/{lent['id']}/revocation")
    assert under(stage, other, lent["id"], comment, text).body["code"] == "delegation.none"
    again = lend(stage, "desk", other).body
    with clients.office.writing() as session:
        directory.suspend(session, None, stage.players["desk"].person_id)
    assert under(stage, other, again["id"], comment, text).body["code"] == "delegation.none"


def test_without_the_guard_a_tied_screener_would_be_let_through(
    at_screening: Story, enrol: Enrol, monkeypatch: pytest.MonkeyPatch
) -> None:
    told = at_screening
    own = GrantBody(role="screening_officer")
    tied = enrol("tied", GrantBody(role="focal_point", entity="unodc"), own)
    room = f"{told.path}/screening"
    assert refused(told, verdict(told, tied), MET, of=room).status == 403
    monkeypatch.setattr(duties, "JUDGED", frozenset())
    told.stage.change(tied, "PUT", verdict(told, tied)[2], MET, room)


def test_grants_interests_and_delegations_stand_in_the_decision_log(
    story: Tell, enrol: Enrol, clients: Clients
) -> None:
    told = story("KEN")
    acts.at_triage(told, acts.asking())
    stage = told.stage
    other = enrol("other", GrantBody(role="government", country="JOR"))
    lent = lend(stage, "desk", other).body
    assert lend(stage, "desk", other).status == 201
    stage.obtain(other, "POST", f"/me/delegations/{lent['id']}/revocation")
    mine = {"kind": "country", "value": "KEN", "reason": "I own land there."}
    made = stage.add(other, "/me/interests", mine)
    stage.obtain(other, "POST", f"/me/interests/{made['id']}/end")
    stage.add("screener", f"{told.path}/recusals", {"reason": "A relative."})
    end_grants(clients, stage.players[other].person_id)
    with clients.office.reading() as session:
        kept = session.scalars(
            sa.select(LedgerEntry.action)
            .where(LedgerEntry.stream == "directory")
            .order_by(LedgerEntry.seq)
        ).all()
        ended = as_actor(session, stage.players[other].person_id)
    assert list(kept)[-7:] == [
        *("role_delegated", "role_delegated", "delegation_revoked", "interest_declared"),
        *("interest_ended", "interest_declared", "role_ended"),
    ]
    assert ended.grants == ()
