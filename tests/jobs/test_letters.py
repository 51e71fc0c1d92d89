"""Letters through a mail server: encrypted and signed in, tried again, and silent about who is known."""

import logging
import re
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from email import message_from_bytes, message_from_string
from email.policy import SMTP
from ipaddress import ip_address
from pathlib import Path
from urllib.parse import quote

import pytest
import sqlalchemy as sa
import time_machine
from cryptography import x509
from pydantic import SecretStr

from app.accounts import service as accounts
from app.config import Settings
from app.directory.tables import Person
from app.jobs.letters import TEXTS, TO_THE_RIGHT, composed, link_to, send_letters
from app.kit.speech import speech
from app.kit.text import LANGUAGES
from app.outbox import letters
from app.outbox.tables import Letter
from tests.accounts.conftest import PASSWORD, Signing
from tests.accounts.conftest import signing as signing  # noqa: PLC0414 - a fixture of its
from tests.factories.certificates import certificate
from tests.jobs import postman as office
from tests.jobs.postman import Postman
from tests.web.speeches import NO_PACKS

NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)
WORD = re.compile("[A-Za-z]{2,}")
OTHER = "grenade lampshade visits often"


@pytest.fixture(scope="module")
def pem(tmp_path_factory: pytest.TempPathFactory) -> Path:
    file = tmp_path_factory.mktemp("postman") / "postman.pem"
    return certificate(file, x509.IPAddress(ip_address(office.HOST)))


@pytest.fixture
def postman(pem: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Postman]:
    """A mail server whose certificate this machine trusts."""
    monkeypatch.setenv("SSL_CERT_FILE", str(pem))
    made = Postman(pem)
    yield made
    made.close()


def settings(signing: Signing, postman: Postman, password: str = office.PASSWORD) -> Settings:
    who = f"{quote(office.LOGIN, '')}:{quote(password, '')}"
    url = SecretStr(f"smtp://{who}@{office.HOST}:{postman.port}")
    update = {"smtp_url": url, "public_url": "https://entente.example"}
    return signing.house.settings.model_copy(update=update)


def waiting(signing: Signing) -> list[tuple[str, int]]:
    with signing.house.database.reading() as session:
        rows = sa.select(Letter.address, Letter.tries).where(Letter.sent_at.is_(None))
        return [(address, tries) for address, tries in session.execute(rows.order_by(Letter.id))]


def ask(signing: Signing, login: str) -> tuple[int, str]:
    got = signing.browser().post("/password-resets", {"login": login})
    return got.status, str(got.body)


def test_a_reset_goes_through_a_server_that_wants_encryption_and_a_login(
    signing: Signing, postman: Postman
) -> None:
    member = signing.member()
    assert ask(signing, member.login) == ask(signing, "nobody@example.org")
    assert send_letters(settings(signing, postman), signing.house.database) == 1
    ((to, text),) = postman.delivered
    assert to == member.login
    assert postman.said.index("STARTTLS") < postman.said.index("AUTH")
    link = text.replace("=\r\n", "").partition("link=3D")[2] or text.partition("link=")[2]
    body = {"link": link.split()[0], "password": OTHER}
    signing.browser().post("/password-resets/completion", body).ok()
    assert waiting(signing) == [(member.login, 0)]  # that the password was changed


def test_a_letter_in_arabic_arrives_as_it_was_written(signing: Signing, postman: Postman) -> None:
    member = signing.member()
    with signing.house.database.writing() as session:
        session.get_one(Person, member.person_id).language = "ar"
    ask(signing, member.login)
    assert send_letters(settings(signing, postman), signing.house.database) == 1
    ((to, text),) = postman.delivered
    assert text.isascii(), "a server that knows no UTF-8 would spoil it"
    letter = message_from_string(text, policy=SMTP)
    told = speech("ar", NO_PACKS)
    assert (to, letter["Content-Language"]) == (member.login, "ar")
    assert letter["Subject"] == TO_THE_RIGHT + told.text("Another password for Entente")
    line, _, link = letter.get_content().partition("\n\n")
    assert line.startswith(TO_THE_RIGHT)
    assert line.endswith("فاختاروها في غضون ساعة:")
    assert link.startswith("https://entente.example/sign-in/reset?link=link_")


