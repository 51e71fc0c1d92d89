"""What is held and what is erased for good."""

from app.policy.rule import Rule

KEEPERS = ("administrator",)
HOLDERS = ("desk_officer", "administrator")

ROWS = (
    Rule("list_holds", "read", roles=HOLDERS, beyond=KEEPERS),
    Rule("place_hold", "decide", roles=HOLDERS, beyond=KEEPERS),
    Rule("lift_hold", "decide", roles=HOLDERS, beyond=KEEPERS, second="who placed it"),
    Rule("read_erasure", "admin", roles=KEEPERS, beyond=KEEPERS),
    Rule("ask_erasure", "admin", roles=KEEPERS, beyond=KEEPERS, assurance="step_up"),
    Rule(
        "confirm_erasure",
        "admin",
        roles=KEEPERS,
        beyond=KEEPERS,
        assurance="step_up",
        second="who asked for it",
    ),
)
