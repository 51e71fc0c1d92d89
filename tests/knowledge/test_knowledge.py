"""The common repository through the API."""

from app.directory.actor import Actor
from app.kit import clock
from app.knowledge import service as knowledge
from app.requests.tables import AssistanceRequest
from tests.delivery.standing import COUNTRY, LEAD, REFERENCE, begin
from tests.factories.clients import Clients

ENTRY = {"kind": "best_practice", "title": "Judges first", "text": "Begin with the judges."}


def test_an_entry_is_added_and_found(clients: Clients) -> None:
    desk = clients.as_("desk_officer")
    made = desk.post("/knowledge", ENTRY | {"topics": ["A1"], "link": "https://example.org/a"}).ok()
    desk.post("/knowledge", ENTRY | {"kind": "legislation", "title": "A 100% law_"}).ok()
    reader = clients.as_("government", COUNTRY)
    assert reader.get(f"/knowledge/{made.body['id']}").ok().body == made.body
    for query, titles in {
        "kind=legislation": ["A 100% law_"],
        "topic=A1": ["Judges first"],
        "topic=A2": [],
        "q=judges": ["A 100% law_", "Judges first"],
        "q=100%25": ["A 100% law_"],
        "q=no_such": [],
    }.items():
        items = reader.get(f"/knowledge?{query}").ok().body["items"]
        assert [entry["title"] for entry in items] == titles, query


def test_a_list_goes_on_by_its_cursor(clients: Clients) -> None:
    desk = clients.as_("desk_officer")
    for number in range(3):
        desk.post("/knowledge", ENTRY | {"title": f"Entry {number}"}).ok()
    first = desk.get("/knowledge?limit=2").ok().body
    rest = desk.get(f"/knowledge?limit=2&cursor={first['next']}").ok().body
    titles = [entry["title"] for entry in first["items"] + rest["items"]]
    assert titles == ["Entry 2", "Entry 1", "Entry 0"]
    assert rest["next"] is None


def test_only_those_who_deliver_or_keep_the_desk_write(clients: Clients) -> None:
    assert clients.as_("focal_point", entity=LEAD).post("/knowledge", ENTRY).status == 201
    assert clients.as_("government", COUNTRY).post("/knowledge", ENTRY).status == 403


def test_an_entry_must_fit(clients: Clients) -> None:
    desk = clients.as_("desk_officer")
    for wrong in ({"topics": ["A99"]}, {"link": "javascript:alert(1)"}, {"kind": "rumour"}):
        assert desk.post("/knowledge", ENTRY | wrong).status == 422
    assert desk.get("/knowledge/9999").status == 404


def publish(clients: Clients, *, given: bool) -> None:
    """Let the country of the request decide on publication."""
    body = {"country": COUNTRY, "subject": "publication", "given": given}
    clients.as_("government", COUNTRY).post(f"/requests/{REFERENCE}/consents", body).ok()


def test_a_lesson_is_published_only_while_its_country_consents(clients: Clients) -> None:
    begin(clients)
    desk = clients.as_("desk_officer")
    with clients.house.database.writing() as session:
        request = session.query(AssistanceRequest).filter_by(reference=REFERENCE).one()
        actor = Actor(desk.person_id, "Desk")
        knowledge.keep_lesson(session, request.id, actor, "Begin with the judges.", clock.now())

    def found() -> list[int]:
        items = desk.get("/knowledge?q=judges").ok().body["items"]
        return [one["id"] for one in items]

    assert found() == []
    publish(clients, given=False)
    assert found() == []
    publish(clients, given=True)
    (number,) = found()
    assert desk.get(f"/knowledge/{number}").status == 200
    publish(clients, given=False)
    assert (found(), desk.get(f"/knowledge/{number}").status) == ([], 404)
    publish(clients, given=True)
    body = {"level": "restricted", "reason": "A case is pending in court."}
    desk.change("PUT", f"/requests/{REFERENCE}/level", body).ok()
    assert found() == []


def test_publication_is_for_the_country_alone_to_decide(clients: Clients) -> None:
    begin(clients)
    body = {"country": COUNTRY, "subject": "publication", "given": True}
    for who in (clients.as_("desk_officer"), clients.as_("assessor", COUNTRY)):
        assert who.post(f"/requests/{REFERENCE}/consents", body).status == 403


def test_a_kept_lesson_names_its_request_only_to_those_who_may_see_it(clients: Clients) -> None:
    begin(clients)
    desk = clients.as_("desk_officer")
    publish(clients, given=True)
    with clients.house.database.writing() as session:
        request = session.query(AssistanceRequest).filter_by(reference=REFERENCE).one()
        actor = Actor(desk.person_id, "Desk")
        knowledge.keep_lesson(session, request.id, actor, "Begin with the judges.", clock.now())
    seen = desk.get("/knowledge").ok().body["items"][0]
    assert (seen["kind"], seen["title"]) == ("lesson", "Begin with the judges.")
    assert (seen["topics"], seen["request"]) == (["A1", "C2"], REFERENCE)
    stranger = clients.as_("government", "FRA").get(f"/knowledge/{seen['id']}").ok().body
    assert stranger == seen | {"request": None}
