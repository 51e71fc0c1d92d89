"""How an entry is bound to what came before it: digests, links and their keys. Pure.

Two digests bind an entry. The mac is an HMAC-SHA256 under the ledger key, which lies outside the
database: who holds only the database cannot make one. The public hash is the SHA-256 of the same
fields and the mac: anyone can follow it from entry to entry up to a signed anchor, without a key.
"""

import hashlib
import hmac
import json
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import orjson

from app.kit import clock
from app.kit.keys import LEDGER, Keyring

FORMAT = "entente.entry@1"
SALT = 16
ERASED: dict[str, Any] = {}
"""What stands in the place of content that was erased; its salt is gone too."""


@dataclass(frozen=True, slots=True)
class Entry:
    """What an entry says, in front of its digests.

    `seq` runs from 1 without a gap; `version` is the definition that a request follows, `standing`
    its reference, state and stage after the event (both empty elsewhere); `digest` is that of the
    salted content.
    """

    stream: str
    seq: int
    at: datetime
    actor: int | None
    on_behalf: int | None
    action: str
    version: str
    standing: str
    digest: bytes


@dataclass(frozen=True, slots=True)
class Link:
    """How an entry hangs on the one before it; `prev` is empty for the first of a stream."""

    prev: bytes
    key: str
    mac: bytes
    hash: bytes


def salted(content: Mapping[str, Any]) -> tuple[bytes, bytes]:
    """Return a fresh salt and the digest of `content` under it."""
    salt = secrets.token_bytes(SALT)
    return salt, content_digest(salt, content)


def content_digest(salt: bytes, content: Mapping[str, Any]) -> bytes:
    """Return SHA-256 of the salt and the one spelling of the content."""
    return hashlib.sha256(salt + spelled(content)).digest()


def spelled(content: Any) -> bytes:
    """Return JSON in one spelling: keys sorted, no spaces, whole numbers without a point.

    A database may give back 1.0 as 1, or the keys in another order; both spell the same.
    """
    text = json.dumps(_settled(content), sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    return text.encode("utf-8", "surrogatepass")


def _settled(value: Any) -> Any:
    if isinstance(value, float) and value.is_integer():
        return int(value)
    if isinstance(value, dict):
        return {str(name): _settled(inner) for name, inner in value.items()}
    if isinstance(value, list | tuple):
        return [_settled(inner) for inner in value]
    return value


def seal(keyring: Keyring, entry: Entry, prev: bytes) -> Link:
    """Return the link of a new entry under the newest ledger key."""
    name, key = keyring.current(LEDGER)
    said = words(entry, prev, name)
    mac = hmac.digest(key, said, "sha256")
    return Link(prev, name, mac, hashlib.sha256(said + mac).digest())


def words(entry: Entry, prev: bytes, key: str) -> bytes:
    """Return the bytes that mac and hash are made over: a JSON list in a fixed order."""
    return orjson.dumps(
        [
            FORMAT,
            prev.hex(),
            entry.stream,
            entry.seq,
            clock.stamp(entry.at),
            entry.actor,
            entry.on_behalf,
            entry.action,
            entry.version,
            entry.standing,
            entry.digest.hex(),
            key,
        ]
    )


def faults(keyring: Keyring, entry: Entry, link: Link) -> list[str]:
    """Return what is wrong with the digests of one entry: `hash`, `mac`, `key`, or nothing."""
    said = words(entry, link.prev, link.key)
    found = []
    if hashlib.sha256(said + link.mac).digest() != link.hash:
        found.append("hash")
    key = keyring.keys[LEDGER].get(link.key)
    if key is None:
        found.append("key")
    elif not hmac.compare_digest(hmac.digest(key, said, "sha256"), link.mac):
        found.append("mac")
    return found
