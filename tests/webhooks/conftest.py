"""Receivers, and settings that let them be called."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from cryptography import x509

from app.config import Settings
from app.jobs.webhooks import Courier
from app.webhooks.sending import Sender
from app.wiring.house import House
from tests.factories.certificates import certificate
from tests.webhooks import receiver as office
from tests.webhooks.receiver import HERE, Receiver


@pytest.fixture(scope="session")
def pem(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A certificate of the receivers of a run."""
    file = tmp_path_factory.mktemp("receiver") / "receiver.pem"
    return certificate(file, x509.DNSName(office.NAME))


@pytest.fixture
def receiver(pem: Path) -> Iterator[Receiver]:
    """A receiver."""
    opened = Receiver(pem)
    yield opened
    opened.close()


@pytest.fixture
def other(pem: Path) -> Iterator[Receiver]:
    """Another one."""
    opened = Receiver(pem)
    yield opened
    opened.close()


def allowing(settings: Settings, *receivers: Receiver) -> Settings:
    """Return settings under which receivers may be called, though they are inside."""
    return settings.model_copy(
        update={
            "webhook_networks": (f"{HERE}/32",),
            "webhook_ports": (443, *(one.port for one in receivers)),
            "webhook_ca": receivers[0].file,
            "public_url": "https://entente.example",
        }
    )


def here(_host: str, _port: int) -> list[str]:
    """Answer as a name server that knows every name to be on the loopback."""
    return [HERE]


UNHURRIED = 30.0
"""Seconds for a call where a test is about something else: machines of tests are busy."""
Couriers = Callable[..., Courier]


@pytest.fixture
def couriers(house: House) -> Iterator[Couriers]:
    """Make couriers of the house for receivers; none outlives the test."""
    made: list[Courier] = []

    def make(*receivers: Receiver) -> Courier:
        settings = allowing(house.settings, *receivers)
        made.append(Courier(settings, house.database, Sender(settings, here, UNHURRIED).post))
        return made[-1]

    yield make
    for one in made:
        one.stop()
