"""Signing in at the provider: what it vouches for, from when on, and that the log tells of it."""

from datetime import timedelta
from typing import Any

import pytest
import sqlalchemy as sa

from app.accounts import links
from app.accounts.identity import Identity
from app.accounts.sessions import Visitor
from app.directory import service as directory
from app.directory.schemas import GrantBody, PersonBody
from app.kit import clock
from app.kit.errors import Unauthenticated
from app.ledger.tables import LedgerEntry
from app.policy.rights import assured
from app.wiring import entering
from app.wiring.house import House, present
from tests.accounts.conftest import Signing

VISITOR = Visitor("10.0.0.1", "A browser")


def vouched(minutes: float | None, *, strong: bool = True) -> Identity:
    """Return who came back, having proved it so many minutes ago, if the provider says when."""
    at = None if minutes is None else clock.now() - timedelta(minutes=minutes)
    return Identity("https://id.example", "s-1", "ada@example.org", "Ada", at, strong)


def invited(house: House) -> tuple[int, str]:
    """Enrol a person with an invitation."""
    with house.database.writing() as session:
        grants = (GrantBody(role="desk_officer"),)
        body = PersonBody(name="Ada", email="ada@example.org", grants=grants)
        person = directory.enrol(session, None, body)
        return person.id, links.make(session, person.id, links.INVITATION)


def told(house: House) -> list[tuple[str, Any]]:
    """Return what the log tells of signing in."""
    with house.database.reading() as session:
        query = sa.select(LedgerEntry).where(LedgerEntry.stream.startswith("sign_in:"))
        rows = session.scalars(query.order_by(LedgerEntry.seq)).all()
        return [(row.action, row.content) for row in rows]


@pytest.mark.parametrize(
    ("minutes", "strong", "fresh"),
    [
        (1, True, True),
        (11, True, False),
        (480, True, False),
        (None, True, False),
        (1, False, False),
    ],
)
def test_a_second_factor_counts_from_when_it_was_given_at_the_provider(
    house: House, minutes: float | None, strong: bool, fresh: bool
) -> None:
    _, link = invited(house)
    opened = entering.sign_in_as(house, VISITOR, vouched(minutes, strong=strong), link)
    with house.database.reading() as session:
        actor = present(house, session, opened.secret)
    assert assured(actor, clock.now()) is fresh


def test_coming_in_by_a_provider_and_being_refused_stand_in_the_log(house: House) -> None:
    number, link = invited(house)
    with pytest.raises(Unauthenticated):
        entering.sign_in_as(house, VISITOR, vouched(1))
    opened = entering.sign_in_as(house, VISITOR, vouched(1), link)
    with house.database.writing() as session:
        directory.suspend(session, None, number)
    with pytest.raises(Unauthenticated):
        entering.sign_in_as(house, VISITOR, vouched(1))
    actions, contents = zip(*told(house), strict=True)
    assert actions == ("sign_in_refused", "identity_linked", "signed_in", "sign_in_refused")
    by = [content.pop("credential") for content in contents]
    assert by == ["none", "link", f"session:{opened.row.id}", "none"]
    assert contents[2] == {"person": number, "session": opened.row.id}
    assert "s-1" not in str(contents)


def test_ended_sessions_and_removed_devices_stand_in_the_log(signing: Signing) -> None:
    member = signing.member(device=True)
    first = signing.sign_in(member)
    number = first.get("/me/sessions").ok().body["items"][0]["id"]
    first.post(f"/me/sessions/{number}/end").ok()
    admin = signing.administrator()
    admin.post(f"/people/{member.person_id}/second-factor/removal").ok()
    actions = [action for action, _ in told(signing.house)]
    assert "session_ended" in actions
    with signing.house.database.reading() as session:
        query = sa.select(LedgerEntry).where(LedgerEntry.action == "second_factor_removed")
        removed = session.scalars(query).one()
        assert removed.actor_id == admin.person_id
        assert removed.content["person"] == member.person_id
