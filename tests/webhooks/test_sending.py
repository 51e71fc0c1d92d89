"""The guard as it connects: real receivers, and names whose answers mislead."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from app.config import Settings
from app.kit.errors import Invalid
from app.webhooks import sending
from app.webhooks.rules import networks_of
from app.webhooks.sending import Answer, Guarded, Sender
from tests.webhooks.conftest import allowing, here
from tests.webhooks.receiver import HERE, INSIDE, NAME, Receiver

SETTINGS = Settings(database_url="sqlite://")
BODY = b'{"id":"msg_1"}'


@pytest.fixture
def inside(pem: Path, receiver: Receiver) -> Iterator[Receiver]:
    """Something inside, on the same port as the receiver, that is not to be called."""
    opened = Receiver(pem, host=INSIDE, wanted=receiver.port)
    yield opened
    opened.close()


class Names:
    """A name server that gives one answer after the other."""

    def __init__(self, *answers: list[str]) -> None:
        """Take the answers; the last one stays."""
        self.answers = list(answers)
        self.asked = 0

    def __call__(self, _host: str, _port: int) -> list[str]:
        """Answer."""
        self.asked += 1
        return self.answers.pop(0) if len(self.answers) > 1 else self.answers[0]


def test_a_message_arrives_under_the_name_that_was_given(receiver: Receiver) -> None:
    sender = Sender(allowing(SETTINGS, receiver), here)
    assert sender.post(receiver.url(), {"webhook-id": "msg_1"}, BODY) == Answer("2xx")
    (got,) = receiver.got
    assert (got.body, got.headers["webhook-id"]) == (BODY, "msg_1")
    assert got.headers["host"] == f"{NAME}:{receiver.port}"


def test_a_redirect_is_not_followed(receiver: Receiver, inside: Receiver) -> None:
    receiver.leads_to = f"https://{INSIDE}:{receiver.port}/ok"
    sender = Sender(allowing(SETTINGS, receiver), here)
    assert sender.post(receiver.url("/redirect"), {}, BODY) == Answer("3xx")
    assert (len(receiver.got), inside.got) == (1, [])


def test_a_name_whose_answer_changes_is_called_where_it_was_judged(
    receiver: Receiver, inside: Receiver
) -> None:
    names = Names([HERE], [INSIDE])
    sender = Sender(allowing(SETTINGS, receiver), names)
    assert sender.post(receiver.url(), {}, BODY) == Answer("2xx")
    assert (names.asked, len(receiver.got), inside.got) == (1, 1, [])


def test_a_guard_that_asks_again_is_fooled_and_the_test_sees_it(
    receiver: Receiver, inside: Receiver, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The planted fault: judged at one moment, connected to what the name means at the next."""
    names = Names([HERE], [INSIDE])
    judged = Guarded.connect_tcp

    def twice(self: Guarded, host: str, port: int, *more: object, **named: object) -> object:
        names(host, port)
        self._private = networks_of(["127.0.0.0/8"])
        return judged(self, host, port)

    monkeypatch.setattr(Guarded, "connect_tcp", twice)
    Sender(allowing(SETTINGS, receiver), names).post(receiver.url(), {}, BODY)
    assert len(inside.got) == 1


@pytest.mark.parametrize("found", [[INSIDE], [HERE, INSIDE], ["::ffff:127.0.0.2"], []])
def test_a_name_of_which_any_address_is_inside_is_not_called(
    receiver: Receiver, inside: Receiver, found: list[str]
) -> None:
    sender = Sender(allowing(SETTINGS, receiver), Names(found))
    assert sender.post(receiver.url(), {}, BODY) == Answer("none", refused=True)
    assert receiver.got == inside.got == []


def test_the_systems_own_names_are_judged_too(receiver: Receiver) -> None:
    settings = allowing(SETTINGS, receiver).model_copy(update={"webhook_networks": ()})
    for host in ("localhost", "127.1", "2130706433", "0x7f.1"):
        answer = Sender(settings).post(f"https://{host}:{receiver.port}/ok", {}, BODY)
        assert answer == Answer("none", refused=True), host
    assert receiver.got == []


def test_a_certificate_that_nobody_vouches_for_ends_the_call(receiver: Receiver) -> None:
    settings = allowing(SETTINGS, receiver).model_copy(update={"webhook_ca": None})
    assert Sender(settings, here).post(receiver.url(), {}, BODY) == Answer("none")
    wrong = f"https://other.example:{receiver.port}/ok"
    assert Sender(allowing(SETTINGS, receiver), here).post(wrong, {}, BODY) == Answer("none")
    assert receiver.got == []


def test_a_proxy_of_the_environment_is_not_asked(
    receiver: Receiver, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("HTTPS_PROXY", "https_proxy", "ALL_PROXY"):
        monkeypatch.setenv(name, "http://127.0.0.1:9")
    sender = Sender(allowing(SETTINGS, receiver), here)
    assert sender.post(receiver.url(), {}, BODY) == Answer("2xx")


def test_an_answer_that_trickles_ends_with_the_time(receiver: Receiver) -> None:
    sender = Sender(allowing(SETTINGS, receiver), here, whole=0.3)
    assert sender.post(receiver.url("/drip"), {}, BODY) == Answer("none")
    assert sender.post(receiver.url("/slow"), {}, BODY) == Answer("none")


def test_of_an_answer_without_end_64_kib_are_read(
    receiver: Receiver, monkeypatch: pytest.MonkeyPatch
) -> None:
    read: list[int] = []
    plain = sending.Timed.read

    def counted(self: sending.Timed, most: int, timeout: float | None = None) -> bytes:
        piece = plain(self, most, timeout)
        read.append(len(piece))
        return piece

    monkeypatch.setattr(sending.Timed, "read", counted)
    sender = Sender(allowing(SETTINGS, receiver), here)
    assert sender.post(receiver.url("/flood"), {}, BODY) == Answer("2xx")
    assert sum(read) < 3 * sending.MOST_READ


def test_a_receiver_that_is_not_there_is_no_answer(receiver: Receiver) -> None:
    settings = allowing(SETTINGS, receiver)
    receiver.close()
    assert Sender(settings, here).post(receiver.url(), {}, BODY) == Answer("none")


def test_what_the_operator_mistypes_is_told_at_the_start(tmp_path: Path) -> None:
    for wrong in ({"webhook_networks": ("10.0.0.1/8",)}, {"webhook_ca": tmp_path / "none.pem"}):
        with pytest.raises(Invalid):
            Sender(SETTINGS.model_copy(update=wrong))
