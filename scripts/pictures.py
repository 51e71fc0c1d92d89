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
    Picture("edit", "resident_coordinator", "/requests/{draft}/edit"),
    Picture("timeline", "desk_officer", "/requests/{closed}/timeline"),
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
    Picture("not-found", "desk_officer", "/requests/TA-2026-99999"),
)
