"""The second net alone: row-level security of PostgreSQL holds where `access.visible` is torn."""

from collections.abc import Callable, Iterator
from typing import Any

import psycopg
import pytest
import sqlalchemy as sa

from app.cli.demo.play import entities_of
from app.cli.demo.story import Story
from app.cli.doctor.ground import net_of
from app.directory.actor import Actor
from app.kit.db import Base, Database
from app.kit.rows import KEEP, as_house, hold, see
from app.policy.sight import Sight, sight_of
from app.requests import access, nets
from app.requests.tables import AssistanceRequest
from tests.factories.clients import Client, Clients
from tests.factories.nets import forget_statements
from tests.journeys import acts
from tests.journeys.test_scope import feed, of

EXEMPT = {
    "knowledge_entries": "public by consent of the countries",
    "notices": "of one person, without content",
}
READS = ("", "/status", "/needs", "/timeline", "/matching", "/options", "/clarifications")
COUNT = "SELECT count(*) FROM requests"


class Torn:
    """A sight as the first net takes it that holds of everything; its words stay what they are."""

    everything, glass = True, None

    def __init__(self, real: Sight) -> None:
        """Keep what is really seen."""
        self._real = real

    def __getattr__(self, name: str) -> Any:
        """Answer all else as it is."""
        return getattr(self._real, name)


@pytest.fixture
def tear(monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[[], None]]:
    """Tear the first net when called: `visible` and `within` hold of every request for everybody.

    Statements that were built with another net are forgotten, before and after.
    """

    def now() -> None:
        forget_statements()
        monkeypatch.setattr(access, "sight_of", lambda *given: Torn(sight_of(*given)))

    yield now
    monkeypatch.undo()
    forget_statements()


def met(client: Client, reference: str) -> dict[str, bool]:
    """Return by which ways a client meets a request."""
    path = f"/requests/{reference}"
    move = {"trigger": "withdraw", "form": {"reason": "It is not theirs."}}
    ways = {part: client.get(path + part).status != 404 for part in READS}
    return ways | {
        "polled again": client.get(f"{path}/status").status != 404,
        "moved": client.post(f"{path}/transitions", move, if_match="*").status != 404,
        "commented": client.post(f"{path}/comments", {"text": "Hello."}).status not in {403, 404},
        "listed": reference in str(client.get("/requests").ok().body),
        "counted": client.get("/requests/count").ok().body["count"] > 0,
        "searched": reference in str(client.get("/requests?q=Investigating").ok().body),
        "fed": bool(feed(client, reference)),
        "streamed": reference in str(client.get("/events/stream?seconds=0").body),
    }


def test_with_the_first_net_torn_nobody_meets_what_is_foreign(
    at_matching_of_two: Story, clients: Clients, tear: Callable[[], None]
) -> None:
    told = at_matching_of_two
    asked = entities_of(told.offer())
    foreign = {
        "coordinator elsewhere": of(told, clients, "coordinator:FJI"),
        "government elsewhere": of(told, clients, "government:FJI"),
        "entity that is not asked": next(
            of(told, clients, key)
            for key in told.stage.players
            if key.startswith("focal:") and key.removeprefix("focal:") not in asked
        ),
        "administrator": clients.as_("administrator"),
        "program elsewhere": clients.as_("client", country="FJI"),
    }
    tear()
    for who, client in foreign.items():
        ways = met(client, told.reference)
        assert not any(ways.values()), (who, ways)
    coordinator = of(told, clients, "coordinator:KEN")
    assert all(coordinator.get(f"/requests/{told.reference}{part}").status == 200 for part in READS)


def test_with_the_first_net_torn_an_entity_that_declined_learns_nothing_new(
    at_matching_of_two: Story, clients: Clients, database_url: str, tear: Callable[[], None]
) -> None:
    told = at_matching_of_two
    decliner, *_ = entities_of(told.offer())
    client = of(told, clients, f"focal:{decliner}")
    told.respond(decliner, accepted=False, reason="No team is free this year.")
    last = acts.last_move(told)["number"]
    told.stage.move("desk", told.reference, "reopen_assessment", reason="Something changed.")
    tear()
    assert client.get(f"/requests/{told.reference}").status == 404
    assert max(event["number"] for event in feed(client, told.reference)) == last
    plain = sa.make_url(database_url).set(drivername="postgresql")
    with psycopg.connect(plain.render_as_string(hide_password=False), autocommit=True) as line:
        line.execute(KEEP, (f"entity:{decliner} back",))
        assert line.execute(COUNT).fetchone() == (1,), "whose events it is shown"
        assert line.execute("SELECT count(*) FROM request_countries").fetchone() == (0,)


