"""A desk at which documents are handed in: the service, a coordinator and a draft."""

from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import sqlalchemy as sa

from app.files.tables import StoredFile
from app.files.vault import Vault
from app.jobs import files as jobs
from app.kit import clock
from tests.factories.clients import BASE, Client, Clients
from tests.requests.test_visibility import FILING


@dataclass
class Intake:
    """Where documents are handed in and fetched."""

    clients: Clients
    coordinator: Client
    reference: str

    @classmethod
    def open(cls, clients: Clients) -> "Intake":
        """Open a draft."""
        coordinator = clients.as_("resident_coordinator", country="KEN")
        reference = coordinator.post("/requests", FILING).ok().body["reference"]
        return cls(clients, coordinator, reference)

    @property
    def vault(self) -> Vault:
        """The vault of the service."""
        return self.clients.house.vault

    @property
    def path(self) -> str:
        """Where the documents are."""
        return f"{BASE}/requests/{self.reference}/attachments"

    def send(
        self, name: str, content: bytes, declared: str = "application/pdf", **more: str
    ) -> Any:
        """Hand a document in."""
        headers = {"Authorization": f"Bearer {self.coordinator.token}", **more}
        files = {"file": (name, content, declared)}
        return self.clients.http.post(self.path, files=files, headers=headers)

    def fetch(self, number: int, client: Client | None = None) -> Any:
        """Download a document."""
        token = (client or self.coordinator).token
        headers = {"Authorization": f"Bearer {token}"}
        return self.clients.http.get(f"{self.path}/{number}", headers=headers)

    def listed(self) -> list[dict[str, Any]]:
        """Return the documents as the API shows them."""
        found: list[dict[str, Any]] = (
            self.coordinator.get(self.path.removeprefix(BASE)).ok().body["items"]
        )
        return found

    def events(self) -> list[str]:
        """Return what happened to documents."""
        told = self.coordinator.get(f"/requests/{self.reference}/timeline").ok().body["items"]
        return [event["kind"] for event in told if event["kind"].startswith("attachment")]

    def rows(self) -> list[StoredFile]:
        """Return the rows of all files."""
        with self.clients.house.database.reading() as session:
            return list(session.scalars(sa.select(StoredFile).order_by(StoredFile.at)))

    def take_up(self, vault: Vault | None = None, later: timedelta = timedelta(hours=1)) -> int:
        """Let the worker take up what was left."""
        now = clock.now() + later
        quota = self.clients.house.settings.files_quota
        return jobs.take_up(self.clients.house.database, vault or self.vault, now, quota)

    def sweep(self, later: timedelta = timedelta(hours=2)) -> int:
        """Let the worker sweep orphans."""
        return jobs.sweep_orphans(self.clients.house.database, self.vault, clock.now() + later)

    def stored(self) -> set[str]:
        """Return the names of what lies in the store."""
        return {name for name, _ in self.vault.store.names()}
