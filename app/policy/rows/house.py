"""What belongs to no request: the compendium, knowledge, workflows, and what has happened."""

from app.policy.rule import Rule

KEEPERS = ("desk_officer", "administrator")

ROWS = (
    # compendium
    Rule("list_entities", "read", relation="any"),
    Rule("read_entity", "read", relation="any"),
    Rule("list_mandates", "read", relation="any"),
    Rule("list_lead_roles", "read", relation="any"),
    Rule("list_arrangements", "read", relation="any"),
    Rule("list_capacities", "read", relation="any"),
    Rule("list_focal_points", "read", relation="any"),
    Rule("list_focal_point_gaps", "read", relation="any", roles=(*KEEPERS, "auditor")),
    Rule("list_versions", "read", relation="any"),
    Rule("read_version", "read", relation="any"),
    Rule("list_history", "read", relation="any"),
    Rule("export_compendium", "read", relation="any"),
    Rule("compare_file", "write", relation="any", roles=(*KEEPERS, "focal_point")),
    Rule("list_stale", "read", relation="any"),
    Rule("read_atlas", "read", relation="any"),
    Rule("list_changes", "read", relation="any"),
    Rule("propose_change", "write", relation="any", roles=(*KEEPERS, "focal_point")),
    Rule("read_change", "read", relation="any"),
    Rule(
        "review_change",
        "decide",
        relation="any",
        roles=KEEPERS,
        assurance="step_up",
        second="who proposed it",
    ),
    Rule("preview_change", "read", relation="any", roles=("desk_officer", "auditor")),
    Rule("withdraw_change", "write", relation="any", roles=(*KEEPERS, "focal_point")),
    # knowledge
    Rule("list_entries", "read", relation="any"),
    Rule("add_entry", "write", relation="any", roles=("desk_officer", "focal_point")),
    Rule("read_entry", "read", relation="any"),
    # reports: of the requests that one sees
    *(
        Rule(f"read_{name}", "read", relation="any")
        for name in (
            *("pipeline", "durations", "places", "topics", "load", "declines", "maturity"),
        )
    ),
    # workflows
    Rule("list_workflows", "read", relation="any"),
    Rule("read_workflow", "read", relation="any"),
    Rule("draw_workflow", "read", relation="any"),
    Rule("check_workflow", "read", relation="any"),
    # events and notices
    Rule("list_events", "read"),
    Rule("stream_events", "read"),
    Rule("list_notices", "read", relation="self"),
    Rule("read_notice", "write", relation="self"),
    # the decision log
    Rule("verify_log", "read", relation="any", roles=("auditor", "administrator")),
    Rule("verify_request", "read"),
)
