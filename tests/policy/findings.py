"""What a call of the matrix finds where no right stands against it, if that is no success."""

from collections.abc import Iterable
from dataclasses import dataclass

from tests.policy.people import Principal


@dataclass(frozen=True, slots=True)
class Outcome:
    """The status and, of a refusal, the code."""

    status: int
    code: str = ""


@dataclass(frozen=True, slots=True)
class Found:
    """What is found in some relations (none named: in all), by some roles (likewise).

    `browser` says that only a session finds it.
    """

    outcome: Outcome
    relations: tuple[str, ...] = ()
    roles: tuple[str, ...] = ()
    browser: bool = False

    def fits(self, relation: str, who: Principal) -> bool:
        """Whether it is told of this cell."""
        there = not self.relations or relation in self.relations
        own = not self.roles or who.role in self.roles
        return there and own and (bool(who.cookie) or not self.browser)


def _each(names: Iterable[str], thing: str, status: int) -> dict[str, tuple[str, Outcome]]:
    noun, _, _ = thing.partition(".")
    return dict.fromkeys(names, (noun, Outcome(status, thing)))


OPEN: dict[str | tuple[str, str], Outcome] = {
    "sign_in": Outcome(401, "sign_in.refused"),
    **dict.fromkeys(("accept_invitation", "complete_reset"), Outcome(422, "link.void")),
    "give_second_factor": Outcome(401, "session.invalid"),
    ("give_second_factor", "pending session"): Outcome(403, "second_factor.wrong"),
    "give_recovery_code": Outcome(401, "session.invalid"),
    ("give_recovery_code", "pending session"): Outcome(403, "recovery.wrong"),
}
"""What is open to all, and refuses what the matrix sends; by principal where that decides."""

BEFORE: dict[str, tuple[str, Outcome]] = {
    **_each(
        (
            *("read_assessment", "edit_assessment", "read_questionnaire", "list_answers"),
            *("put_answer", "read_profile", "list_visits", "add_visit", "list_consultations"),
            *("add_consultation", "read_risk", "put_risk", "add_finding", "sign"),
            *("acknowledge", "countersign"),
        ),
        "assessment.none",
        404,
    ),
    **_each(("read_screening",), "screening.none", 404),
    **_each(
        ("put_criterion", "put_principle", "recheck", "decide", "confirm"), "screening.none", 409
    ),
    **_each(("read_appeal",), "appeal.none", 404),
    **_each(("read_proposal",), "proposal.unknown", 404),
    **_each(
        ("read_activity", "edit_activity", "change_status", "add_indicator", "measure"),
        "activity.unknown",
        404,
    ),
    **_each(("read_attachment", "open_annex", "make_annex"), "attachment.unknown", 404),
    **_each(("read_protected", "open_protected"), "protected.unknown", 404),
}
"""What is looked for before the act is judged: whoever sees the request learns that it lacks it."""


def _late(status: int, code: str, *relations: str) -> tuple[Found, ...]:
    return (Found(Outcome(status, code), relations),)


_COMPLETED = _late(409, "assessment.completed", "in delivery")
_UNSIGNED = (*_late(409, "assessment.unsigned", "in assessment"), *_COMPLETED)
_REVIEWER = Found(Outcome(403, "screening.reviewer"), roles=("rights_reviewer",))
LATER: dict[str, tuple[Found, ...]] = {
    # oneself and others
    "step_up": _late(403, "second_factor.wrong"),
    "begin_second_factor": (
        Found(Outcome(409, "second_factor.enrolled"), browser=True),
        *_late(403, "second_factor.recent"),
    ),
    "confirm_second_factor": _late(409, "second_factor.not_begun"),
    "end_session": (
        Found(Outcome(200), roles=("resident_coordinator",)),  # the first of all sessions
        *_late(404, "session.unknown"),
    ),
    "end_interest": _late(404, "interest.unknown"),
    "delegate": _late(403, "delegation.role"),
    "revoke_delegation": _late(404, "delegation.unknown"),
    "list_glass_readings": _late(404, "glass.unknown"),
    "review_glass": _late(404, "glass.unknown"),
    "read_notice": _late(404, "notice.unknown"),
    "revoke_token": (
        Found(Outcome(201), roles=("administrator",)),
        *_late(404, "token.unknown"),
    ),
    **dict.fromkeys(
        (
            *("read_webhook", "list_deliveries", "pause_webhook", "resume_webhook"),
            *("end_webhook", "test_webhook", "replay_delivery"),
        ),
        _late(404, "webhook.unknown"),
    ),
    "change_password": _late(403, "password.none"),
    "read_join": _late(404, "join.none"),
    "invite": _late(409, "invitation.person"),
    "end_grant": _late(404, "grant.unknown"),
    # a programme in which every need has its entity
    "prepare_proposal": _late(409, "programme.nothing_open", "in delivery"),
    "mark_need": _late(409, "need.answered", "in delivery"),
    "name_lead": _late(409, "programme.not_in", "in delivery"),
    # the house
    "propose_change": _late(422, "proposal.nothing"),
    **dict.fromkeys(
        ("read_change", "withdraw_change", "preview_change"), _late(404, "proposal.unknown")
    ),
    "read_entry": _late(404, "knowledge.unknown"),
    "compare_file": _late(422, "import.format"),
    "read_portfolio": _late(404, "portfolio.unknown"),
    "confirm_basis": _late(409, "basis.settled"),
    "lift_hold": _late(404, "hold.unknown"),
    # the dossier
    "move_request": _late(422, "transition.form", "in delivery"),
    "settle_urgency": _late(409, "urgency.not_asked"),
    "judge_element": _late(404, "element.unknown"),
    "add_attachment": _late(409, "attachment.quota"),
    # what is held in confidence
    "raise_level": _late(409, "level.not_raised", "confidential"),
    "propose_lowering": (
        Found(Outcome(201), ("confidential",)),
        *_late(422, "lowering.not_lower"),
    ),
    "refuse_lowering": _late(404, "lowering.unknown"),
    "agree_named_grant": _late(404, "grant.unknown"),
    "revoke_named_grant": _late(404, "grant.unknown"),
    "add_protected": (
        *_late(409, "protected.ended", "closed"),
        *_late(422, "protected.country", "foreign country's"),
    ),
    **dict.fromkeys(("open_protected", "open_annex"), _late(403, "part.named_grant")),
    # the assessment
    "plan_assessment": _late(409, "assessment.not_plannable"),
    **dict.fromkeys(
        (
            *("edit_assessment", "put_answer", "add_visit", "add_consultation", "put_risk"),
            *("add_finding", "sign"),
        ),
        _COMPLETED,
    ),
    **dict.fromkeys(("acknowledge", "countersign"), _UNSIGNED),
    "reuse": (
        *_late(404, "request.unknown", "in assessment"),
        *_late(409, "assessment.reuse_too_late"),
    ),
    # the screening
    "put_criterion": (_REVIEWER,),
    "put_principle": (_REVIEWER, *_late(409, "screening.beyond_evidence")),
    "decide": _late(409, "screening.more_lenient"),
    "confirm": _late(409, "screening.undecided"),
}
"""What comes after the rights: rules of the rooms, and what is not there."""
