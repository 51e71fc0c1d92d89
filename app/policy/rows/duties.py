"""Duties kept apart: recusals, declared interests, delegations, broken glass."""

from app.policy.rule import Rule

READERS = ("auditor", "desk_officer")

ROWS = (
    Rule("recuse", "decide"),
    Rule("list_recusals", "read", relation="self", beyond=READERS),
    Rule("declare_interest", "write", relation="self"),
    Rule("list_interests", "read", relation="self"),
    Rule("end_interest", "write", relation="self"),
    Rule("list_interests_of", "read", relation="any", roles=READERS),
    Rule("delegate", "admin", relation="self", second="the delegate"),
    Rule("list_delegations", "read", relation="self"),
    Rule("revoke_delegation", "write", relation="self"),
    Rule("break_glass", "admin", relation="any", roles=("administrator",), assurance="step_up"),
    Rule("list_glass", "read", relation="self", beyond=("auditor",)),
    Rule("list_glass_readings", "read", relation="self", beyond=("auditor",)),
    Rule(
        "review_glass",
        "decide",
        relation="any",
        roles=("auditor",),
        second="who broke the glass",
    ),
)
