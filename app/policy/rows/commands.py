"""What the command line does for the installation and, within the house, one role may do."""

from app.policy.rule import Rule

ROWS = (
    Rule("migrate", "admin", roles=("desk_officer",)),
    Rule("export_requests", "read", within=True, assurance="step_up"),
)
