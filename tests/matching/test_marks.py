"""One need may be nobody's to answer by the desk's word, while the others find their entities."""

import pytest

from tests.factories.clients import Answer
from tests.matching.conftest import PATH, REFERENCE, Story


def mark(story: Story, need: int, apart: str, reason: str = "Said by the desk.") -> Answer:
    """Say of a need whether an entity is to answer for it."""
    body = {"apart": apart, "reason": reason}
    return story.desk.change("PUT", f"{PATH}/needs/{need}/mark", body)


@pytest.mark.parametrize(("apart", "cite"), [("internal", "F2"), ("outside", "F15")])
def test_a_need_that_is_marked_finds_no_entity_and_says_why(
    story: Story, apart: str, cite: str
) -> None:
    story.stand("D9", "A2")
    story.focal_point("itu"), story.focal_point("unctad")
    before = story.desk.post(f"{PATH}/matching/proposals").ok().body
    assert before["content"]["uncovered"] == []
    assert mark(story, 2, apart).ok().body["apart"] == apart
    assert story.desk.move(REFERENCE, "offer_match").codes[0] == "proposal.outdated"
    content = story.desk.post(f"{PATH}/matching/proposals").ok().body["content"]
    assert {one["need"] for one in content["assignments"]} == {1}
    (left,) = content["uncovered"]
    assert (left["need"], left["code"]) == (2, apart)
    assert cite in left["cite"]
    told = story.desk.get(f"{PATH}/timeline").ok().body["items"]
    (event,) = [one["data"] for one in told if one["kind"] == "need_marked"]
    assert event == {"need": 2, "from": "", "to": apart, "reason": "Said by the desk."}
    mark(story, 2, "").ok()
    again = story.desk.post(f"{PATH}/matching/proposals").ok().body["content"]
    assert {one["need"] for one in again["assignments"]} == {1, 2}


def test_a_need_is_left_unserved_only_when_nobody_is_left_who_may_be_asked(story: Story) -> None:
    story.stand("D9", "A2")
    story.focal_point("itu")
    assert mark(story, 1, "unserved").body["code"] == "need.somebody_eligible"
    mark(story, 2, "unserved").ok()
    content = story.desk.post(f"{PATH}/matching/proposals").ok().body["content"]
    assert [one["code"] for one in content["uncovered"]] == ["unserved"]


def test_only_the_desk_marks_a_need_and_gives_a_reason(story: Story) -> None:
    story.stand("D9")
    assert mark(story, 1, "internal", reason="").status == 422
    assert mark(story, 7, "internal").body["code"] == "need.unknown"
    itu = story.focal_point("itu")
    story.desk.post(f"{PATH}/matching/proposals").ok()
    story.desk.move(REFERENCE, "offer_match").ok()
    body = {"apart": "internal", "reason": "Ours."}
    assert itu.change("PUT", f"{PATH}/needs/1/mark", body).status in (403, 409)
    assert mark(story, 1, "internal").body["code"] == "act.not_in_this_state"
