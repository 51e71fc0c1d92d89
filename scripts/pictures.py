"""Which pages are pictured: a name, who looks (a role, with a country or an entity), and where.

`{closed}` and the like stand for the reference of a request in that state.
"""

from typing import NamedTuple


class Picture(NamedTuple):
    """One page as one person sees it; without a role nobody is signed in."""

    name: str
    role: str
    path: str


PICTURES = (
    Picture("sign-in", "", "/sign-in"),
    Picture("home-desk", "desk_officer", "/"),
    Picture("home-coordinator", "resident_coordinator:KEN", "/"),
    Picture("list", "desk_officer", "/requests"),
    Picture("request-closed", "desk_officer", "/requests/{closed}"),
    Picture("request-matching", "desk_officer", "/requests/{matching}"),
    Picture("edit", "resident_coordinator:GTM", "/requests/{draft}/edit/what"),
    Picture("list-narrow", "desk_officer", "/requests?stage=intake&open=true&sort=due"),
    Picture("bulk", "desk_officer", "/requests/bulk?trigger=accept&ref={triage}&ref={closed}"),
    Picture("filing", "resident_coordinator:GTM", "/requests/{draft}/filing"),
    Picture("file", "resident_coordinator:GTM", "/requests/new"),
    Picture("needs", "desk_officer", "/requests/{closed}/needs"),
    Picture("need-new", "resident_coordinator:GTM", "/requests/{draft}/needs/new"),
    Picture("clarifications", "desk_officer", "/requests/{clarification}/clarifications"),
    Picture("ask", "desk_officer", "/requests/{triage}/clarifications/new"),
    Picture("documents", "resident_coordinator:GTM", "/requests/{draft}/documents"),
    Picture("triage", "desk_officer", "/requests/{triage}/triage"),
    Picture("remarks", "desk_officer", "/requests/{closed}/remarks"),
    Picture("consents", "desk_officer", "/requests/{delivery}/consents"),
    Picture("confidence", "desk_officer", "/requests/{delivery}/confidence"),
    Picture("timeline", "desk_officer", "/requests/{closed}/timeline"),
    Picture("assessment", "assessor:SEN", "/requests/{assessment}/assessment"),
    Picture("plan", "assessor:SEN", "/requests/{assessment}/assessment/plan"),
    Picture("assessment-closed", "desk_officer", "/requests/{closed}/assessment"),
    Picture("section", "desk_officer", "/requests/{closed}/assessment/sections/D"),
    Picture("paper", "desk_officer", "/requests/{closed}/assessment/print"),
    Picture("screening", "screening_officer", "/requests/{screening}/screening"),
    Picture("screening-closed", "desk_officer", "/requests/{closed}/screening"),
    Picture("principle", "screening_officer", "/requests/{screening}/screening/principles/P1"),
    Picture("criterion", "screening_officer", "/requests/{screening}/screening/criteria/P1.2"),
    Picture("reports", "desk_officer", "/reports"),
    Picture("reports-places", "desk_officer", "/reports/places"),
    Picture("reports-topics", "desk_officer", "/reports/topics"),
    Picture("reports-entities", "desk_officer", "/reports/entities"),
    Picture("reports-maturity", "desk_officer", "/reports/maturity"),
    Picture("reports-session", "desk_officer", "/reports/session"),
    Picture("reports-empty", "resident_coordinator:FJI", "/reports"),
    Picture("list-led", "desk_officer", "/requests?region=Africa&open=true"),
    Picture("public", "", "/public"),
    Picture("account", "desk_officer", "/account"),
    Picture("compendium", "desk_officer", "/compendium"),
    Picture("compendium-entity", "desk_officer", "/compendium/entities/unodc"),
    Picture("compendium-arrangements", "auditor", "/compendium/arrangements"),
    Picture("compendium-atlas", "desk_officer", "/compendium/atlas"),
    Picture("compendium-freshness", "desk_officer", "/compendium/freshness"),
    Picture("compendium-versions", "auditor", "/compendium/versions"),
    Picture("compendium-history", "auditor", "/compendium/entries/entity/unodc"),
    Picture("compendium-changes", "desk_officer", "/compendium/changes"),
    Picture("compendium-propose", "desk_officer", "/compendium/propose/entity/unodc"),
    Picture("compendium-claim", "desk_officer", "/compendium/propose/mandate/new?entity=unesco"),
    Picture("matching", "desk_officer", "/requests/{matching}/matching"),
    Picture("matching-offered", "desk_officer", "/requests/{offered}/matching"),
    Picture("matching-delivery", "desk_officer", "/requests/{delivery}/matching"),
    Picture("matching-proposals", "desk_officer", "/requests/{closed}/matching/proposals"),
    Picture("matching-prepare", "desk_officer", "/requests/{matching}/matching/prepare"),
    Picture("delivery", "desk_officer", "/requests/{closed}/delivery"),
    Picture("delivery-running", "desk_officer", "/requests/{delivery}/delivery"),
    Picture("delivery-plan", "focal_point:itu", "/requests/{delivery}/delivery/activities/new"),
    Picture("impact", "desk_officer", "/requests/{closed}/delivery/impact"),
    Picture("portfolio", "desk_officer", "/portfolio"),
    Picture("portfolio-new", "desk_officer", "/portfolio/new"),
    Picture("workflow-list", "auditor", "/workflow"),
    Picture("workflow", "desk_officer", "/workflow/needs_assessment/1"),
    Picture("notices", "desk_officer", "/account/notices"),
    Picture("tokens", "desk_officer", "/account/tokens"),
    Picture("token-new", "desk_officer", "/account/tokens/new"),
    Picture("delegations", "desk_officer", "/account/delegations"),
    Picture("interests", "screening_officer", "/account/interests"),
    Picture("admin", "administrator", "/administration"),
    Picture("admin-people", "administrator", "/administration/people"),
    Picture("admin-person", "administrator", "/administration/people/1"),
    Picture("admin-openings", "administrator", "/administration/openings"),
    Picture("admin-log", "auditor", "/administration/log"),
    Picture("admin-duplicates", "auditor", "/administration/duplicates"),
    Picture("not-found", "desk_officer", "/requests/TA-2026-99999"),
)
