"""Anchors: signed records of where every stream stood, kept outside the database. Pure."""

import hashlib
import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from app.kit import clock
from app.kit.errors import Invalid
from app.kit.keys import ANCHOR, Keyring
from app.ledger import merkle
from app.ledger.chain import spelled

FORMAT = "entente.anchor@1"
Leaf = tuple[str, int, str]
"""A stream, the number of its last entry, and the hash of that entry in hexadecimal."""


@dataclass(frozen=True, slots=True)
class Record:
    """What is signed: the root over the leaves, and the digest of the record before (or empty).

    Digests, keys and signatures are hexadecimal; `at` is RFC 3339.
    """

    format: str
    number: int
    at: str
    previous: str
    count: int
    root: str
    key: str
    public_key: str


@dataclass(frozen=True, slots=True)
class Anchor:
    """A record with its signature and the leaves that it was made of."""

    record: Record
    signature: str
    leaves: tuple[Leaf, ...]

    @property
    def digest(self) -> str:
        """What the next record names as `previous`."""
        said = words(self.record) + bytes.fromhex(self.signature)
        return hashlib.sha256(said).hexdigest()

    @property
    def header(self) -> dict[str, Any]:
        """The anchor without its leaves, as JSON."""
        return {**asdict(self.record), "signature": self.signature}

    def text(self) -> str:
        """Return the anchor as the JSON that is written down."""
        return json.dumps({**self.header, "leaves": self.leaves}, ensure_ascii=False)

    def proof(self, index: int) -> list[str]:
        """Return what proves that a leaf is in the root."""
        hashed = [merkle.leaf(spelled(one)) for one in self.leaves]
        return [node.hex() for node in merkle.path(hashed, index)]


def words(record: Record) -> bytes:
    """Return the bytes that are signed."""
    return spelled(asdict(record))


def root_of(leaves: Sequence[Leaf]) -> str:
    """Return the Merkle root over leaves."""
    return merkle.root([merkle.leaf(spelled(one)) for one in leaves]).hex()


def public_key(seed: bytes) -> str:
    """Return the public key that belongs to a seed."""
    return Ed25519PrivateKey.from_private_bytes(seed).public_key().public_bytes_raw().hex()


def made(keyring: Keyring, last: Anchor | None, at: datetime, leaves: Sequence[Leaf]) -> Anchor:
    """Return a new anchor over leaves, which follows the last one."""
    name, seed = keyring.current(ANCHOR)
    record = Record(
        format=FORMAT,
        number=last.record.number + 1 if last else 1,
        at=clock.stamp(at),
        previous=last.digest if last else "",
        count=len(leaves),
        root=root_of(leaves),
        key=name,
        public_key=public_key(seed),
    )
    signature = Ed25519PrivateKey.from_private_bytes(seed).sign(words(record))
    return Anchor(record, signature.hex(), tuple(leaves))


def read(text: str) -> Anchor:
    """Return the anchor that was written down. Raises Invalid when it is none."""
    try:
        held = json.loads(text)
        leaves = tuple((str(s), int(n), str(h)) for s, n, h in held.pop("leaves"))
        signature = held.pop("signature")
        bytes.fromhex(signature)
        return Anchor(Record(**held), signature, leaves)
    except (ValueError, TypeError, KeyError, AttributeError) as fault:
        raise Invalid("anchor.unreadable", f"This is no anchor: {fault!r}") from fault


def faults(keyring: Keyring, anchor: Anchor) -> list[str]:
    """Return what is wrong with one anchor: `root`, `key`, `signature`, or nothing."""
    found = []
    record = anchor.record
    if record.count != len(anchor.leaves) or record.root != root_of(anchor.leaves):
        found.append("root")
    seed = keyring.keys[ANCHOR].get(record.key)
    if seed is None or public_key(seed) != record.public_key:
        return [*found, "key"]
    try:
        known = Ed25519PublicKey.from_public_bytes(bytes.fromhex(record.public_key))
        known.verify(bytes.fromhex(anchor.signature), words(record))
    except (InvalidSignature, ValueError):
        found.append("signature")
    return found
