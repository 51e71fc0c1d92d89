"""Journeys of the whole service with both nets: what is right goes through as without the second.

They are tests of other folders; here the service connects as the application role.
"""

from tests.assessment.test_lending import (
    test_a_reopened_assessment_serves_nobody_until_it_is_complete_again,
    test_an_assessment_that_serves_another_request_stays_complete_for_it,
)
from tests.journeys.test_glass import (
    test_an_administrator_reads_one_request_for_an_hour_and_everyone_concerned_knows,
    test_an_opening_is_listed_until_an_auditor_reviews_it_and_alarms_after_five_days,
)
from tests.journeys.test_ordinary import test_an_ordinary_request_travels_from_draft_to_closed
from tests.journeys.test_scope import (
    test_a_level_takes_a_request_from_those_who_have_no_part_in_it,
    test_a_program_learns_where_a_request_stands_and_no_weakness,
    test_an_entity_that_declined_or_was_released_sees_nothing_new,
    test_an_entity_that_is_asked_again_sees_the_request_again,
    test_screening_sees_a_confidential_request_while_it_stands_there,
    test_who_is_asked_decides_on_needs_and_summary_and_who_accepted_reads_within,
)

__all__ = [
    "test_a_level_takes_a_request_from_those_who_have_no_part_in_it",
    "test_a_program_learns_where_a_request_stands_and_no_weakness",
    "test_a_reopened_assessment_serves_nobody_until_it_is_complete_again",
    "test_an_administrator_reads_one_request_for_an_hour_and_everyone_concerned_knows",
    "test_an_assessment_that_serves_another_request_stays_complete_for_it",
    "test_an_entity_that_declined_or_was_released_sees_nothing_new",
    "test_an_entity_that_is_asked_again_sees_the_request_again",
    "test_an_opening_is_listed_until_an_auditor_reviews_it_and_alarms_after_five_days",
    "test_an_ordinary_request_travels_from_draft_to_closed",
    "test_screening_sees_a_confidential_request_while_it_stands_there",
    "test_who_is_asked_decides_on_needs_and_summary_and_who_accepted_reads_within",
]
