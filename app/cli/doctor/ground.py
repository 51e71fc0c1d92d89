"""The doctor at the database: is it there, does it keep and hold what it must."""

from collections.abc import Iterator
from datetime import timedelta

from app.cli.doctor.faults import Fault, judge
from app.compendium import service as compendium
from app.config import Settings
from app.directory import service as directory
from app.directory.countries import load_countries
from app.directory.holders import holders
from app.kit import clock, diagnosis, revisions
from app.kit.db import Database, Failure, Session
from app.kit.diagnosis import Picture
from app.kit.errors import Refusal
from app.requests.service import proof

OLDEST_POSTGRESQL = 150_000
MOST_APART = timedelta(seconds=5)
PRAGMAS = {"journal_mode": {"wal"}, "synchronous": {"2", "3"}, "foreign_keys": {"1"}}
POSTGRESQL = {
    "fsync": {"on"},
    "full_page_writes": {"on"},
    "synchronous_commit": {"on", "remote_write", "remote_apply"},
}


def database(url: str) -> Iterator[Fault]:
    """Say whether the database can be reached, keeps what it is told, and holds what it must."""
    mend = "See to ENTENTE_DATABASE_URL and to the server; for a new one run `entente migrate`."
    try:
        opened = diagnosis.opened(url)
    except Refusal as refusal:
        yield Fault(f"no database: {refusal.detail}", mend, grave=True)
        return
    try:
        with opened.reading() as session:
            before = clock.now()
            picture = diagnosis.look(session)
            apart = max(before - picture.at, picture.at - clock.now())
            net = list(net_of(session))
        yield Fault(f"database: {diagnosis.shown(url)}")
        yield from settings_of(picture)
        yield from clocks(apart)
        yield from schema_of(picture)
        yield from net
        yield from content(opened)
    except Refusal as refusal:
        yield Fault(f"no database: {refusal.detail}", mend, grave=True)
    except Failure:
        said = "the database does not hold what this version asks for"
        yield Fault(said, "Run `entente migrate`.", grave=True)
    finally:
        opened.close()


def settings_of(picture: Picture) -> Iterator[Fault]:
    """Say whether a crash, or a cut of power, can cost what was answered with success."""
    wanted = PRAGMAS if picture.kind == "sqlite" else POSTGRESQL
    wrong = [
        f"{name}={picture.settings.get(name)}"
        for name, allowed in wanted.items()
        if picture.settings.get(name) not in allowed
    ]
    mend = "Set them in the server's configuration: otherwise a crash can lose what was confirmed."
    if picture.kind == "sqlite":
        mend = "Keep the file on a local disk of one's own; network disks do not allow these."
    right = f"{picture.kind} keeps what it confirms: {', '.join(wanted)}"
    yield from judge(right, wrong, mend, grave=True)
    if picture.kind == "postgresql":
        number = int(picture.settings["server_version_num"])
        said = f"PostgreSQL {number // 10_000}"
        old = number < OLDEST_POSTGRESQL
        yield Fault(said, "Move to PostgreSQL 15 or newer." if old else "", grave=old)


def net_of(session: Session) -> Iterator[Fault]:
    """Say whether the database itself, too, keeps people to the requests that they may see."""
    held = diagnosis.netted(session)
    if held is None:
        return
    wrong = [] if held else ["the service connects as the owner of the tables"]
    mend = "Run what `entente roles` prints; let the service and its worker connect as a login that"
    mend += " is a member of entente_app, and only `entente migrate` as the owner."
    yield from judge("row-level security stands behind the rights of the service", wrong, mend)


def clocks(apart: timedelta) -> Iterator[Fault]:
    """Say whether the database's clock and this machine's go together."""
    if apart > MOST_APART:
        said = f"the clocks are {apart.total_seconds():.0f} s apart"
        yield Fault(said, "Let both machines follow a time server.", grave=True)
    else:
        yield Fault("the clocks of database and service go together")


def schema_of(picture: Picture) -> Iterator[Fault]:
    """Say whether the schema is the newest, and the gate stands in the database itself (F32)."""
    head = revisions.head()
    mend = "Stop the service, make a backup, and run `entente migrate`."
    wrong = [] if picture.revision == head else [f"it stands at {picture.revision or 'none'}"]
    yield from judge(f"the schema stands at {head}", wrong, mend, grave=True)
    wanted = diagnosis.triggers_of_migrations(picture.kind)
    mend = "Without them the database lets help begin without an assessment: restore a backup, or"
    mend += " make the triggers again as migrations/versions/0002_gate.py does."
    right = f"the gate stands in the database: {len(wanted)} triggers"
    yield from judge(right, wanted - picture.triggers, mend, grave=True)


def content(opened: Database) -> Iterator[Fault]:
    """Say whether the database holds the countries, the entities and somebody who administers."""
    with opened.reading() as session:
        countries = len(directory.countries(session, "en"))
        entities = len(compendium.entities(session, clock.today()))
        administrators = len(list(holders(session, {"administrator"})))
    wanted = len(load_countries())
    wrong = [] if countries == wanted else [f"there are {countries}"]
    yield from judge(f"{wanted} countries", wrong, "Run `entente migrate`.", grave=True)
    wrong = [] if entities else ["there is none"]
    yield from judge("entities in the compendium", wrong, "Run `entente migrate`.", grave=True)
    wrong = [] if administrators else ["there is none"]
    mend = "Run `entente users add NAME --role administrator`."
    yield from judge("somebody administers people and roles", wrong, mend)


def anchors(settings: Settings) -> Iterator[Fault]:
    """Say whether the decision log is anchored, where, and what the newest anchor holds."""
    folder = settings.anchors_place
    try:
        opened = diagnosis.opened(settings.database_url)
        with opened.reading() as session:
            waits = proof.waiting(session)
    except (Refusal, Failure):
        return
    opened.close()
    wrong = []
    if waits.late(clock.now()):
        wrong = [f"{waits.entries} entries wait since {clock.stamp(waits.since or clock.now())}"]
    mend = "Start `entente work`, or run `entente anchor`; see that the folder can be written to."
    yield from judge(f"the decision log is anchored in {folder}", wrong, mend)


def jobs(settings: Settings) -> Iterator[Fault]:
    """Say whether deadlines and notices have their database."""
    mend = "Start `entente work` beside the service: it makes what it needs."
    try:
        wrong = [] if diagnosis.holds_jobs(settings.jobs_place) else ["not made yet"]
    except Refusal as refusal:
        wrong = [refusal.detail]
    yield from judge("the database of the jobs", wrong, mend)
