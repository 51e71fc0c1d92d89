"""The pages by which people come in and go, and which operation each other page shows or does."""

from collections.abc import Iterator, Mapping
from dataclasses import replace

from app.policy.rule import Rule

ROWS = (
    *(
        Rule(operation, "none", relation="none")
        for operation in (
            *("page_static", "page_language", "page_sign_in", "page_enter", "page_second_factor"),
            *("page_enter_second_factor", "page_ask_reset", "page_invitation", "page_reset"),
            *("page_accept_invitation", "page_complete_reset", "page_visit_provider"),
            *("page_come_back", "page_recovery", "page_enter_recovery", "page_public"),
        )
    ),
    Rule("page_sign_out", "none", relation="none", signed=True),
    Rule("page_account", "read", relation="self"),
    Rule("page_stay", "read", relation="self"),
    Rule("page_end_session", "write", relation="self", signed=True),
    Rule("page_password", "read", relation="self"),
    Rule("page_change_password", "write", relation="self", signed=True),
    Rule("page_device", "read", relation="self"),
    Rule("page_begin_device", "write", relation="self", signed=True),
    Rule("page_confirm_device", "write", relation="self", signed=True),
    Rule("page_make_codes", "write", relation="self", signed=True),
    Rule("page_step_up", "read", relation="self"),
    Rule("page_give_step_up", "write", relation="self", signed=True),
    Rule("page_take_up", "write", relation="self", signed=True),
    Rule("page_lay_down", "write", relation="self", signed=True),
    Rule("page_read_notices", "write", relation="self", signed=True),
    Rule("page_close_opening", "write", relation="self", signed=True),
    Rule("page_administration", "read", relation="any", roles=("administrator", "auditor")),
    Rule("page_all_webhooks", "read", relation="any", roles=("administrator",)),
    Rule("page_retention", "read", relation="any", roles=("administrator", "desk_officer")),
    Rule("page_home", "read", relation="any"),
    Rule("page_keep_search", "write", relation="self", signed=True),
    Rule("page_drop_search", "write", relation="self", signed=True),
    Rule("page_move_several", "decide", relation="any", signed=True),
    Rule("page_remove_device", "admin", relation="self", assurance="step_up", signed=True),
)

SHOWS = {
    "page_requests": "list_requests",
    "page_export_requests": "export_list",
    "page_bulk": "list_requests",
    "page_request": "read_request",
    "page_timeline": "read_timeline",
    "page_reports": "read_pipeline",
    "page_report_places": "read_places",
    "page_report_topics": "read_topics",
    "page_report_entities": "read_load",
    "page_report_maturity": "read_maturity",
    "page_report_session": "read_pipeline",
    "page_move_form": "move_request",
    "page_filing": "read_options",
    "page_needs": "list_needs",
    "page_assessment": "list_assessments",
    "page_section": "read_questionnaire",
    "page_questionnaire": "read_questionnaire",
    "page_screening": "list_rounds",
    "page_principle": "read_screening",
    "page_outlook": "read_screening",
    "page_clarifications": "list_clarifications",
    "page_documents": "list_attachments",
    "page_read_attachment": "read_attachment",
    "page_triage": "list_elements",
    "page_remarks": "list_comments",
    "page_consents": "list_consents",
    "page_confidence": "list_protected",
    "page_entities": "list_entities",
    "page_entity": "read_entity",
    "page_arrangements": "list_arrangements",
    "page_atlas": "read_atlas",
    "page_freshness": "list_stale",
    "page_versions": "list_versions",
    "page_history": "list_history",
    "page_export": "export_compendium",
    "page_changes": "list_changes",
    "page_change": "read_change",
    "page_knowledge": "list_entries",
    "page_entry": "read_entry",
    "page_matching": "read_matching",
    "page_proposals": "list_proposals",
    "page_portfolios": "list_portfolios",
    "page_portfolio": "read_portfolio",
    "page_delivery": "read_delivery",
    "page_impact": "read_impact",
    "page_tokens": "list_tokens",
    "page_webhooks": "list_webhooks",
    "page_webhook": "read_webhook",
    "page_delegations": "list_delegations",
    "page_interests": "list_interests",
    "page_notices": "list_notices",
    "page_workflows": "list_workflows",
    "page_workflow": "check_workflow",
    "page_people": "list_people",
    "page_person": "read_person",
    "page_duplicates": "list_suspected_duplicates",
    "page_join": "read_join",
    "page_held": "list_holds",
    "page_openings": "list_glass",
    "page_opening": "list_glass_readings",
    "page_log": "verify_log",
}
"""Pages that are read: each takes what the operation takes that it shows."""

DRAWS = {"page_report_pdf": "read_pipeline"}
"""Pages taken out as a file: each takes the same, so often an hour."""

DOES = (
    *("move_request",),
    *("plan_assessment", "edit_assessment", "put_answer", "add_visit", "add_consultation"),
    *("put_risk", "add_finding", "rest_need", "reuse", "sign", "acknowledge", "countersign"),
    *("put_criterion", "put_principle", "recheck", "decide", "confirm"),
    *("propose_change", "review_change", "withdraw_change", "compare_file"),
    *("add_entry",),
    *("add_activity", "edit_activity", "change_status", "add_indicator", "measure", "report"),
    *("close", "meet_condition"),
    *("ask", "answer", "add_attachment", "open_annex", "make_annex", "add_comment", "recuse"),
    *("decide_matter", "ask_urgency", "settle_urgency", "judge_element", "add_standing_work"),
    *("add_consent", "raise_level", "propose_lowering", "confirm_lowering", "refuse_lowering"),
    *("give_named_grant", "agree_named_grant", "revoke_named_grant"),
    *("add_protected", "open_protected"),
    *("file_request", "edit_request", "add_need", "edit_need", "suggest_needs"),
    *("prepare_proposal", "respond", "consent", "confirm_basis", "mark_need", "ask_portfolio"),
    *("leave_programme", "name_lead"),
    *("issue_token", "revoke_token", "delegate", "revoke_delegation"),
    *("declare_interest", "end_interest", "choose_language"),
    *("make_webhook", "rotate_webhook", "pause_webhook", "resume_webhook", "end_webhook"),
    *("test_webhook", "replay_delivery"),
    *("ask_join", "confirm_join", "place_hold", "lift_hold", "ask_erasure", "confirm_erasure"),
    *("enrol", "invite", "grant", "end_grant", "suspend", "break_glass", "review_glass"),
)
"""Operations that people carry out by a form, whose page is called after them."""


ALSO = dict.fromkeys(
    ("page_propose_file", "page_propose_return", "page_propose_withdrawal"), "propose_change"
)
"""Forms by which an operation is carried out in another way than by the page called after it."""


def twins(table: Mapping[str, Rule]) -> Iterator[Rule]:
    """Yield the row of each page that shows or does what an operation of the interface does."""
    for page, operation in SHOWS.items():
        yield replace(table[operation], operation=page)
    for page, operation in DRAWS.items():
        yield replace(table[operation], operation=page, hourly=True)
    for page, operation in {**{f"page_{one}": one for one in DOES}, **ALSO}.items():
        yield replace(table[operation], operation=page, signed=True)
