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
    Picture("not-found", "desk_officer", "/requests/TA-2026-99999"),
)
