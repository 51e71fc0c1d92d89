"""What an ordinary run leaves to a thorough one (`ENTENTE_TEST_THOROUGH=1`), so that it stays short.

Every test runs on SQLite. On PostgreSQL the drills, the log, files, migrations, row-level security
and the walks below always do; of the other tests of rooms and journeys every third one does. The
matrix tries half of its cells for each principal (one in sixteen on PostgreSQL), and the kill drill
kills once between two statements, in a transition's further ways at every third such point, and
repeats the call where a kill left something, and after every fourth kill that left nothing.
"""

import os
from typing import TYPE_CHECKING
from zlib import crc32

if TYPE_CHECKING:
    import pytest  # the process that bears the drills' children asks THOROUGH and stays small

THOROUGH = os.environ.get("ENTENTE_TEST_THOROUGH") == "1"
"""Whether to try everything: takes about twice as long."""
SHARE = 3
SAMPLED = tuple(
    f"tests/{room}/"
    for room in (
        *("accounts", "api", "assessment", "compendium", "delivery", "directory", "journeys"),
        *("knowledge", "matching", "outbox", "requests", "retention", "screening"),
    )
)
WALKS = frozenset(
    {
        "test_an_ordinary_request_travels_from_draft_to_closed",
        "test_the_clock_of_the_state_stands_still_until_every_question_is_answered",
        "test_a_decline_leads_to_a_second_proposal_without_the_decliner",
        "test_when_no_mandate_fits_nothing_is_proposed_and_the_reason_is_given",
        "test_a_returned_request_is_revised_resubmitted_and_passes",
        "test_a_granted_appeal_is_screened_anew_and_can_pass",
        "test_a_dismissed_appeal_ends_the_request_for_good",
        "test_a_rapid_assessment_opens_rapid_help_and_is_followed_before_closing",
        "test_a_country_withdraws_before_delivery",
        "test_withdrawal_during_delivery_keeps_what_is_done_and_stops_the_rest",
        "test_a_regional_request_takes_every_government",
        "test_sealed_texts_are_found_nowhere_after_a_whole_journey",
        "test_nothing_of_what_was_said_is_left_after_an_erasure",
        "test_a_whole_journey_beside_neighbours_meets_no_foreign_marker",
    }
)
"""Walks from beginning to end: always on both databases."""


def left_out(item: "pytest.Item") -> bool:
    """Whether an ordinary run leaves this test to its twin on SQLite."""
    params = getattr(getattr(item, "callspec", None), "params", {})
    if params.get("database_url") != "postgresql" or not item.nodeid.startswith(SAMPLED):
        return False
    named = getattr(item, "originalname", item.name)
    return named not in WALKS and crc32(item.nodeid.encode()) % SHARE != 0


def divided(items: "list[pytest.Item]") -> "tuple[list[pytest.Item], list[pytest.Item]]":
    """Return the tests of this run, and those that it leaves out."""
    if THOROUGH:
        return items, []
    return (
        [item for item in items if not left_out(item)],
        [item for item in items if left_out(item)],
    )
