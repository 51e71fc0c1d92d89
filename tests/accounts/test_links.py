"""Secrets that are made: for one purpose, with 256 bits, past no second factor, and none before."""

import base64

import pytest
import sqlalchemy as sa

from app.accounts import links, sessions
from app.accounts import service as accounts
from app.wiring.house import House
from tests.accounts.conftest import PASSWORD, Signing
from tests.factories.clients import code_now

OTHER = "grenade lampshade visits often"


def test_a_link_opens_what_it_was_made_for_and_nothing_else(signing: Signing) -> None:
    member, browser = signing.member(), signing.browser()
    ways = {links.INVITATION: "/password-resets/completion", links.RESET: "/invitations/acceptance"}
    for purpose, other in ways.items():
        with signing.house.database.writing() as session:
            secret = accounts.link_for(session, member.login, purpose)
        wrong = browser.post(other, {"link": secret, "password": OTHER})
        assert (wrong.status, wrong.body["code"]) == (422, "link.void")
    assert browser.post("/session", {"login": member.login, "password": OTHER}).status == 401
    browser.post("/session", {"login": member.login, "password": PASSWORD}).ok()


def test_a_reset_leads_round_no_second_factor(signing: Signing) -> None:
    member, browser = signing.member(device=True), signing.browser()
    with signing.house.database.writing() as session:
        secret = accounts.link_for(session, member.login, links.RESET)
    browser.post("/password-resets/completion", {"link": secret, "password": OTHER}).ok()
    assert browser.get("/me").status == 401
    made = browser.post("/session", {"login": member.login, "password": OTHER}).ok()
    assert made.body["pending"] is True
    assert browser.get("/me").status == 401
    browser.post("/session/second-factor", {"code": code_now(member.device)}).ok()
    browser.get("/me").ok()


@pytest.mark.parametrize("prefix", [sessions.PREFIX, links.PREFIX])
def test_what_is_made_holds_256_bits_and_is_never_the_same(prefix: str) -> None:
    made = {sessions.new_secret(prefix).removeprefix(prefix) for _ in range(500)}
    assert len(made) == 500
    assert {len(base64.urlsafe_b64decode(f"{one}=")) for one in made} == {32}


def test_a_fresh_installation_knows_nobody(house: House) -> None:
    with house.database.reading() as session:
        for table in ("people", "role_grants", "accounts", "api_tokens", "web_sessions"):
            assert session.scalar(sa.text(f"SELECT count(*) FROM {table}")) == 0, table
