"""Where the head of every page leads, for whoever is signed in."""

from app.directory.actor import Actor
from app.web.texts import marked

HOME = ("/", marked("Home"))
REQUESTS = ("/requests", marked("Requests"))
COMPENDIUM = ("/compendium", marked("Compendium"))
KNOWLEDGE = ("/knowledge", marked("Knowledge"))
REPORTS = ("/reports", marked("Reports"))
PORTFOLIO = ("/portfolio", marked("Portfolio"))
WORKFLOW = ("/workflow", marked("Workflow"))
ADMINISTRATION = ("/administration", marked("Administration"))


def places_of(actor: Actor) -> tuple[tuple[str, str], ...]:
    """Return the places that a person may want to go to, each with its name in English."""
    places = [HOME, REQUESTS, COMPENDIUM, KNOWLEDGE, REPORTS, WORKFLOW]
    if actor.holds("desk_officer") or actor.holds("auditor"):
        places.append(PORTFOLIO)
    if actor.holds("administrator") or actor.holds("auditor"):
        places.append(ADMINISTRATION)
    return tuple(places)
