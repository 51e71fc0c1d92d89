"""Who should help, and who agrees to it."""

from app.policy.rule import Rule

ROWS = (
    Rule("read_matching", "read"),
    Rule("list_proposals", "read"),
    Rule("read_proposal", "read"),
    Rule("prepare_proposal", "write", acts=("matching.write",)),
    Rule("mark_need", "decide", acts=("triage.write", "matching.write")),
    Rule("respond", "decide", acts=("matching.respond",), assurance="step_up"),
    Rule("confirm_basis", "decide", roles=("desk_officer",)),
    Rule("list_offers", "read", relation="entity", roles=("focal_point",)),
    Rule("ask_portfolio", "write", relation="any", roles=("desk_officer",)),
    Rule("list_portfolios", "read", relation="any", roles=("desk_officer", "auditor")),
    Rule("read_portfolio", "read", relation="any", roles=("desk_officer", "auditor")),
    Rule("consent", "decide", acts=("match.consent",), assurance="step_up"),
)
