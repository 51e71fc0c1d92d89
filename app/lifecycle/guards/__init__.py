"""The guards: every condition that a definition may set, each yielding its reasons against."""

from collections.abc import Mapping
from typing import Any

from app.engine.vocabulary import GuardDef
from app.lifecycle.guards import helping, intake, joining, judging

PASSING = frozenset({"pass", "pass_with_conditions"})


def _marks(*marks: str) -> Any:
    return lambda _params: frozenset(marks)


def _stage_mark(params: Mapping[str, Any]) -> frozenset[str]:
    return frozenset({f"{params['stage']}.completed"})


def _outcome_mark(params: Mapping[str, Any]) -> frozenset[str]:
    passing = bool(params["any_of"]) and set(params["any_of"]) <= PASSING
    return frozenset({"screening.passed"} if passing else ())


def _guard(check: Any, *reads: str, **more: Any) -> GuardDef:
    return GuardDef(check, (check.__doc__ or "").splitlines()[0], frozenset(reads), **more)


GUARDS: dict[str, GuardDef] = {
    "request_complete": _guard(intake.request_complete, "text", "needs"),
    "matter_external": _guard(intake.matter_external, "text"),
    "matter_internal": _guard(intake.matter_internal, "text"),
    "elements_examined": _guard(intake.elements_examined, "text", "elements"),
    "nothing_cyber": _guard(intake.nothing_cyber, "text", "elements"),
    "urgency_settled": _guard(intake.urgency_settled, "text"),
    "no_open_clarification": _guard(intake.no_open_clarification, "clarifications"),
    "clarification_open": _guard(intake.clarification_open, "clarifications"),
    "clarification_overdue": _guard(intake.clarification_overdue, "clarifications"),
    "stage_complete": _guard(
        judging.stage_complete, "records", "assessment", proves=_stage_mark, params={"stage": str}
    ),
    "needs_at_least": _guard(judging.needs_at_least, "needs", params={"count": int}),
    "needs_rest_on_findings": _guard(judging.needs_rest_on_findings, "needs"),
    "screening_outcome": _guard(
        judging.screening_outcome, "screening", proves=_outcome_mark, params={"any_of": list}
    ),
    "appeal_open": _guard(judging.appeal_open, "screening"),
    "appeal_over": _guard(judging.appeal_over, "screening"),
    "sharing_stands": _guard(helping.sharing_stands, "consents"),
    "proposal_ready": _guard(helping.proposal_ready, "matching"),
    "nobody_eligible": _guard(helping.nobody_eligible, "matching"),
    "all_accepted": _guard(helping.all_accepted, "matching", proves=_marks("match.accepted")),
    "somebody_declined": _guard(helping.somebody_declined, "matching"),
    "country_consented": _guard(
        helping.country_consented, "matching", "consents", proves=_marks("country.consented")
    ),
    "country_refused": _guard(helping.country_refused, "matching", "consents"),
    "each_need_answered": _guard(joining.each_need_answered, "needs", "matching"),
    "replacement_offered": _guard(joining.replacement_offered, "matching"),
    "replacement_waits": _guard(joining.replacement_waits, "matching"),
    "replacement_open": _guard(joining.replacement_open, "matching"),
    "activities_ended": _guard(helping.activities_ended, "delivery"),
    "conditions_met": _guard(helping.conditions_met, "conditions"),
    "follow_up_settled": _guard(helping.follow_up_settled, "records"),
    "impact_settled": _guard(helping.impact_settled, "delivery"),
    "lesson_settled": _guard(helping.lesson_settled, "delivery"),
}
