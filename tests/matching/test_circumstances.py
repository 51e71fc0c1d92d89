"""What surrounds a request: work in its countries, internal matters, a rapid assessment."""

from typing import Any

import sqlalchemy as sa

from app.kit import clock
from app.requests.tables import (
    AssessmentRecord,
    Assignment,
    AssistanceRequest,
    Need,
    RequestCountry,
    StandingWork,
)
from tests.factories.rows import put_request
from tests.matching.conftest import PATH, Story


def outlook(story: Story) -> dict[str, Any]:
    """What would be proposed now."""
    found: dict[str, Any] = story.desk.get(f"{PATH}/matching").ok().body["outlook"]
    return found


def change(story: Story, **values: Any) -> None:
    """Change the request as it stands."""
    with story.clients.house.database.writing() as session:
        request = session.scalars(sa.select(AssistanceRequest)).one()
        for name, value in values.items():
            setattr(request, name, value)


def help_elsewhere(story: Story, entity: str, topic: str, country: str, state: str) -> None:
    """Put another request beside, in which an entity helps or has helped on a topic."""
    now, by = clock.now(), story.desk.person_id
    with story.clients.house.database.writing() as session:
        pack = story.clients.house.shelf.latest("needs_assessment")
        other = put_request(session, pack, f"TA-2026-1000{state[0]}", by, now, state="matching")
        session.add(RequestCountry(request_id=other.id, country=country))
        needed = Need(
            request_id=other.id, number=1, area=topic[0], topic=topic, text="N", origin="country"
        )
        session.add(needed)
        session.flush()
        session.add(
            Assignment(
                request_id=other.id,
                need_id=needed.id,
                entity=entity,
                part="lead",
                mandate="m.m@1",
                cite="F8",
            )
        )
        story.assess(session, other.id, country)
        session.flush()  # the gate looks for the record
        other.state, other.stage = state, "delivery" if state == "delivery" else "ended"


def test_running_work_of_another_request_stays_with_who_is_at_it_and_names_no_request(
    story: Story,
) -> None:
    story.stand("A3a")
    story.focal_point("unodc")
    story.focal_point("unctad")
    help_elsewhere(story, "unctad", "A3a", "KEN", "delivery")
    found = outlook(story)
    assert (found["lead"], found["support"]) == ("unctad", [])
    (met,) = found["overlaps"]
    assert met == {"need": 1, "code": "unctad:A3a", "entity": "unctad", "state": "running"}
    assert {one["entity"]: one["code"] for one in found["why_not"]}["unodc"] == "running"


def test_work_in_another_country_or_that_came_to_nothing_is_no_overlap(story: Story) -> None:
    story.stand("A3a")
    story.focal_point("unodc")
    help_elsewhere(story, "unctad", "A3a", "UGA", "delivery")
    help_elsewhere(story, "unctad", "A3a", "KEN", "withdrawn")
    found = outlook(story)
    assert (found["lead"], found["overlaps"]) == ("unodc", [])


def test_work_that_ended_well_not_long_ago_has_answered_the_need(story: Story) -> None:
    story.stand("A3a", "D9")
    story.focal_point("unodc")
    story.focal_point("itu")
    help_elsewhere(story, "unodc", "A3a", "KEN", "closed")
    found = outlook(story)
    assert (found["lead"], found["support"]) == ("itu", [])
    assert [(one["need"], one["code"]) for one in found["uncovered"]] == [(1, "already_served")]


def test_standing_work_that_the_request_names_is_known_by_name(story: Story) -> None:
    story.stand("D2")
    story.focal_point("unodc")
    story.focal_point("itu")
    assert outlook(story)["lead"] == "unodc"
    with story.clients.house.database.writing() as session:
        owner = session.scalars(sa.select(AssistanceRequest.id)).one()
        session.add(StandingWork(request_id=owner, number=1, who="ITU", what="x", topics=["D2"]))
    found = outlook(story)
    assert found["lead"] == "itu"
    assert found["overlaps"][0]["code"] == "standing:1"


def test_a_matter_of_the_organizations_has_no_lead_and_says_why(story: Story) -> None:
    story.stand("D9")
    story.focal_point("itu")
    change(story, internal=True)
    found = outlook(story)
    assert found["lead"] is None
    assert [one["code"] for one in found["uncovered"]] == ["internal"]
    assert "F2" in found["uncovered"][0]["cite"]
    assert found["reason"]


def test_after_a_rapid_assessment_what_it_does_not_open_waits(story: Story) -> None:
    story.stand("C8", "D9")
    story.focal_point("itu")
    with story.clients.house.database.writing() as session:
        session.execute(sa.update(AssessmentRecord).values(kind="rapid"))
        session.execute(sa.update(Need).where(Need.number == 1).values(kind="restoration"))
    waits = {one["need"]: one["waits"] for one in outlook(story)["assignments"]}
    assert waits == {1: False, 2: True}
