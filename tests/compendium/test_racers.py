"""Two who name a focal point at one moment: one is named, the other is told so."""

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

from app.kit import clock
from tests.factories.clients import Clients

RACERS = 8


def test_one_person_answers_for_an_entity_however_many_are_named_at_once(clients: Clients) -> None:
    desk, today = clients.as_("desk_officer"), clock.today().isoformat()
    people = [clients.as_("focal_point", entity="itu", nth=n).person_id for n in range(RACERS)]
    line = Barrier(RACERS)

    def name(person: int) -> int:
        line.wait(timeout=30)
        body = {"entity": "itu", "person_id": person, "valid_from": today}
        return desk.post("/focal-points", body).status

    with ThreadPoolExecutor(RACERS) as pool:
        answers = sorted(pool.map(name, people))
    assert answers == [201] + [409] * (RACERS - 1)
    assert len(desk.get("/focal-points").ok().body["items"]) == 1
