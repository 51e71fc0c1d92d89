"""What webhooks keep to: addresses that may be called, pauses between tries, what is said.

Pure: nothing here reads a clock, a name server or a table.
"""

import json
import re
from collections.abc import Sequence
from datetime import timedelta
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address, ip_network
from typing import Literal
from urllib.parse import urlsplit

Network = IPv4Network | IPv6Network
Kind = Literal[
    "request_opened",
    "request_edited",
    "moved",
    "clarification_asked",
    "clarification_answered",
    "comment_added",
    "attachment_added",
    "assessment_planned",
    "assessment_acknowledged",
    "assessment_completed",
    "screening_decided",
    "screening_confirmed",
    "proposal_prepared",
    "entity_accepted",
    "entity_declined",
    "entity_left",
    "match_consented",
    "match_refused",
    "activity_planned",
    "activity_status_changed",
    "progress_reported",
    "closing_written",
    "consent_recorded",
]
"""Kinds of events that a webhook may be limited to; a test looks that the house records each."""

ADDRESS = r"^https://[A-Za-z0-9][A-Za-z0-9.-]{0,252}(:[0-9]{1,5})?(/[!-\[\]-~]*)?$"
"""An https address without user, password, backslash, blank or sign beyond ASCII."""
TEST = "webhook.test"
LONGEST_ADDRESS = 500

FIRST_PAUSE = timedelta(seconds=30)
LONGEST_PAUSE = timedelta(hours=24)
GIVEN_UP = timedelta(days=3)
"""After so long without an answer of success a message is dead, and a receiver is disabled."""

NO_ANSWER = "none"
"""What is told of a try that brought no answer, whatever the reason: it would tell of networks."""

HIDDEN = tuple(
    ip_network(text)
    for text in (
        *("64:ff9b::/96", "64:ff9b:1::/48"),  # IPv4 translated (RFC 6052, RFC 8215)
        *("2002::/16", "2001::/32", "192.88.99.0/24"),  # 6to4 and Teredo carry IPv4 within
        *("::/96", "fec0::/10", "fc00::/7"),  # IPv4-compatible, site-local, unique local
        *("192.0.0.0/24", "100::/64", "3fff::/20", "5f00::/16"),  # of the protocols themselves
    )
)
"""Networks that lead elsewhere than they seem to, or inside; `is_global` is true of some."""


def networks_of(texts: Sequence[str]) -> tuple[Network, ...]:
    """Return networks that are written as CIDR. Raises ValueError for what is none."""
    return tuple(ip_network(text) for text in texts)


def callable_at(text: str, private: Sequence[Network]) -> bool:
    """Whether an address that a name server gave may be called.

    It is public, or in one of the `private` networks that the operator allows. An IPv4 address
    within an IPv6 one is judged as what it is.
    """
    try:
        address: IPv4Address | IPv6Address = ip_address(text)
    except ValueError:
        return False
    if isinstance(address, IPv6Address) and address.ipv4_mapped is not None:
        address = address.ipv4_mapped
    if any(address in network for network in private):
        return True
    if address.is_multicast or address.is_reserved or address.is_unspecified:
        return False
    return address.is_global and not any(address in network for network in HIDDEN)


def unfit(url: str, ports: Sequence[int]) -> Literal["", "form", "port"]:
    """Return what is wrong with an address to call, by its form alone; nothing if it is fit."""
    if len(url) > LONGEST_ADDRESS or not re.fullmatch(ADDRESS, url) or "#" in url:
        return "form"
    try:
        port = urlsplit(url).port or 443
    except ValueError:
        return "port"
    return "" if port in ports else "port"


def pause_after(tries: int, chance: float) -> timedelta:
    """Return how long to wait after so many tries that failed: 30 s, doubled, at most 24 h.

    `chance`, from 0 to 1, spreads it by a quarter either way, so that receivers that fail together
    are not called together.
    """
    whole = min(FIRST_PAUSE * 2 ** min(max(tries, 1) - 1, 12), LONGEST_PAUSE)
    spread: timedelta = whole * (0.75 + chance / 2)
    return spread


def class_of(status: int) -> str:
    """Return the class of an HTTP status, such as 2xx."""
    return f"{status // 100}xx" if 100 <= status < 600 else NO_ANSWER


def succeeded(answered: str) -> bool:
    """Whether a class of answers says that the message was taken."""
    return answered == "2xx"


def body_of(message: str, kind: str, version: int, link: str) -> bytes:
    """Return what is sent: which message, of which type, the revision that it made, and a link.

    Nothing of the matter: who receives it reads that with rights of its own.
    """
    said = {"id": message, "type": kind, "version": version, "link": link}
    return json.dumps(said, separators=(",", ":")).encode()


def type_of(kind: str) -> str:
    """Return the type of a message about an event of a request."""
    return kind if kind == TEST else f"request.{kind}"
