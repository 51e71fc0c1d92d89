"""Help given and measured."""

from app.policy.rule import Rule

WRITE = ("delivery.write",)

ROWS = (
    Rule("read_delivery", "read"),
    Rule("list_overlaps", "read", roles=("desk_officer", "auditor")),
    Rule("add_activity", "write", acts=WRITE),
    Rule("read_activity", "read"),
    Rule("edit_activity", "write", acts=WRITE),
    Rule("change_status", "write", acts=WRITE),
    Rule("add_indicator", "write", acts=WRITE),
    Rule("measure", "write", acts=("delivery.measure", "delivery.write")),
    Rule("report", "write", acts=("delivery.report",)),
    Rule("leave_programme", "decide", acts=("programme.leave",), assurance="step_up"),
    Rule("name_lead", "decide", acts=("programme.lead",)),
    Rule("close", "write", acts=("closing.write",)),
)
