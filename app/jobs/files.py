"""What is left over of files: documents in quarantine, orphans in the store, bytes in old rows."""

import logging
from collections.abc import Iterable, Iterator
from datetime import datetime, timedelta
from io import BytesIO
from itertools import islice

from app.directory.actor import SYSTEM
from app.files import service as files
from app.files.sealed import DamagedError
from app.files.vault import Vault, Verdict
from app.kit.db import Database
from app.kit.errors import Refusal
from app.requests.service import documents

log = logging.getLogger("entente.jobs")
GRACE = timedelta(minutes=2)
"""How long a call may take over a document before the worker takes it up."""
ORPHANED = timedelta(hours=1)
"""How long a file may lie without a row: far longer than any call lasts."""
KEYS_KEPT = timedelta(hours=48)
BATCH = 50


def take_up(database: Database, vault: Vault, now: datetime, quota: int) -> int:
    """Look into what was left in quarantine and release or refuse it; return how many.

    One after the other, each in its own transaction: a document that fails leaves the rest alone.
    `quota` is the room of a country, in bytes.
    """
    with database.reading() as session:
        waiting = documents.left(session, now - GRACE, BATCH)
    decided = 0
    for one in waiting:
        try:
            with vault.opened(one.kept) as document:
                verdict = vault.examine(document, one.kind.name, one.kept.lock)
        except DamagedError:
            log.exception("file.damaged attachment=%s", one.attachment)
            verdict = Verdict("refused", "check.damaged")
        with database.writing() as session:
            verdict = documents.fitting(session, one.attachment, verdict, quota)
            documents.settle(session, SYSTEM, one.attachment, verdict)
        decided += verdict.status != "quarantined"
    return decided


def sweep_orphans(database: Database, vault: Vault, now: datetime) -> int:
    """Remove from the store what no row names: left by a crash, refused, replaced or erased."""
    gone = 0
    old = (name for name, at in vault.store.names() if at < now - ORPHANED)
    for names in _batches(old, BATCH):
        with database.reading() as session:
            orphans = names - files.named(session, names)
        for name in orphans:
            vault.store.delete(name)
            gone += 1
    with database.writing() as session:
        files.forget_upload_keys(session, now - KEYS_KEPT)
    if gone:
        log.info("files.swept count=%s", gone)
    return gone


def move_old(database: Database, vault: Vault) -> int:
    """Move documents that lie in the database into the store, into quarantine; return how many.

    One of a kind that is no longer taken stays where it is, and is not given out.
    """
    with database.reading() as session:
        numbers = documents.unmoved(session, BATCH)
    moved = 0
    for number in numbers:
        with database.reading() as session:
            name, content = documents.old_content(session, number)
        try:
            upload = documents.named(name, 0, None)
            with database.writing() as session:
                lock = documents.lock_of(session, number)
            kept = vault.keep(BytesIO(content), lock)
        except Refusal as refusal:
            log.warning("file.not_moved attachment=%s why=%s", number, refusal.code)
            continue
        with database.writing() as session:
            documents.move(session, number, upload, kept)
        moved += 1
    return moved


def _batches(names: Iterable[str], size: int) -> Iterator[set[str]]:
    rest = iter(names)
    while batch := set(islice(rest, size)):
        yield batch
