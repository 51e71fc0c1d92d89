"""The pages by which people come in and go."""

from app.policy.rule import Rule

ROWS = (
    *(
        Rule(operation, "none", relation="none")
        for operation in (
            *("page_style", "page_sign_in", "page_enter", "page_second_factor"),
            *("page_enter_second_factor", "page_ask_reset", "page_invitation", "page_reset"),
            *("page_accept_invitation", "page_complete_reset", "page_visit_provider"),
            "page_come_back",
        )
    ),
    Rule("page_sign_out", "none", relation="none", signed=True),
    Rule("page_account", "read", relation="self"),
    Rule("page_end_session", "write", relation="self", signed=True),
)