def test_who_is_nobody_is_written_to_in_english(signing: Signing) -> None:
    member = signing.member()
    with signing.house.database.writing() as session:
        session.get_one(Person, member.person_id).language = "fr"
        session.get_one(Person, member.person_id).email = None
        session.flush()
        found = [accounts.language_of(session, one) for one in (member.login, "x@example.org")]
    assert found == ["fr", "en"]


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("kind", TEXTS)
def test_every_letter_is_said_in_every_language(kind: str, language: str) -> None:
    told, where = speech(language, NO_PACKS), link_to(Settings(), kind, "a1")
    letter = composed(told, kind, where)
    assert letter["Content-Language"] == language
    plain = message_from_bytes(bytes(letter), policy=SMTP)
    lines = [plain["Subject"], *plain.get_content().splitlines()]
    assert (where in lines) is bool(where)
    ours = [line for line in lines if line and line != where]
    assert len(ours) == 2
    for line, english in zip(ours, TEXTS[kind], strict=True):
        assert (english in line) is (language == "en")
        assert line.startswith(TO_THE_RIGHT) is (language == "ar")
        if language in ("ar", "ru", "zh"):
            assert set(WORD.findall(line)) <= {"Entente"}


def test_every_kind_of_letter_has_its_text() -> None:
    kinds = {one for name, one in vars(letters).items() if name.isupper() and isinstance(one, str)}
    assert kinds == set(TEXTS)


@pytest.mark.parametrize("wrong", ["away", "cut", "refuses", "password", "certificate", "no tls"])
def test_a_failing_server_loses_no_letter_and_tells_nobody_who_is_known(
    signing: Signing,
    postman: Postman,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
    wrong: str,
) -> None:
    member = signing.member()
    mended = settings(signing, postman)
    broken = settings(signing, postman, "another" if wrong == "password" else office.PASSWORD)
    postman.cut_at = "DATA" if wrong == "cut" else ""
    postman.refuses = "550 no such mailbox" if wrong == "refuses" else ""
    postman.offers_tls = wrong != "no tls"
    if wrong == "certificate":
        monkeypatch.setenv("SSL_CERT_FILE", "/dev/null")
    if wrong == "away":
        broken = broken.model_copy(update={"smtp_url": SecretStr(f"smtp://{office.HOST}:1")})
    database = signing.house.database
    with time_machine.travel(NOON, tick=False) as moving, caplog.at_level(logging.DEBUG):
        assert ask(signing, member.login) == ask(signing, "nobody@example.org")
        for _ in range(2):
            assert send_letters(broken, database) == 0
        assert (member.login, 1) in waiting(signing)
        postman.cut_at, postman.refuses, postman.offers_tls = "", "", True
        monkeypatch.setenv("SSL_CERT_FILE", str(postman.file))
        moving.shift(timedelta(minutes=1))
        assert send_letters(mended, database) == 1
    assert [to for to, _ in postman.delivered] == [member.login]
    assert waiting(signing) == []
    assert "letters.failed" in caplog.text
    for secret in (member.login, "nobody@example.org", office.PASSWORD, PASSWORD, "mailbox"):
        assert secret not in caplog.text


def test_a_letter_is_tried_for_three_days_before_it_is_given_up(signing: Signing) -> None:
    with signing.house.database.writing() as session:
        letters.write(session, letters.CHANGED, "ada@example.org")
    tried, now = 0, datetime.now(UTC) + timedelta(seconds=1)
    begun = now
    with signing.house.database.writing() as session:
        while (letter := letters.take(session, now)) is not None:
            tried, now = tried + 1, letter.due_at
    assert tried == letters.MOST_TRIES
    assert timedelta(days=3) < now - begun < timedelta(days=4)
