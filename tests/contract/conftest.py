"""What the contract is held against: the whole service on one played request, and who may do all."""

import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from app.directory.schemas import GrantBody, Role
from tests.conftest import settings_for
from tests.drills.conftest import situations
from tests.drills.situations import COUNTRY, Situations
from tests.factories.clients import Client, Clients

EVERYWHERE: tuple[Role, ...] = (
    "desk_officer",
    "screening_officer",
    "rights_reviewer",
    "auditor",
    "administrator",
)
THERE: tuple[Role, ...] = ("resident_coordinator", "government", "assessor")
METHODS = ("get", "post", "put", "patch", "delete")


@dataclass(frozen=True)
class Whole:
    """The service, a person who holds every role, and the request that can be asked about."""

    clients: Clients
    person: Client
    reference: str

    @property
    def description(self) -> dict[str, Any]:
        """The description of the whole API."""
        found: dict[str, Any] = self.clients.http.get("/openapi.json").json()
        return found

    def operations(self) -> Iterator[tuple[str, str, dict[str, Any]]]:
        """Give method, path and description of every operation."""
        for path, found in self.description["paths"].items():
            for method in METHODS:
                if method in found:
                    yield method.upper(), path, found[method]


@pytest.fixture
def whole(situations: Situations, tmp_path: Path) -> Iterator[Whole]:
    """The service on a request in delivery, where most of its parts exist."""
    file = tmp_path / "whole.db"
    shutil.copy(situations.file("evaluation"), file)
    with Clients(settings_for(f"sqlite:///{file}")) as clients:
        grants = [GrantBody(role=role) for role in EVERYWHERE]
        grants += [GrantBody(role=role, country=COUNTRY) for role in THERE]
        grants += [GrantBody(role="focal_point", entity=situations.entities[0])]
        yield Whole(clients, clients.person(grants), situations.reference)


__all__ = ["situations"]
