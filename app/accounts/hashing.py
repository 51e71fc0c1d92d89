"""How passwords are kept: argon2id (RFC 9106), at a cost with a floor, four at a time."""

import secrets
from functools import cached_property
from threading import BoundedSemaphore

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from app.kit.errors import Invalid

FLOOR_KIB = 64 * 1024
FLOOR_ROUNDS = 3
TOGETHER = 4
"""Passwords that are tried at once: each takes 64 MiB and a core."""


class Hasher:
    """Makes and tries password hashes; an unknown account costs what a known one does."""

    def __init__(self, memory_kib: int = FLOOR_KIB, rounds: int = FLOOR_ROUNDS) -> None:
        """Take the cost: memory in KiB and rounds."""
        self.memory_kib = memory_kib
        self.rounds = rounds
        self._argon = PasswordHasher(time_cost=rounds, memory_cost=memory_kib, parallelism=1)
        self._turns = BoundedSemaphore(TOGETHER)

    def check(self) -> None:
        """Raise Invalid when the cost is below the floor."""
        if self.memory_kib < FLOOR_KIB or self.rounds < FLOOR_ROUNDS:
            raise Invalid(
                "password.cost", "Passwords are hashed with 64 MiB and 3 rounds at least."
            )

    @cached_property
    def dummy(self) -> str:
        """The hash that stands for an account that is not there; nobody knows its password."""
        return self._argon.hash(secrets.token_urlsafe(32))

    def hash(self, password: str) -> str:
        """Return the hash of a password, with its own salt."""
        with self._turns:
            return self._argon.hash(password)

    def fits(self, kept: str | None, password: str) -> bool:
        """Whether a password fits; with nothing kept it takes as long, and never does."""
        dummy = self.dummy
        with self._turns:
            try:
                self._argon.verify(kept or dummy, password)
            except (VerificationError, InvalidHashError):
                return False
        return kept is not None

    def outdated(self, kept: str) -> bool:
        """Whether a hash was made at another cost than the present one."""
        return self._argon.check_needs_rehash(kept)