def test_who_says_nothing_sees_no_request_and_changes_none(
    at_matching_of_two: Story, clients: Clients, database_url: str
) -> None:
    reference = at_matching_of_two.reference
    plain = sa.make_url(database_url).set(drivername="postgresql")
    with psycopg.connect(plain.render_as_string(hide_password=False), autocommit=True) as line:
        tables = [
            row[0]
            for row in line.execute(
                "SELECT relname FROM pg_class WHERE relrowsecurity AND relkind = 'r'"
            )
        ]
        for table in tables:
            assert line.execute(f"SELECT count(*) FROM {table}").fetchone() == (0,), table
        assert line.execute("UPDATE requests SET title = 'x'").rowcount == 0
        line.execute("BEGIN")
        line.execute("SELECT set_config('entente.sees', 'all', true)")
        assert line.execute(COUNT).fetchone() == (1,)
        line.execute("SELECT set_config('entente.sees', 'country:FJI entity:ITU', true)")
        assert line.execute(COUNT).fetchone() == (0,)
        line.execute("SELECT set_config('entente.sees', 'country:KEN', true)")
        assert line.execute(COUNT).fetchone() == (1,)
        line.execute("COMMIT")
        assert line.execute(COUNT).fetchone() == (0,), "the sight ends with its transaction"
    assert of_desk(clients).get(f"/requests/{reference}").status == 200


def of_desk(clients: Clients) -> Client:
    """Return somebody of the desk."""
    return clients.as_("desk_officer")


def test_a_write_to_what_is_not_seen_is_refused(
    at_matching_of_two: Story, database_url: str
) -> None:
    database = Database(database_url, 1, sees="")
    with database.reading() as session, as_house(session):
        number = session.scalar(sa.select(AssistanceRequest.id))
    added = sa.text(
        "INSERT INTO comments (request_id, text, by, at)"
        " SELECT :r, 'x', id, now() FROM people LIMIT 1"
    )
    with database.reading() as session:
        see(session, "country:FJI")
        with pytest.raises(sa.exc.ProgrammingError, match="row-level"):
            session.execute(added, {"r": number})
    with database.reading() as session:
        see(session, "country:FJI")
        hold(session, [number or 0])
        session.execute(added, {"r": number})
        session.rollback()
        assert session.scalar(sa.text(COUNT)) == 0, "what is held ends with its transaction"
    database.close()


def test_every_table_that_hangs_on_a_request_is_in_the_net(database_url: str) -> None:
    hanging = {"requests"}
    while True:
        more = {
            table.name
            for table in Base.metadata.sorted_tables
            for key in table.foreign_keys
            if key.column.table.name in hanging
        }
        if more <= hanging:
            break
        hanging |= more
    database = Database(database_url, 1)
    with database.reading() as session:
        held = set(session.scalars(sa.text("SELECT relname FROM pg_class WHERE relrowsecurity")))
    database.close()
    assert hanging - held == set(EXEMPT)


def test_the_gate_looks_beyond_the_sight_of_who_knocks(owner_url: str) -> None:
    database = Database(owner_url, 1)
    query = "SELECT proname FROM pg_proc WHERE proname LIKE 'entente_gate_%' AND prosecdef"
    with database.reading() as session:
        found = {name.removeprefix("entente_gate_") for name in session.scalars(sa.text(query))}
    database.close()
    assert found == {
        *("activity", "request", "record", "assessment", "completion", "renaming", "emptied")
    }


def test_for_the_owner_nothing_is_sent_and_nothing_is_hidden(owner_url: str) -> None:
    database = Database(owner_url, 1, sees="")
    said: list[str] = []
    sa.event.listen(
        database.engine, "before_cursor_execute", lambda *given: said.append(str(given[2]))
    )
    for _ in range(2):
        with database.reading() as session:
            nets.enter(session, Actor(1, "x"))
            with as_house(session):
                session.execute(sa.text(COUNT))
    database.close()
    assert [one for one in said if "set_config" in one] == []
    assert sum("row_security_active" in one for one in said) == 1


def test_the_doctor_says_whether_the_second_net_is_spread(
    owner_url: str, database_url: str
) -> None:
    told = {}
    for name, url in (("owner", owner_url), ("service", database_url)):
        database = Database(url, 1)
        with database.reading() as session:
            told[name] = list(net_of(session))
        database.close()
    assert [fault.mark for fault in told["service"]] == ["ok  "]
    assert [fault.mark for fault in told["owner"]] == ["warn"]
    assert "entente roles" in told["owner"][0].mend
