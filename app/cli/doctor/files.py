"""The doctor at the files: the store can be written, and what scans documents is there."""

import secrets
from collections.abc import Iterator

from app.cli.doctor.faults import Fault
from app.config import Settings
from app.files import scanner
from app.files.stores import Folder, open_store
from app.kit.errors import Refusal

OTHERS = 0o077


def store(settings: Settings) -> Iterator[Fault]:
    """Say whether documents can be kept, and whether others on this machine can reach them."""
    mend = "See to ENTENTE_FILES_FOLDER or ENTENTE_FILES_URL: documents cannot be taken in."
    try:
        opened = open_store(settings)
        if isinstance(opened, Folder):
            yield from _folder(opened)
            return
        name = f"doctor-{secrets.token_hex(8)}"
        opened.put(name, iter([b"entente doctor"]))
        opened.delete(name)
    except Refusal as refusal:
        yield Fault(f"no store of files: {refusal.detail}", mend, grave=True)
    except Exception as fault:  # noqa: BLE001 - a bucket fails in ways of its library's own
        yield Fault(f"the bucket of files cannot be written: {fault}", mend, grave=True)
    else:
        yield Fault("the bucket of files can be written")


def _folder(opened: Folder) -> Iterator[Fault]:
    place = opened.path.resolve()
    if not place.exists():
        yield Fault("the folder of files comes with the first document")
        return
    if not place.is_dir():
        yield Fault(f"files: {place} is no folder", "Set ENTENTE_FILES_FOLDER anew.", grave=True)
    elif place.stat().st_mode & OTHERS:
        yield Fault("others can look into the folder of files", f"Run chmod 700 {place}.")
    else:
        yield Fault("the folder of files is one's own")


def scan(settings: Settings) -> Iterator[Fault]:
    """Say whether documents are scanned."""
    if not settings.clamd_url:
        mend = "Set ENTENTE_CLAMD_URL where a clamd runs; the other checks are made without it."
        yield Fault("documents are not scanned for malware", mend)
        return
    try:
        scanner.ping(settings.clamd_url)
    except (scanner.AwayError, Refusal) as fault:
        mend = "See to clamd and ENTENTE_CLAMD_URL: until then documents wait in quarantine."
        yield Fault(f"no scanner: {getattr(fault, 'detail', '') or fault}", mend, grave=True)
    else:
        yield Fault("the scanner answers")
