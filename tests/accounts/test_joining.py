"""Two records of one person become one: by two administrators, for good, and for what is past too."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import sqlalchemy as sa
import time_machine

from app.accounts import links
from app.accounts import service as accounts
from app.accounts.joining import LAPSES
from app.accounts.tables import Account
from app.directory.schemas import GrantBody
from app.directory.tables import ApiToken, Delegation, Interest, Person, RoleGrant
from app.kit import clock
from app.ledger.tables import LedgerEntry
from app.outbox.tables import Letter
from app.policy.table import RULES
from app.requests import duties
from app.requests.tables import AssistanceRequest
from app.wiring import entitlement
from tests.accounts.conftest import PASSWORD, Signing
from tests.factories import naming
from tests.factories.clients import Answer, Client, Clients
from tests.requests.test_confidence import grant, seen
from tests.requests.test_visibility import filed
from tests.screening.test_api import Room, room_of

NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)
REASON = "Both showed the same passport."


def ask(by: Client, kept: int, joined: int) -> Answer:
    return by.post(f"/people/{kept}/join", {"person": joined, "reason": REASON})


def join(clients: Clients, kept: int, joined: int) -> Answer:
    """Join two records as two administrators do."""
    ask(clients.as_("administrator"), kept, joined).ok()
    return clients.as_("administrator", nth=2).post(f"/people/{kept}/join/confirm").ok()


def decide(room: Room) -> None:
    room.act("decision", room.officer, outcome="pass", reason="All is met.").ok()


def test_four_eyes_count_joined_records_as_one_also_for_what_is_past(clients: Clients) -> None:
    room = room_of(clients)
    officer, second = room.officer, room.second
    room.fill()
    decide(room)
    room.act("confirmation", second).ok()  # two persons, as far as anybody knows
    room.write("criteria/P6.4", verdict="met", reason="Read again.").ok()
    decide(room)
    view = join(clients, second.person_id, officer.person_id).body
    assert view["requests"] == 1
    for client in (second, officer):
        refused = room.act("confirmation", client)
        assert (refused.status, refused.codes) == (409, ["four_eyes.same_person"])
    reference = room.path.split("/")[2]
    with clients.office.reading() as session:
        mine = AssistanceRequest.reference == reference
        request = session.scalars(sa.select(AssistanceRequest).where(mine)).one()
        headers = {"authorization": f"Bearer {second.token}"}
        actor = entitlement.entitled(clients.house, session, headers, RULES["read_me"])
        assert actor.persons == {second.person_id, officer.person_id}
        assert duties.same(session, actor, request, [officer.person_id])
        forgetful = replace(actor, others=frozenset())  # the bug planted: one number alone
        assert not duties.same(session, forgetful, request, [officer.person_id])
        action = LedgerEntry.action == "persons_joined"
        (entry,) = session.scalars(sa.select(LedgerEntry).where(action))
        assert reference in str(entry.content)
    room.act("confirmation", clients.as_("screening_officer", nth=3)).ok()


def test_both_ways_of_signing_in_lead_to_one_person(signing: Signing) -> None:
    ada, ben = signing.member(device=True), signing.member("ben", role="auditor")
    held = [signing.sign_in(one) for one in (ada, ben)]
    join(signing.clients, ben.person_id, ada.person_id)
    assert [one.get("/me").status for one in held] == [401, 401]
    ben.device = ada.device  # the one device there was is the person's
    with time_machine.travel(clock.now() + timedelta(minutes=2)) as moving:
        for member in (ada, ben):
            me = signing.sign_in(replace(member, device=ada.device)).get("/me").ok().body
            assert (me["id"], me["roles"]) == (ben.person_id, ["auditor", "desk_officer"])
            moving.shift(60)
    admin = signing.administrator()
    gone = admin.get(f"/people/{ada.person_id}").ok().body
    assert (gone["suspended"], gone["joined_to"]) == (True, ben.person_id)
    refused = admin.post(f"/people/{ada.person_id}/grants", {"role": "auditor"})
    assert (refused.status, refused.body["code"]) == (409, "person.joined")
    with signing.house.database.reading() as session:
        told = set(
            session.scalars(sa.select(Letter.address).where(Letter.kind == "records_joined"))
        )
    assert told == {ada.login, ben.login}
    assert admin.get("/people/suspected-duplicates").ok().body["items"] == []


def test_a_join_takes_two_administrators_and_neither_is_one_of_the_two(signing: Signing) -> None:
    clients = signing.clients
    first, second = clients.as_("administrator"), clients.as_("administrator", nth=2)
    ada, ben = signing.member(), signing.member("ben")
    path = f"/people/{ada.person_id}/join"
    assert first.get(path).status == 404
    assert second.post(f"{path}/confirm").body["code"] == "join.not_asked"
    assert ask(first, first.person_id, ada.person_id).body["code"] == "join.oneself"
    assert ask(first, ada.person_id, first.person_id).body["code"] == "join.oneself"
    assert ask(first, ada.person_id, ada.person_id).body["code"] == "join.one"
    assert ask(first, ada.person_id, 10**6).body["code"] == "person.unknown"
    with time_machine.travel(NOON, tick=False) as moving:
        fresh = [clients.as_("administrator", nth=nth) for nth in (3, 4)]
        ask(fresh[0], ada.person_id, ben.person_id).ok()
        assert ask(fresh[1], ada.person_id, ben.person_id).body["code"] == "join.asked"
        own = fresh[0].post(f"{path}/confirm")
        assert (own.status, own.body["code"]) == (403, "join.same_person")
        moving.shift(LAPSES)
        assert fresh[1].post(f"{path}/confirm").body["code"] == "join.not_asked"
        ask(fresh[0], ada.person_id, ben.person_id).ok()
        fresh[1].post(f"{path}/confirm").ok()
        again = ask(fresh[0], ada.person_id, ben.person_id)
        assert (again.status, again.body["code"]) == (409, "join.joined")
        assert fresh[0].get(path).ok().body["joined_at"] is not None


def test_what_the_second_record_holds_passes_and_nothing_is_lent_to_oneself(
    clients: Clients,
) -> None:
    entity = [GrantBody(role="focal_point", entity="unodc")]
    desk = [GrantBody(role="desk_officer")]
    kept, joined, third = (clients.person(roles) for roles in (desk, desk + entity, desk))
    until = (clock.now() + timedelta(days=9)).isoformat()
    lend = {"role": "desk_officer", "valid_to": until, "acts": []}
    for lender, delegate in ((joined, kept), (joined, third), (third, joined)):
        body = lend | {"person_id": delegate.person_id}
        lender.post("/me/delegations", body).ok()
    interest = {"kind": "entity", "value": "itu", "reason": "I worked there."}
    joined.post("/me/interests", interest).ok()
    join(clients, kept.person_id, joined.person_id)
    number = kept.person_id
    with clients.house.database.reading() as session:
        lent = session.execute(
            sa.select(Delegation.person_id, Delegation.delegate_id, Delegation.revoked_at)
        ).all()
        assert [(a, b) for a, b, revoked in lent if revoked is None] == [
            (number, third.person_id),
            (third.person_id, number),
        ]
        assert set(session.scalars(sa.select(Interest.person_id))) == {number}
        held = sa.select(RoleGrant.role).where(
            RoleGrant.person_id == number, RoleGrant.ended_at.is_(None)
        )
        assert sorted(session.scalars(held)) == ["desk_officer", "focal_point"]
    me = joined.get("/me").ok().body
    assert (me["id"], me["roles"]) == (number, ["desk_officer", "focal_point"])


def test_named_grants_and_focal_points_pass_and_none_is_by_oneself(clients: Clients) -> None:
    coordinator = clients.as_("resident_coordinator", country="KEN")
    reference = filed(coordinator)
    kept, joined = (clients.as_("focal_point", entity="unodc", nth=nth) for nth in (1, 2))
    twin = clients.as_("focal_point", entity="itu")
    for holder in (joined, twin):
        grant(coordinator, reference, holder, "request").ok()
    with clients.house.database.writing() as session:
        naming.name(session, naming.change("unodc", joined.person_id))
    assert [seen(client, reference) for client in (kept, joined, twin)] == [False, True, True]
    join(clients, kept.person_id, joined.person_id)
    assert [seen(client, reference) for client in (kept, joined)] == [True, True]
    join(clients, twin.person_id, coordinator.person_id)
    asker = clients.as_("resident_coordinator", country="KEN", nth=2)
    listed = asker.get(f"/requests/{reference}/named-grants").ok().body["items"]
    assert [one["person_id"] for one in listed] == [kept.person_id, twin.person_id]
    assert [one["revoked_at"] is None for one in listed] == [True, False]
    (named,) = asker.get("/focal-points").ok().body["items"]
    assert (named["code"], named["person_id"]) == ("unodc:primary", kept.person_id)


def test_of_a_suspended_record_nothing_comes_to_life_again(signing: Signing) -> None:
    clients = signing.clients
    kept, gone = signing.member(), signing.member("gone", role="auditor")
    token = clients.as_("focal_point", entity="unodc")
    admin = clients.as_("administrator")
    for number in (gone.person_id, token.person_id):
        admin.post(f"/people/{number}/suspension").ok()
    assert ask(admin, gone.person_id, kept.person_id).body["code"] == "join.suspended"
    for number in (gone.person_id, token.person_id):
        join(clients, kept.person_id, number)
    refused = signing.browser().post("/session", {"login": gone.login, "password": PASSWORD})
    assert refused.status == 401
    assert token.get("/me").status == 401
    assert signing.sign_in(kept).get("/me").ok().body["roles"] == ["desk_officer"]
    with signing.house.database.reading() as session:
        alive = sa.select(Account.subject).where(Account.disabled_at.is_(None))
        assert session.scalars(alive).all() == [kept.login]
        dead = sa.select(ApiToken.revoked_at).where(ApiToken.person_id == kept.person_id)
        assert None not in session.scalars(dead).all()
        joined = sa.select(Person.id).where(Person.joined_to == kept.person_id)
        assert set(session.scalars(joined)) == {gone.person_id, token.person_id}


def test_a_reset_changes_the_password_of_the_address_it_was_asked_for(signing: Signing) -> None:
    ada, ben = signing.member(), signing.member("ben")
    join(signing.clients, ada.person_id, ben.person_id)

    with signing.house.database.writing() as session:
        link = accounts.link_for(session, ben.login, links.RESET)
    body = {"link": link, "password": "grenade lampshade visits often"}
    done = signing.browser().post("/password-resets/completion", body).ok().body
    assert done["login"] == ben.login
    signing.sign_in(ada)
    refused = signing.browser().post("/session", {"login": ben.login, "password": PASSWORD})
    assert refused.status == 401
