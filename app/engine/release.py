"""Released files: their digests in `released.lock`, and whether one has been changed since.

A line of the lock is what `sha256sum -c` reads: digest, two spaces, path below the folder.
"""

import hashlib
from collections.abc import Iterable
from pathlib import Path

from app.kit.errors import Conflict

LOCK = "released.lock"


def released(folder: Path) -> dict[str, str]:
    """Return the released files below `folder` with their sha256; none without a lock."""
    lock = folder / LOCK
    lines = lock.read_text("utf-8").splitlines() if lock.exists() else []
    return {path: digest for digest, _, path in (line.partition("  ") for line in lines if line)}


def changed(folder: Path) -> list[str]:
    """Return the released files whose content is not what was released, or that are gone."""
    return [
        path
        for path, digest in released(folder).items()
        if not (folder / path).is_file() or sha256_of(folder / path) != digest
    ]


def release(folder: Path, files: Iterable[Path]) -> dict[str, str]:
    """Put files below `folder` into the lock and return what it then holds.

    Raises Conflict, and writes nothing, for a file that was released with other content.
    """
    held = released(folder)
    for file in files:
        path = file.resolve().relative_to(folder.resolve()).as_posix()
        digest = sha256_of(file)
        if held.setdefault(path, digest) != digest:
            raise Conflict("release.changed", f"{path} is released; copy it to the next version.")
    held = dict(sorted(held.items()))
    text = "".join(f"{digest}  {path}\n" for path, digest in held.items())
    (folder / LOCK).write_text(text, "utf-8")
    return held


def sha256_of(file: Path) -> str:
    """Return the sha256 of a file's content, in hexadecimal."""
    return hashlib.sha256(file.read_bytes()).hexdigest()
