"""Webhooks: each one's own; administrators see all, and make them for programs."""

from app.policy.rule import Rule

KEEPERS = ("administrator",)

ROWS = (
    *(
        Rule(operation, "read", relation="self", beyond=KEEPERS)
        for operation in ("list_webhooks", "read_webhook", "list_deliveries")
    ),
    *(
        Rule(
            operation,
            "admin",
            relation="self",
            beyond=KEEPERS,
            assurance="step_up",
            shows="secret",
        )
        for operation in ("make_webhook", "rotate_webhook")
    ),
    *(
        Rule(operation, "write", relation="self", beyond=KEEPERS)
        for operation in (
            *("pause_webhook", "resume_webhook", "end_webhook"),
            *("test_webhook", "replay_delivery"),
        )
    ),
)
