"""A mandate may be limited to sectors: a need of another one is not for it, and that is said."""

from datetime import date

import sqlalchemy as sa

from app.compendium.entries import read
from app.compendium.rules import differing
from app.compendium.schemas import EntryVersion
from app.kit import clock
from app.requests.tables import Need
from tests.matching.conftest import PATH, Story


def test_a_limit_to_sectors_changes_who_is_proposed_and_is_told(story: Story) -> None:
    story.stand("A2", "A2")
    story.focal_point("unctad"), story.focal_point("world_bank")
    with story.clients.house.database.writing() as session:
        session.execute(sa.update(Need).where(Need.number == 1).values(sector="health"))
    held = story.desk.get("/mandates?entity=unctad&topic=A2").ok().body["items"]
    (code,) = {one["code"] for one in held if one["role"] in ("lead", "provider")}
    change = {"kind": "mandate", "code": code, "content": {"sectors": ["financial_systems"]}}
    body = {"title": "Trade", "reason": "By its statute.", "changes": [change]}
    made = story.desk.post("/compendium/proposals", body).ok().body
    assert [one["field"] for one in made["changes"][0]["fields"]] == ["sectors"]
    second = story.clients.as_("desk_officer", nth=2)
    second.post(f"/compendium/proposals/{made['id']}/review", {"approved": True}).ok()
    content = story.desk.post(f"{PATH}/matching/proposals").ok().body["content"]
    hands = {one["need"]: one["entity"] for one in content["assignments"]}
    assert hands == {1: "world_bank", 2: "unctad"}
    candidates = story.desk.get(f"{PATH}/matching").ok().body["candidates"]
    (limits,) = [one["limits"] for one in candidates if one["entity"] == "unctad"]
    assert [(one["need"], one["code"]) for one in limits] == [(1, "sector")]


def test_an_entry_from_before_there_were_sectors_differs_by_nothing_but_what_is_changed() -> None:
    known = {"effective_at": clock.now(), "recorded_at": clock.now(), "version": 1, "number": 1}
    known |= {"entity": "itu", "withdrawn": False, "kind": "mandate", "code": "itu.x"}
    known |= {"source": "", "provenance": "from_framework", "basis": ""}
    known |= {"valid_from": date(2026, 1, 1), "valid_to": None, "review_by": date(2028, 1, 1)}
    said = {"code": "itu.x", "entity": "itu", "role": "provider", "text": "x", "topics": ["D1"]}
    said |= {"kinds": [], "regions": [], "sensitivities": [], "cite": ["F9"]}
    before = EntryVersion.model_validate(known | {"content": said})
    after = read("mandate", before.told() | {"topics": ["D2"]}).model_dump(mode="json")
    assert differing(before.told(), after) == [("topics", ["D1"], ["D2"])]
