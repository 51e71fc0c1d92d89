"""The doctor on this machine: Python, packages, settings, packs and room on the disk."""

import re
import shutil
from collections.abc import Iterator, Mapping
from difflib import get_close_matches
from importlib.metadata import PackageNotFoundError, version
from ipaddress import ip_address
from pathlib import Path

from app.cli.doctor.faults import Fault, judge
from app.config import Settings
from app.engine import release
from app.engine.check import examine_pack
from app.engine.packs import load_shelf
from app.kit import diagnosis
from app.kit.errors import Refusal
from app.kit.text import Catalogue
from app.lifecycle.vocabulary import VOCABULARY

OLDEST_PYTHON = (3, 11)
LEAST_FREE = 0.1
SHORTEST_KEY = 32
LOCKED = re.compile(r"^([A-Za-z0-9._-]+)(?:\[[^\]]*\])?==([^\s;\\]+)[ \t]*(;?)", re.MULTILINE)
PREFIX = "ENTENTE_"
NOT_SETTINGS = frozenset({"ENTENTE_TOKEN", "ENTENTE_TEST_PG_URL", "ENTENTE_DB_PASSWORD"})
"""Names that commands, tests and compose.yaml read besides the settings."""


def python(running: tuple[int, ...]) -> Iterator[Fault]:
    """Say whether this Python is new enough."""
    said = f"Python {'.'.join(map(str, running))}"
    if running < OLDEST_PYTHON:
        yield Fault(said, "Run Entente with Python 3.11 or newer.", grave=True)
    else:
        yield Fault(said)


def packages(lock: Path) -> Iterator[Fault]:
    """Say which packages are not at the version that the lock names."""
    if not lock.is_file():
        yield Fault("no lock of packages", "Install from a checkout with requirements.lock.")
        return
    wanted: dict[str, set[str]] = {}
    conditional: set[str] = set()
    for name, locked, condition in LOCKED.findall(lock.read_text("utf-8")):
        wanted.setdefault(name, set()).add(locked)
        conditional |= {name} if condition else set()
    wrong = [
        f"{name} {present or 'absent'}"
        for name, versions in wanted.items()
        if (present := _installed(name)) not in versions and (present or name not in conditional)
    ]
    mend = f"Install them anew: pip install --require-hashes -r {lock.name}."
    yield from judge(f"packages at their locked versions: {len(wanted)}", wrong, mend)


def _installed(name: str) -> str | None:
    try:
        return version(name)
    except PackageNotFoundError:
        return None


def names(environment: Mapping[str, str]) -> Iterator[Fault]:
    """Say which variables look like settings and are none: a misspelt one is passed over."""
    known = {f"{PREFIX}{name.upper()}" for name in Settings.model_fields} | NOT_SETTINGS
    given = {name.upper() for name in environment if name.upper().startswith(PREFIX)}
    unknown = sorted(given - known)
    near = [match for name in unknown for match in get_close_matches(name, known, 1)]
    meant = f" Is {', '.join(near)} meant?" if near else ""
    mend = f"Correct or remove them; Settings in app/config.py lists all.{meant}"
    yield from judge("every ENTENTE_ variable is a setting", unknown, mend)


def token_key(settings: Settings) -> Iterator[Fault]:
    """Say whether tokens are hashed under a key of one's own."""
    mend = "Set ENTENTE_TOKEN_KEY to at least 32 random characters; tokens are then made anew."
    key = settings.token_key.get_secret_value()
    if key == Settings.model_fields["token_key"].default.get_secret_value():
        said = "the token key is still the one for development"
        yield Fault(said, mend, grave=not _is_loopback(settings.host))
    elif len(key) < SHORTEST_KEY:
        yield Fault("the token key is short", mend)
    else:
        yield Fault("a token key of one's own")


def _is_loopback(host: str) -> bool:
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


def packs(folder: Path) -> Iterator[Fault]:
    """Say whether the packs can be read, pass the checker, and are what was released."""
    try:
        shelf = list(load_shelf(folder, VOCABULARY))
        missing = Catalogue(folder / "locales").missing
        reports = {p.label: examine_pack(p, shelf, missing) for p in shelf}
        changed = release.changed(folder)
        released = release.released(folder)
    except (Refusal, ValueError, OSError) as fault:
        said = getattr(fault, "detail", "") or str(fault)
        yield Fault(f"the packs cannot be read: {said}", "Mend the file that is named.", grave=True)
        return
    if not shelf:
        mend = "Set ENTENTE_WORKFLOWS to the folder that holds the packs."
        yield Fault(f"no packs in {folder}", mend, grave=True)
        return
    failing = [label for label, report in reports.items() if not report.passed]
    mend = "Run `entente packs check`: it says why, with the path that breaks a rule."
    right = f"the packs pass the checker: {len(shelf)}"
    yield from judge(right, failing, mend, grave=True)
    if not released:
        yield Fault("no pack is released", "Run `entente packs release`: its files are then fixed.")
        return
    mend = "Restore the released files; a change goes into a new version."
    yield from judge("released files are unchanged", changed, mend, grave=True)


def disk(settings: Settings) -> Iterator[Fault]:
    """Say whether there is room where the database stands, or here when it stands elsewhere."""
    try:
        file = diagnosis.file_of(settings.database_url)
        place = file.resolve().parent if file else Path.cwd()
        usage = shutil.disk_usage(place)
    except (Refusal, OSError) as fault:
        yield Fault("the disk cannot be looked at", f"See to the folder: {fault}.")
        return
    free = usage.free / usage.total
    said = f"free on the disk of {place}: {free:.0%}"
    if free < LEAST_FREE:
        yield Fault(said, "Free some space: a full disk refuses every change.", grave=True)
    else:
        yield Fault(said)
