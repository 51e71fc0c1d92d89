"""What is held and what is erased for good."""

from app.policy.rule import Rule

KEEPERS = ("administrator",)
HOLDERS = ("desk_officer", "administrator")

ROWS = (
    Rule("list_holds", "read", relation="any", roles=HOLDERS),
    Rule("place_hold", "decide", relation="any", roles=HOLDERS),
    Rule("lift_hold", "decide", relation="any", roles=HOLDERS, second="who placed it"),
    Rule("read_erasure", "admin", relation="any", roles=KEEPERS),
    Rule("ask_erasure", "admin", relation="any", roles=KEEPERS, assurance="step_up"),
    Rule(
        "confirm_erasure",
        "admin",
        relation="any",
        roles=KEEPERS,
        assurance="step_up",
        second="who asked for it",
    ),
)
