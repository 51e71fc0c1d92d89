"""Two who change one entry at one moment: one is recorded, the other is told so."""

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

from tests.compendium.test_naming import PROPOSALS, YES, wish
from tests.factories.clients import Clients

RACERS = 8


def test_one_person_answers_for_an_entity_however_many_are_approved_at_once(
    clients: Clients,
) -> None:
    desk, second = clients.as_("desk_officer"), clients.as_("desk_officer", nth=2)
    people = [clients.as_("focal_point", entity="itu", nth=n).person_id for n in range(RACERS)]
    made = [desk.post(PROPOSALS, wish("itu", one)).ok().body["id"] for one in people]
    second.step_up().ok()
    line = Barrier(RACERS)

    def approve(number: int) -> int:
        line.wait(timeout=30)
        return second.post(f"{PROPOSALS}/{number}/review", YES).status

    with ThreadPoolExecutor(RACERS) as pool:
        answers = sorted(pool.map(approve, made))
    assert answers == [200] + [409] * (RACERS - 1)
    (named,) = desk.get("/focal-points").ok().body["items"]
    assert (named["code"], named["version"]) == ("itu:primary", 1)
