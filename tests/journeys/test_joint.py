"""A joint programme of five: begun whole, gone on with after a departure, led by another."""

from typing import Any

from app.cli.demo.delivery import activity_for
from app.cli.demo.play import match
from app.cli.demo.story import Story
from app.jobs.portfolio import plan_portfolios
from app.kit import clock
from tests.factories.clients import Clients
from tests.journeys import acts
from tests.journeys.acts import happened, move_refused, refused, state
from tests.journeys.conftest import Tell

FIVE = ("unodc", "itu", "unctad", "unicef", "un_women")
ASKED = (
    ("A3b", "legislation", ()),
    ("D9", "cirt", ()),
    ("A2", "advisory_note", ()),
    ("D2", "awareness_campaign", ("children",)),
    ("B1", "policy", ("women",)),
    ("A2", "advisory_note", ()),
)


def wish(topic: str, kind: str, groups: tuple[str, ...]) -> dict[str, Any]:
    """One need of the filing."""
    text = f"Help with what {topic} is about, for {' and '.join(groups) or 'everybody'}."
    need = {"area": topic[0], "topic": topic, "kind": kind, "text": text}
    return need | {"sensitivities": list(groups)}


def hands(proposal: dict[str, Any]) -> dict[int, str]:
    """Who answers for which need."""
    given = proposal["content"]["assignments"]
    return {one["need"]: one["entity"] for one in given if one["part"] == "lead"}


def answering(told: Story) -> dict[int, str]:
    """Who answers for which need in the programme."""
    given = told.stage.read("desk", f"{told.path}/assignments")["items"]
    return {one["need"]: one["entity"] for one in given if one["part"] == "lead"}


def programme(told: Story) -> dict[str, Any]:
    """The programme as the desk reads it."""
    read: dict[str, Any] = told.stage.read("desk", f"{told.path}/delivery")["programme"]
    return read


def leave(told: Story, entity: str) -> dict[str, Any]:
    """Let an entity leave, by its own focal point."""
    path, body = f"{told.path}/delivery/departures", {"entity": entity, "reason": "Our staff left."}
    left: dict[str, Any] = told.stage.change(f"focal:{entity}", "POST", path, body, told.path)
    return left


def leave_out(told: Story, entity: str, *needs: int) -> None:
    """Accept for an entity, but for some of its needs."""
    body = {"entity": entity, "accepted": True, "reason": "Not both.", "declined_needs": needs}
    path = f"{told.path}/matching/responses"
    told.stage.change(f"focal:{entity}", "POST", path, body, told.path)


def in_delivery(told: Story) -> dict[str, Any]:
    """Bring the request of five entities into delivery, by one partial answer; return the match."""
    acts.at_matching(told, acts.asking(*(wish(*one) for one in ASKED)))
    first = told.offer()
    assert hands(first) == dict(enumerate((*FIVE, "unctad"), 1))
    for entity in ("unodc", "itu", "unicef", "un_women"):
        told.respond(entity)
    leave_out(told, "unctad", 6)
    assert state(told) == "matching"
    second = told.offer()
    assert hands(second) == dict(enumerate((*FIVE, "world_bank"), 1))
    told.respond("world_bank")  # nobody else is asked again
    assert state(told) == "consent"
    told.consent()
    assert state(told) == "delivery"
    return second


def in_portfolio(told: Story, clients: Clients) -> list[dict[str, Any]]:
    """The needs of the request as a portfolio plans them."""
    number = told.stage.add("desk", "/portfolio", {"quarters": 2})["number"]
    assert plan_portfolios(clients.office, clients.house.shelf, clock.now()) == 1
    plan = told.stage.read("desk", f"/portfolio/{number}")["plan"]
    return [
        n for one in plan["requests"] if one["reference"] == told.reference for n in one["needs"]
    ]


def plan(told: Story, entity: str, number: int) -> tuple[str, dict[str, Any]]:
    """What plans an activity for a need: the path, and the body."""
    needs = {one["number"]: one for one in told.stage.read("desk", f"{told.path}/needs")["items"]}
    return f"{told.path}/delivery/activities", activity_for(told, entity, needs[number])


def test_five_entities_and_one_that_takes_what_another_leaves_out_make_one_programme(
    story: Tell, clients: Clients
) -> None:
    told = story("KEN")
    second = in_delivery(told)
    assert answering(told) == hands(second)
    assert programme(told)["open"] == []
    assert programme(told)["leads"] == second["content"]["leads"]
    assert set(second["content"]["leads"]) == {"unodc", "itu"}  # under their arrangement (F10)
    assert in_portfolio(told, clients) == []
    parts = told.stage.read("desk", f"{told.path}/delivery")["components"]
    assert {one["entity"] for one in parts} == {*FIVE, "world_bank"}
    leave(told, "world_bank")
    left = told.stage.read("desk", f"{told.path}/delivery")
    assert left["programme"]["open"] == [6]
    assert left["programme"]["lead"] == second["lead"]
    gone = [one["entity"] for one in left["components"] if one["left_at"]]
    assert gone == ["world_bank"]
    (sought,) = in_portfolio(told, clients)  # of a programme that runs the open needs alone
    assert sought["need"] == 6
    assert sought["entity"] not in {"", "world_bank"}
    # only what it left is sought for; the others keep theirs and are not asked
    third = told.propose()
    assert {n: e for n, e in hands(third).items() if n != 6} == {
        n: e for n, e in hands(second).items() if n != 6
    }
    assert "world_bank" not in third["entities"]
    fresh = {one["need"] for one in third["content"]["assignments"] if not one["kept"]}
    assert fresh <= {6}
    again = told.stage.ask("focal:world_bank", "GET", told.path)
    assert again.status == 404  # who left sees nothing newer


