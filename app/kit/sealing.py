"""What must not be read outside the application: sealed with AES-256-GCM, each owner by its key.

A data key of 32 bytes belongs to one owner (a request). It is kept wrapped by the master key, which
stands outside the database, so that a copy of the database opens nothing, and destroying one row
(the wrapped key) makes everything of that owner unreadable for ever. What is sealed is bound to its
place (table, row, field): moved to another place it no longer opens.
"""

import base64
import binascii
import secrets
from dataclasses import dataclass

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from app.kit import keys
from app.kit.errors import Invalid
from app.kit.keys import Keyring

NONCE = 12
"""Bytes of the random number that is used once (NIST SP 800-38D, 8.2.2)."""
TAG = 16
"""Bytes by which a change is noticed."""


@dataclass(frozen=True, slots=True)
class Place:
    """Where something sealed is kept; elsewhere it does not open."""

    table: str
    row: int | str
    field: str

    def bytes(self) -> bytes:
        """Return the place so that no two places look the same."""
        parts = [part.encode() for part in (self.table, str(self.row), self.field)]
        return b"".join(len(part).to_bytes(4) + part for part in parts)


def new_key(ring: Keyring, owner: Place) -> tuple[bytes, str]:
    """Return a fresh data key for an owner, and the same wrapped by the current master key.

    The wrapped key is text: the master key's identifier, a dot, base64.
    """
    key = secrets.token_bytes(keys.LENGTH)
    return key, wrap(ring, key, owner)


def unwrap(ring: Keyring, wrapped: str, owner: Place) -> bytes:
    """Return the data key in `wrapped`.

    Raises Invalid `key.unknown` when the master key is not here, `sealed.unreadable` when the
    wrapped key was changed or belongs to another owner.
    """
    identifier, _, content = wrapped.partition(".")
    return unseal(ring.get(keys.MASTER, identifier), _bytes(content), owner)


def rewrap(ring: Keyring, wrapped: str, owner: Place) -> str | None:
    """Return the same data key wrapped by the current master key; None when it already is.

    Raises Invalid like `unwrap`.
    """
    if wrapped.partition(".")[0] == ring.current(keys.MASTER)[0]:
        return None
    return wrap(ring, unwrap(ring, wrapped, owner), owner)


def new_part_key(lock: bytes, part: Place) -> tuple[bytes, str]:
    """Return a fresh key for a part of an owner, and the same wrapped by the owner's data key.

    What a part key seals goes with the owner: when the data key is destroyed, nothing opens it.
    """
    key = secrets.token_bytes(keys.LENGTH)
    return key, wrap_part(lock, key, part)


def wrap_part(lock: bytes, key: bytes, part: Place) -> str:
    """Return the key of a part wrapped by the data key of its owner."""
    return base64.b64encode(seal(lock, key, part)).decode()


def unwrap_part(lock: bytes, wrapped: str, part: Place) -> bytes:
    """Return the key of a part again. Raises Invalid `sealed.unreadable`."""
    return unseal(lock, _bytes(wrapped), part)


def seal(key: bytes, content: bytes, place: Place) -> bytes:
    """Return `content` sealed for its place: 28 bytes longer than it was."""
    nonce = secrets.token_bytes(NONCE)
    return nonce + AESGCM(key).encrypt(nonce, content, place.bytes())


def unseal(key: bytes, sealed: bytes, place: Place) -> bytes:
    """Return what was sealed. Raises Invalid when anything of it, or its place, was changed."""
    if len(sealed) < NONCE + TAG:
        raise _unreadable(place)
    try:
        return AESGCM(key).decrypt(sealed[:NONCE], sealed[NONCE:], place.bytes())
    except InvalidTag:
        raise _unreadable(place) from None


def seal_text(key: bytes, text: str, place: Place) -> str:
    """Return `text` sealed for its place, as text again (base64)."""
    return base64.b64encode(seal(key, text.encode(), place)).decode()


def unseal_text(key: bytes, sealed: str, place: Place) -> str:
    """Return the text that was sealed. Raises Invalid like `unseal`."""
    return unseal(key, _bytes(sealed), place).decode()


def wrap(ring: Keyring, key: bytes, owner: Place) -> str:
    """Return a data key wrapped by the current master key."""
    identifier, master = ring.current(keys.MASTER)
    return f"{identifier}.{base64.b64encode(seal(master, key, owner)).decode()}"


def _bytes(text: str) -> bytes:
    try:
        return base64.b64decode(text, validate=True)
    except (binascii.Error, ValueError):
        return b""  # too short to be anything sealed: refused as unreadable


def _unreadable(place: Place) -> Invalid:
    """Return the refusal: it names the field, never what stands in it."""
    return Invalid("sealed.unreadable", f"{place.table}.{place.field} cannot be opened.")
