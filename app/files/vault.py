"""The vault: seals what is handed in, looks into it, and gives it out again in pieces."""

import hashlib
import logging
import secrets
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import BinaryIO

from app.config import Settings
from app.files import scanner, sealed
from app.files.inspection import parent
from app.files.stores import MissingError, Store, open_store
from app.files.tables import QUARANTINED, REFUSED, RELEASED
from app.kit import sealing
from app.kit.errors import Conflict, Invalid, TooLarge

log = logging.getLogger("entente.files")
READ_SIZE = 1 << 18
UNSCANNED, CLEAN = "none", "clean"


@dataclass(frozen=True, slots=True)
class Kept:
    """Where a file lies, the key that opens it (wrapped), and what it is: bytes and SHA-256.

    `lock` is the data key of whoever the file belongs to; without it the file's own key stays shut.
    """

    place: str
    wrapped: str
    size: int
    sha256: str
    lock: bytes = field(repr=False)


@dataclass(frozen=True, slots=True)
class Verdict:
    """What may become of a file: its status, why, who scanned it, and what it was written anew."""

    status: str
    reason: str = ""
    scan: str = UNSCANNED
    renewed: Kept | None = None


class Vault:
    """A store, the scanner if any, and the largest file that is taken. It holds no key."""

    def __init__(self, store: Store, clamd: str, most: int) -> None:
        """Keep them; nothing is opened yet."""
        self.store = store
        self.clamd = clamd
        self._most = most

    def keep(self, document: BinaryIO, lock: bytes) -> Kept:
        """Seal a document into the store under a random name; durable on return.

        `lock` is the data key of its owner, which wraps the file's own. Raises Invalid when it is
        empty and TooLarge past the largest that is taken.
        """
        document.seek(0)
        if not document.read(1):
            raise Invalid("attachment.empty", "The document is empty.")
        document.seek(0)
        place = secrets.token_hex(20)
        key, wrapped = sealing.new_part_key(lock, part(place))
        digest, size = hashlib.sha256(), 0

        def pieces() -> Iterator[bytes]:
            nonlocal size
            while piece := document.read(READ_SIZE):
                size += len(piece)
                if size > self._most:
                    told = f"A document has at most {self._most} bytes; send it in parts."
                    raise TooLarge("attachment.too_large", told)
                digest.update(piece)
                yield piece

        self.store.put(place, sealed.seal(key, pieces()))
        return Kept(place, wrapped, size, digest.hexdigest(), lock)

    def read(self, kept: Kept) -> Iterator[bytes]:
        """Yield a file, each piece proved before it is given. Raises DamagedError."""
        digest = hashlib.sha256()
        try:
            key = sealing.unwrap_part(kept.lock, kept.wrapped, part(kept.place))
            for piece in sealed.unseal(key, self.store.read(kept.place)):
                digest.update(piece)
                yield piece
        except MissingError as fault:
            raise sealed.DamagedError("it is not in the store") from fault
        except Invalid as fault:
            raise sealed.DamagedError("its key does not open") from fault
        if digest.hexdigest() != kept.sha256:
            raise sealed.DamagedError("it is another file")

    def prove(self, kept: Kept) -> None:
        """See that a file is whole before it is given out. Raises Conflict, with an alarm."""
        try:
            for _ in self.read(kept):
                pass
        except sealed.DamagedError as fault:
            log.exception("file.damaged place=%s", kept.place)
            told = "The stored document is not what was handed in; the office has been told."
            raise Conflict("attachment.damaged", told) from fault

    def opened(self, kept: Kept) -> BinaryIO:
        """Return a file as an open one without a name, to be looked into. Raises DamagedError."""
        # The caller closes it.
        document = tempfile.TemporaryFile()  # noqa: SIM115 - as said above
        try:
            for piece in self.read(kept):
                document.write(piece)
        except BaseException:
            document.close()
            raise
        document.flush()
        return document

    def examine(self, document: BinaryIO, kind: str, lock: bytes) -> Verdict:
        """Scan a document and look into it; what cannot be done now stays in quarantine."""
        scan = UNSCANNED
        try:
            if self.clamd:
                found = scanner.scan(self.clamd, document)
                if found:
                    log.warning("file.malware found=%s", found)
                    return Verdict(REFUSED, "scan.found", found)
                scan = CLEAN
            look = parent.look(document, kind)
        except scanner.AwayError as fault:
            log.error("scanner.away %s", fault)  # noqa: TRY400 - the line says it all
            return Verdict(QUARANTINED, "scan.away")
        except parent.BusyError as fault:
            log.warning("file.waits %s", fault)
            return Verdict(QUARANTINED, "check.waits", scan)
        if look.reason:
            return Verdict(REFUSED, look.reason, scan)
        if look.renewed is None:
            return Verdict(RELEASED, "", scan)
        with look.renewed as renewed:
            return self._renewed(renewed, lock, scan)

    def _renewed(self, renewed: BinaryIO, lock: bytes, scan: str) -> Verdict:
        """Keep what was written anew; where it grew past the largest that is taken, refuse it."""
        try:
            return Verdict(RELEASED, "", scan, self.keep(renewed, lock))
        except TooLarge:
            return Verdict(REFUSED, "image.grown", scan)


def part(place: str) -> sealing.Place:
    """Return what the key of a file is bound to."""
    return sealing.Place("stored_files", place, "content")


def open_vault(settings: Settings) -> Vault:
    """Return the vault of an installation. Raises Invalid for a store that cannot be named so."""
    return Vault(open_store(settings), settings.clamd_url, settings.upload_limit)
