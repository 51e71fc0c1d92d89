"""Players of the play at a service that stands on a drill's ground."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from sqlalchemy.engine import Engine

from tests.conftest import settings_for
from tests.drills.ground import Ground
from tests.drills.situations import Situations
from tests.factories.clients import Answer, Client, Clients


@dataclass(frozen=True)
class Scene:
    """One request in a situation, the service before it, and the players."""

    ground: Ground
    kept: Situations
    clients: Clients

    @property
    def engine(self) -> Engine:
        """The engine of the service, to plant faults in."""
        return self.clients.house.database.engine

    @property
    def tag(self) -> str:
        """The tag of the request now."""
        return f'"{self.ground.rows("SELECT revision FROM requests")[0][0]}"'

    def player(self, who: str) -> Client:
        """Return the client of a player."""
        player = self.kept.players[who]
        return Client(self.clients.http, player.person_id, player.token)

    def post(self, who: str, path: str, body: Any, key: str = "", tag: str = "") -> Answer:
        """Let a player post something about the request."""
        headers = {"if_match": tag} if tag else {}
        headers |= {"idempotency_key": key} if key else {}
        return self.player(who).post(f"/requests/{self.kept.reference}{path}", body, **headers)

    def move(self, who: str, trigger: str, key: str = "", tag: str = "", **form: str) -> Answer:
        """Let a player move the request, from what it is now unless another tag is given."""
        body = {"trigger": trigger, "form": form}
        return self.post(who, "/transitions", body, key, tag or self.tag)

    def many(self, table: str) -> int:
        """How many rows a table has now."""
        return int(str(self.ground.rows(f"SELECT count(*) FROM {table}")[0][0]))


@contextmanager
def scene(ground: Ground, kept: Situations, situation: str) -> Iterator[Scene]:
    """Give the service on a ground that is put into a situation."""
    ground.stand(situation)
    with Clients(settings_for(ground.url)) as clients:
        yield Scene(ground, kept, clients)