def test_a_departed_lead_is_replaced_before_anything_new_begins(story: Tell) -> None:
    told = story("KEN")
    acts.at_matching(told, acts.asking(*(wish(*ASKED[place]) for place in (2, 1, 5))))
    match(told)
    stage, lead, other = told.stage, "unctad", "itu"
    assert answering(told) == {1: lead, 2: other, 3: lead}
    assert programme(told)["lead"] == lead
    own, its = 1, 2
    planned = stage.add(f"focal:{other}", *plan(told, other, its))["number"]
    running = stage.add(f"focal:{other}", *plan(told, other, its))["number"]
    one = f"{told.path}/delivery/activities/{{}}"
    going = one.format(running)
    stage.change(f"focal:{other}", "POST", f"{going}/status", {"status": "running"}, going)
    left = stage.add(f"focal:{lead}", *plan(told, lead, own))["number"]

    gone = leave(told, lead)
    assert gone == {"entity": lead, "needs": [own, 3], "activities": [left], "lead": True}
    assert programme(told)["lead"] == ""
    assert stage.read("desk", one.format(left))["status"] == "stopped"
    path, body = plan(told, other, its)
    why = refused(told, (f"focal:{other}", "POST", path), body)
    assert why.cites == {"programme.lead_vacant": "F41, F53"}
    begin = (f"focal:{other}", "POST", f"{one.format(planned)}/status")
    why = refused(told, begin, {"status": "running"}, of=one.format(planned))
    assert why.cites == {"programme.lead_vacant": "F41, F53"}
    stage.change(f"focal:{other}", "POST", f"{going}/status", {"status": "suspended"}, going)
    stage.change(f"focal:{other}", "POST", f"{going}/status", {"status": "running"}, going)

    third = told.propose()
    assert lead not in third["entities"]
    stage.move("desk", told.reference, "offer_replacement")
    path = f"{told.path}/matching/proposals"
    assert refused(told, ("desk", "POST", path)).code == "programme.offer_open"
    for entity in {one["entity"] for one in third["content"]["assignments"] if not one["kept"]}:
        told.respond(entity)
    assert own not in answering(told)  # the country has not said its word yet
    assert programme(told)["lead"] == ""
    told.consent()
    assert state(told) == "delivery"
    assert answering(told) == hands(third)
    assert programme(told)["lead"] == third["lead"] != lead
    planned_now = stage.change(
        f"focal:{other}", "POST", f"{one.format(planned)}/status", {"status": "running"},
        one.format(planned),
    )  # fmt: skip
    assert planned_now["status"] == "running"
    assert [e["data"]["entity"] for e in happened(told, "entity_left")] == [lead]


def test_nothing_is_offered_or_begun_while_a_need_has_nobody_who_answers_for_it(
    story: Tell,
) -> None:
    told = story("KEN")
    unheld = {"area": "D", "topic": "D3", "kind": "advisory_note", "text": "A group on botnets."}
    acts.at_matching(told, acts.asking(acts.CIRT, unheld))
    told.propose()
    why = move_refused(told, "desk", "offer_match")
    assert why.cites == {"programme.need_open": "F53"}
    told.leave_unserved(2)
    told.offer()
    told.respond("itu")
    told.consent()
    assert state(told) == "delivery"
    assert programme(told)["open"] == []
    nothing = refused(told, ("desk", "POST", f"{told.path}/matching/proposals"))
    assert (nothing.status, nothing.code) == (409, "programme.nothing_open")


def test_when_nobody_takes_over_the_need_is_left_and_the_desk_names_a_lead(story: Tell) -> None:
    told = story("KEN")
    acts.at_matching(told, acts.asking(acts.TRAINING, acts.CIRT))
    offer = told.offer()
    for entity in sorted({one["entity"] for one in offer["content"]["assignments"]}):
        told.respond(entity)
    told.consent()
    lead, stays = offer["lead"], next(e for e in ("itu", "unodc") if e != offer["lead"])
    lost = [n for n, e in answering(told).items() if e == lead]
    path = f"{told.path}/delivery/lead"
    named = {"entity": stays, "reason": "It is at work there."}
    assert refused(told, ("desk", "PUT", path), named, of=told.path).code == "programme.led"
    assert programme(told)["leads"] == [lead, stays]
    leave(told, lead)
    assert (programme(told)["lead"], programme(told)["leads"]) == ("", [stays])
    third = told.propose()
    if fresh := sorted(set(third["entities"]) - {stays}):
        told.stage.move("desk", told.reference, "offer_replacement")
        told.respond(fresh[0], accepted=False, reason="No staff.")
        assert state(told) == "delivery"
        assert stays in {answer["entity"] for answer in told.stage.read(
            "desk", f"{told.path}/matching/proposals/{third['number']}")["responses"]}  # fmt: skip
    assert answering(told).get(lost[0]) is None
    assert told.stage.change("desk", "PUT", path, named, told.path)["programme"]["lead"] == stays
    stranger = named | {"entity": lead}
    assert refused(told, ("desk", "PUT", path), stranger, of=told.path).code == "programme.not_in"
