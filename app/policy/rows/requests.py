"""Requests, their parts and their moves."""

from app.policy.rule import Rule

RAISES = (
    *("resident_coordinator", "government", "assessor", "desk_officer"),
    *("screening_officer", "rights_reviewer"),
)

ROWS = (
    Rule("file_request", "write", relation="country", roles=("resident_coordinator",)),
    Rule("list_requests", "read"),
    Rule("count_requests", "read"),
    Rule("export_list", "read", hourly=True),
    Rule("read_request", "read"),
    Rule("edit_request", "write", acts=("request.edit",)),
    Rule("read_options", "read"),
    Rule("read_timeline", "read"),
    Rule("read_versions", "read", within=True),
    Rule("list_needs", "read"),
    Rule("suggest_needs", "write"),
    Rule("add_need", "write", acts=("request.edit",)),
    Rule("edit_need", "write", acts=("request.edit",)),
    Rule("read_status", "read"),
    Rule("move_request", "decide", moves=True, second="as the transition's distinct_from says"),
    # triage
    Rule("decide_matter", "decide", acts=("triage.write",)),
    Rule("list_elements", "read"),
    Rule("judge_element", "write", acts=("triage.write",)),
    Rule("ask_urgency", "write", acts=("urgency.ask",)),
    Rule("settle_urgency", "decide", acts=("urgency.settle",), second="who asked for urgency"),
    # clarification
    Rule("list_clarifications", "read", within=True),
    Rule("ask", "write", acts=("clarification.ask",)),
    Rule("answer", "write", acts=("clarification.answer",)),
    # parts
    Rule("list_standing_work", "read"),
    Rule("add_standing_work", "write", acts=("comment.add",)),
    Rule("list_comments", "read"),
    Rule("add_comment", "write", acts=("comment.add",)),
    Rule("list_attachments", "read", within=True),
    Rule("add_attachment", "write", acts=("attachment.add",)),
    Rule("read_attachment", "read", within=True),
    Rule("open_annex", "write", within=True),
    Rule("make_annex", "write", roles=RAISES),
    Rule("list_consents", "read"),
    Rule("add_consent", "decide", acts=("consent.write",)),
    Rule("list_conditions", "read"),
    Rule("meet_condition", "write", acts=("condition.meet",)),
    Rule("list_assignments", "read"),
)
