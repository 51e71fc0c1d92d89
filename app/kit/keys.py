"""The keys of an installation: in a file of their own, outside the database and its backups."""

import base64
import json
import os
import secrets
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cache, partial
from pathlib import Path

from app.kit.errors import Invalid

LEDGER, MASTER, ANCHOR, SESSION, INDEX = PURPOSES = (
    "ledger",  # chains the decision log
    "master",  # wraps the data key of each request
    "anchor",  # seed of the Ed25519 key that signs anchors
    "session",  # digests of session identifiers and one-time links
    "index",  # blind indexes, and what must look the same whoever asks
)
LENGTH = 32


@dataclass(frozen=True, slots=True)
class Keyring:
    """Keys by purpose and identifier, 32 bytes each; the newest of a purpose comes last."""

    keys: Mapping[str, Mapping[str, bytes]]

    def current(self, purpose: str) -> tuple[str, bytes]:
        """Return the identifier and the key that new things are made with."""
        identifier = list(self.keys[purpose])[-1]
        return identifier, self.keys[purpose][identifier]

    def get(self, purpose: str, identifier: str) -> bytes:
        """Return the key that an old thing was made with. Raises Invalid when it is not here."""
        try:
            return self.keys[purpose][identifier]
        except KeyError:
            raise Invalid("key.unknown", f"The key {purpose}/{identifier} is not here.") from None


def make() -> Keyring:
    """Return a keyring with one fresh key for every purpose."""
    return Keyring({purpose: {"1": secrets.token_bytes(LENGTH)} for purpose in PURPOSES})


def rotated(ring: Keyring, purpose: str) -> Keyring:
    """Return the keyring with one more key for a purpose; the earlier ones stay readable."""
    held = ring.keys[purpose]
    # Past the highest ever seen here: an earlier key may have been taken out by hand.
    fresh = {str(max(map(int, held)) + 1): secrets.token_bytes(LENGTH)}
    return Keyring({**ring.keys, purpose: {**held, **fresh}})


def load(path: Path) -> Keyring:
    """Return the keyring in a file; the first start of an installation makes it (mode 0600).

    Raises Invalid when the file is there and no keyring.
    """
    try:
        text = path.read_text()
    except FileNotFoundError:
        _first(path)
        text = path.read_text()
    try:
        return Keyring(
            {
                purpose: {name: _key(value) for name, value in json.loads(text)[purpose].items()}
                for purpose in PURPOSES
            }
        )
    except (KeyError, ValueError, AttributeError, TypeError) as fault:
        raise Invalid("keys.unreadable", f"{path} is no keyring: {fault!r}") from fault


def opener(path: Path) -> Callable[[], Keyring]:
    """Return what gives the keyring in a file, read when it is first asked for."""
    return cache(partial(load, path))


def write(path: Path, ring: Keyring) -> None:
    """Replace the file as a whole: a reader sees the old keyring or the new one."""
    draft = _draft(path, ring)
    draft.replace(path)


def _first(path: Path) -> None:
    """Put a new keyring where there is none; of several starters one wins."""
    draft = _draft(path, make())
    try:
        os.link(draft, path)
    except FileExistsError:
        pass  # another process was first: its keys are the ones
    finally:
        draft.unlink()


def _draft(path: Path, ring: Keyring) -> Path:
    draft = path.with_name(f"{path.name}.{secrets.token_hex(4)}")
    content = {
        purpose: {name: base64.b64encode(key).decode() for name, key in held.items()}
        for purpose, held in ring.keys.items()
    }
    with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
        json.dump(content, file, indent=1)
        file.flush()
        os.fsync(file.fileno())
    return draft


def _key(text: str) -> bytes:
    key = base64.b64decode(text, validate=True)
    if len(key) != LENGTH:
        raise ValueError(f"a key has {LENGTH} bytes, not {len(key)}")
    return key
