"""Who one is; people, their roles and tokens; countries."""

from app.policy.rule import Rule

KEEPERS = ("administrator",)
PEOPLE = (
    *("administrator", "assessor", "auditor", "desk_officer", "focal_point", "government"),
    *("resident_coordinator", "rights_reviewer", "screening_officer"),
)
"""Every role but that of programs."""

ROWS = (
    Rule("choose_language", "write", relation="self"),
    Rule("read_me", "none", relation="self", shows="secret"),
    Rule("list_countries", "read", relation="any"),
    Rule("read_country", "read", relation="any"),
    Rule("list_people", "admin", relation="any", roles=KEEPERS, shows="restricted"),
    Rule("list_colleagues", "read", relation="any", roles=PEOPLE),
    Rule("read_person", "admin", relation="any", roles=KEEPERS, shows="restricted"),
    Rule(
        "enrol",
        "admin",
        relation="any",
        roles=KEEPERS,
        assurance="step_up",
        shows="restricted",
        takes="restricted",
    ),
    Rule(
        "grant",
        "admin",
        relation="any",
        shows="restricted",
        roles=KEEPERS,
        assurance="step_up",
        second="whom the role is given to",
    ),
    Rule("end_grant", "admin", relation="any", roles=KEEPERS, shows="restricted"),
    Rule("suspend", "admin", relation="any", roles=KEEPERS, shows="restricted"),
    Rule("list_tokens", "read", relation="self"),
    Rule(
        "issue_token", "admin", relation="self", beyond=KEEPERS, assurance="step_up", shows="secret"
    ),
    Rule("revoke_token", "write", relation="self", beyond=KEEPERS),
)
