"""Webhooks by the operator: listed, paused, resumed, ended; what the doctor says of them."""

from datetime import timedelta

from app.accounts.holdings import hand_over
from app.cli.doctor import hooks
from app.config import Settings
from app.directory.actor import SYSTEM
from app.directory.named import as_actor
from app.directory.tables import Person
from app.kit import clock, keys
from app.webhooks import service, signing
from app.webhooks.schemas import WebhookBody
from app.webhooks.tables import Webhook
from app.wiring.house import House
from tests.cli.conftest import Terminal
from tests.jobs.samples import enrol

URL = "https://hooks.example/entente"


def made(house: House, owner: int) -> int:
    """Make a webhook of somebody; return its number."""
    with house.database.writing() as session:
        body = WebhookBody(name="Board", url=URL)
        return service.make(session, house.settings, as_actor(session, owner), body)[1].id


def owner_of(house: House) -> int:
    with house.database.writing() as session:
        return enrol(session, ("desk_officer", None, None))


def said(settings: Settings) -> list[tuple[str, str]]:
    return [(fault.mark.strip(), fault.what) for fault in hooks.webhooks(settings)]


def test_the_operator_lists_pauses_resumes_and_ends_webhooks(terminal: Terminal) -> None:
    number = str(made(terminal.house, owner_of(terminal.house)))
    assert "active" in terminal.run("webhooks", "list").output
    for command, state in (("pause", "paused"), ("resume", "active")):
        assert terminal.run("webhooks", command, number).exit_code == 0
        assert f"{URL}  someone  {state}" in terminal.run("webhooks", "list").output
    assert terminal.run("webhooks", "end", number).exit_code == 0
    assert URL not in terminal.run("webhooks", "list").output
    assert terminal.run("webhooks", "pause", "999").exit_code == 1


def test_the_doctor_sees_failing_receivers_and_settings_that_cannot_be(terminal: Terminal) -> None:
    house = terminal.house
    assert said(house.settings) == [("ok", "receivers of webhooks answer")]
    number = made(house, owner_of(house))
    with house.database.writing() as session:
        row = session.get_one(Webhook, number)
        row.failing_since = clock.now() - timedelta(hours=2)
    assert [mark for mark, _ in said(house.settings)] == ["warn", "warn"], "no public address"
    public = house.settings.model_copy(update={"public_url": "https://entente.example"})
    assert said(public) == [
        ("warn", "not so: receivers of webhooks answer (1 failing for an hour)")
    ]
    wrong = public.model_copy(update={"webhook_networks": ("inside",)})
    assert [mark for mark, _ in said(wrong)] == ["FAIL", "warn"]


def test_webhooks_pass_with_joined_records_and_those_of_a_suspended_one_stay_at_rest(
    terminal: Terminal,
) -> None:
    house = terminal.house
    for suspended, state in ((False, "active"), (True, "disabled")):
        number = made(house, joined := owner_of(house))
        kept = owner_of(house)
        with house.database.writing() as session:
            pair = session.get_one(Person, kept), session.get_one(Person, joined)
            pair[1].suspended_at = clock.now() if suspended else None
            hand_over(session, SYSTEM, pair, clock.now())
        with house.database.reading() as session:
            row = session.get_one(Webhook, number)
            assert (row.person_id, row.status) == (kept, state)


def test_a_renewed_master_key_opens_the_secrets_of_webhooks(terminal: Terminal) -> None:
    house = terminal.house
    number = made(house, owner_of(house))
    ring = keys.rotated(house.ring, keys.MASTER)
    with house.database.writing() as session:
        row = session.get_one(Webhook, number)
        before = signing.live(session, row, clock.now())
        session.info["keyring"] = lambda: ring
        assert service.rewrap_all(session, 0) == (1, None)
        alone = {"2": ring.get(keys.MASTER, "2")}
        session.info["keyring"] = lambda: keys.Keyring({**ring.keys, keys.MASTER: alone})
        assert signing.live(session, row, clock.now()) == before
