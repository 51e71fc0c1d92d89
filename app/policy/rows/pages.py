"""The pages by which people come in and go."""

from app.policy.rule import Rule

ROWS = (
    *(
        Rule(operation, "none", relation="none")
        for operation in (
            *("page_style", "page_sign_in", "page_enter", "page_second_factor"),
            *("page_enter_second_factor", "page_ask_reset", "page_invitation", "page_reset"),
            *("page_accept_invitation", "page_complete_reset", "page_visit_provider"),
            *("page_come_back", "page_recovery", "page_enter_recovery"),
        )
    ),
    Rule("page_sign_out", "none", relation="none", signed=True),
    Rule("page_account", "read", relation="self"),
    Rule("page_end_session", "write", relation="self", signed=True),
    Rule("page_password", "read", relation="self"),
    Rule("page_change_password", "write", relation="self", signed=True),
    Rule("page_device", "read", relation="self"),
    Rule("page_begin_device", "write", relation="self", signed=True),
    Rule("page_confirm_device", "write", relation="self", signed=True),
    Rule("page_make_codes", "write", relation="self", signed=True),
    Rule("page_remove_device", "admin", relation="self", assurance="step_up", signed=True),
)
