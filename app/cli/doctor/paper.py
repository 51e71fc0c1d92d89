"""The doctor at paper: whether pages can be drawn as PDF files, in each of the six languages."""

from collections.abc import Iterator
from functools import cache

from app.cli.doctor.faults import Fault
from app.kit.errors import Refusal
from app.reports.paper.parent import Page, at_hand, drawn

SAMPLE = "English العربية Español Français Русский 中文"
"""Each language by its own name."""


def paper() -> Iterator[Fault]:
    """Say whether reports can be taken out as PDF files, and what is missing for it."""
    if not at_hand():
        yield Fault("reports are printed by browsers alone: the extra entente[pdf] is not here")
    elif said := _tried():
        yield Fault("reports cannot be taken out as PDF files in each language", said)
    else:
        yield Fault("reports can be taken out as PDF files in each language")


@cache
def _tried() -> str:
    """Return what stands against a page with letters of every language; nothing if it is drawn."""
    page = f'<!doctype html><html lang="en"><title>{SAMPLE}</title><h1>{SAMPLE}</h1></html>'
    try:
        drawn(Page(page, "https://entente.example/", {}))
    except Refusal as refusal:
        return refusal.detail
    return ""
