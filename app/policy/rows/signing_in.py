"""Signing in and out, one's sessions and second factor, invitations and resets."""

from app.policy.rule import Rule

KEEPERS = ("administrator",)

ROWS = (
    # whoever has no credential yet, or a session whose second factor is due
    Rule("sign_in", "none", relation="none", shows="secret", takes="secret"),
    Rule("give_second_factor", "none", relation="none", shows="secret", takes="secret"),
    Rule("give_recovery_code", "none", relation="none", shows="secret", takes="secret"),
    Rule("sign_out", "none", relation="none"),
    Rule("accept_invitation", "none", relation="none", shows="internal", takes="secret"),
    Rule("ask_reset", "none", relation="none", takes="internal"),
    Rule("complete_reset", "none", relation="none", shows="internal", takes="secret"),
    # one's own
    Rule("list_sessions", "read", relation="self"),
    Rule("end_session", "write", relation="self"),
    Rule("change_password", "write", relation="self", shows="secret", takes="secret"),
    Rule("read_recovery_codes", "read", relation="self"),
    Rule("make_recovery_codes", "write", relation="self", assurance="step_up", shows="secret"),
    # whatever a token may do may need it
    Rule("step_up", "none", relation="self", shows="secret", takes="secret"),
    Rule("begin_second_factor", "write", relation="self", shows="secret"),
    Rule("confirm_second_factor", "write", relation="self", shows="secret", takes="secret"),
    Rule(
        "remove_second_factor",
        "admin",
        relation="self",
        shows="restricted",
        beyond=KEEPERS,
        assurance="step_up",
    ),
    # others'
    Rule("invite", "admin", relation="any", roles=KEEPERS, shows="restricted"),
    Rule("read_join", "read", relation="any", roles=("auditor", *KEEPERS)),
    Rule("ask_join", "admin", relation="any", roles=KEEPERS, assurance="step_up"),
    Rule(
        "confirm_join",
        "admin",
        relation="any",
        roles=KEEPERS,
        assurance="step_up",
        second="who asked for the join, or is one of the two",
    ),
    Rule("list_suspected_duplicates", "read", relation="any", roles=("auditor", *KEEPERS)),
)
