"""The prepared house of the matrix: requests with markers, principals, and nothing that lasts."""

import fcntl
import pickle
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager, nullcontext
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from app.accounts.hashing import Hasher
from app.config import Settings
from app.kit import clock, keys
from app.kit.db import Database, table_of
from app.requests.tables import AssistanceRequest, Involvement
from tests.accounts.conftest import CHEAP
from tests.conftest import PLACE, settings_for
from tests.factories.clients import Client, Clients
from tests.policy import people
from tests.policy.people import ENTITY, OTHER, OWN, STRANGER, Principal
from tests.policy.stories import Teller


class Rehearsal(Database):
    """A database on which every call works and no call leaves a trace: its end is a rollback."""

    @contextmanager
    def writing(self) -> Iterator[Session]:
        """Give a session that is rolled back at the end."""
        with self._writer if self.sqlite else nullcontext(), self.sessions() as session:
            if self.sqlite:
                session.connection(execution_options={"entente_begin": "IMMEDIATE"})
            yield session
            session.flush()
            session.rollback()


@dataclass(frozen=True, slots=True)
class Subject:
    """A request: what it is to the principals, and the word that stands in it alone.

    `entity` is asked about it, and `accepted` says that it helps. `things` are what the way here
    has left: `assessment`, `screening`, and so on.
    """

    name: str
    reference: str
    marker: str
    country: str = OWN
    state: str = "triage"
    level: str = "ordinary"
    entity: str = ""
    accepted: bool = False
    things: frozenset[str] = frozenset()


@dataclass
class Prepared:
    """Principals and requests; with the service while it runs."""

    principals: dict[str, Principal] = field(default_factory=dict)
    subjects: dict[str, Subject] = field(default_factory=dict)
    bystander: int = 0
    running: Clients | None = None

    @property
    def clients(self) -> Clients:
        """The service."""
        assert self.running is not None
        return self.running


PLACED: dict[str, dict[str, str]] = {
    "own": {},
    "unassigned draft": {"state": "draft"},
    "own entity's": {"entity": ENTITY},
    "foreign entity's": {"entity": STRANGER},
    "foreign country's": {"country": OTHER},
    "closed": {"state": "closed"},
    "confidential": {"level": "confidential"},
}
"""The relations into which a request is put as it is, and what it is put into."""

PUBLISHED = "publication"
"""What has been left where the country consented to publish its request, as the stories do."""
SCREENED = frozenset({"assessment", "screening"})
OFFERED = SCREENED | {"proposal", PUBLISHED}
TOLD: dict[str, dict[str, Any]] = {
    "in delivery": {
        "state": "delivery",
        "things": OFFERED | {"activity", "protected", "attachment"},
        "entity": ENTITY,
        "accepted": True,
    },
    "in assessment": {"state": "assessment", "things": frozenset({"assessment"})},
    "in screening": {"state": "screening", "things": SCREENED},
    "offered": {"state": "offered", "things": OFFERED, "entity": ENTITY},
}
"""The relations that a request gets to on its way, and what that leaves."""
SUBJECTS = (*PLACED, *TOLD)


def settings(url: str, **more: Any) -> Settings:
    """Return the settings of the matrix: one folder of files for all workers of a run."""
    return settings_for(url).model_copy(update={"files_folder": PLACE / "matrix-files", **more})


def built(url: str) -> Prepared:
    """Fill a loaded database with every relation and every principal."""
    ground = Prepared()
    with Clients(settings(url)) as clients:
        teller = Teller(clients, OWN)
        for number, name in enumerate(SUBJECTS, start=1):
            marker = f"marker{number}of{name[-3:]}".replace("'", "")
            known: dict[str, Any] = PLACED.get(name) or TOLD.get(name) or {}
            reference = (
                teller.tell(name, marker) if name in TOLD else _filed(clients, marker, known)
            )
            subject = ground.subjects[name] = Subject(name, reference, marker, **known)
            if name in PLACED:
                _place(clients, subject)
        ground.bystander = clients.as_("desk_officer", nth=8).person_id
        ground.principals = people.enrolled(clients)
    return ground


@contextmanager
def prepared(url: str, ground: Prepared) -> Iterator[Prepared]:
    """Give a service on a built database, on which from then on nothing changes.

    It has no room for documents: an upload, which takes several transactions, ends at its rights.
    """
    with Clients(settings(url, files_quota=0)) as clients:
        house = clients.house
        house.hasher = Hasher(**CHEAP)
        kept, house.database = (
            house.database,
            Rehearsal(url, keyring=keys.opener(house.settings.keys_place)),
        )
        ground.running = clients
        yield ground
        house.database.close()
        house.database = kept


def shared(place: Path, template: Path, build: Callable[[str], Prepared]) -> tuple[Path, Prepared]:
    """Return a built SQLite file that the workers of a run share, and what is in it.

    The first to come builds it; the others wait. It is to be copied, not written.
    """
    file, told = place / "matrix.db", place / "matrix.pickle"
    with (place / "matrix.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not told.exists():
            shutil.copy(template, file)
            told.write_bytes(pickle.dumps(build(f"sqlite:///{file}")))
    return file, pickle.loads(told.read_bytes())  # noqa: S301 - written by ourselves above


def _filed(clients: Clients, marker: str, known: dict[str, str]) -> str:
    """File a draft with a remark."""
    country = known.get("country", OWN)
    coordinator: Client = clients.as_("resident_coordinator", country=country, nth=9)
    body = {
        "countries": [country],
        "title": f"Help {marker}",
        "summary": f"What {marker} needs.",
        "needs": [{"area": "D", "topic": "D9", "kind": "cirt", "text": f"A team for {marker}."}],
    }
    reference = str(coordinator.post("/requests", body).ok().body["reference"])
    coordinator.post(f"/requests/{reference}/comments", {"text": f"Remark {marker}"}).ok()
    return reference


def _place(clients: Clients, subject: Subject) -> None:
    """Put a filed request into its state and level, and ask its entity, without the way there."""
    row = table_of(AssistanceRequest)
    stage = "ended" if subject.state == "closed" else "intake"
    filed = None if subject.state == "draft" else clock.now()
    now = clock.now()
    with clients.house.database.writing() as session:
        session.execute(
            sa.update(row)
            .where(row.c.reference == subject.reference)
            .values(state=subject.state, stage=stage, level=subject.level, filed_at=filed)
        )
        own = sa.select(row.c.id).where(row.c.reference == subject.reference)
        if subject.entity:
            session.add(
                Involvement(
                    request_id=session.scalars(own).one(),
                    entity=subject.entity,
                    part="lead",
                    standing="asked",
                    since=now,
                )
            )
