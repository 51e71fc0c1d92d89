"""From where a call comes: proxies are believed only when they are the operator's own."""

import pytest
from starlette.requests import Request

from app.wiring.callers import visitor_of
from tests.conftest import settings_for

OWN = settings_for("sqlite:///none.db").model_copy(update={"trusted_proxies": ("10.0.0.0/8",)})


def seen(peer: str, *passed: str) -> str:
    """Return the address that a call is held to come from."""
    headers = [(b"x-forwarded-for", one.encode()) for one in passed]
    scope = {"type": "http", "client": (peer, 1), "headers": headers, "method": "GET", "path": "/"}
    return visitor_of(Request(scope), OWN).address


@pytest.mark.parametrize(
    ("peer", "passed", "address"),
    [
        ("203.0.113.9", ("198.51.100.1",), "203.0.113.9"),  # a stranger says anything
        ("10.1.2.3", ("198.51.100.1",), "198.51.100.1"),  # our proxy is believed
        ("10.1.2.3", ("192.0.2.66, 198.51.100.1",), "198.51.100.1"),  # not what it was told
        ("10.1.2.3", ("198.51.100.1, 10.9.9.9",), "198.51.100.1"),  # two proxies of ours
        ("10.1.2.3", ("192.0.2.66", "198.51.100.1"), "198.51.100.1"),  # two headers are one list
        ("10.1.2.3", (), "10.1.2.3"),
        ("127.0.0.1", ("198.51.100.1",), "127.0.0.1"),  # not even the machine itself, unless named
    ],
)
def test_a_forwarded_address_is_believed_from_our_proxies_alone(
    peer: str, passed: tuple[str, ...], address: str
) -> None:
    assert seen(peer, *passed) == address
