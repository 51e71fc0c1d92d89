"""What is held in confidence: levels, named grants, protected parts and annexes."""

from app.policy.rule import Rule

SPEAKS = ("resident_coordinator", "government", "desk_officer")
OWN = (*SPEAKS, "assessor")

ROWS = (
    Rule("raise_level", "write", roles=(*OWN, "screening_officer", "rights_reviewer")),
    Rule("list_lowerings", "read", within=True),
    Rule("propose_lowering", "decide", roles=SPEAKS),
    Rule(
        "confirm_lowering",
        "decide",
        roles=SPEAKS,
        assurance="step_up",
        second="who proposed the lowering",
    ),
    Rule("refuse_lowering", "decide", roles=SPEAKS),
    Rule("list_named_grants", "read", roles=(*SPEAKS, "auditor")),
    Rule("give_named_grant", "decide", roles=SPEAKS, second="who is to hold the grant"),
    Rule(
        "agree_named_grant",
        "decide",
        roles=("resident_coordinator", "government"),
        second="who is to hold the grant",
    ),
    Rule("revoke_named_grant", "decide"),
    Rule("list_protected", "read", within=True),
    Rule("add_protected", "write", roles=OWN, takes="protected"),
    Rule("read_protected", "read", within=True),
    Rule("open_protected", "write", within=True, shows="protected"),
    Rule("list_openings", "read", roles=(*SPEAKS, "auditor")),
)
