"""What every installation holds from its first day: countries, and the compendium of its packs."""

from sqlalchemy.orm import Session

from app.compendium import service as compendium
from app.directory import service as directory
from app.engine.packs import Shelf
from app.kit import clock

WORKFLOW = "needs_assessment"


def load_reference(session: Session, shelf: Shelf) -> None:
    """Load countries and the newest compendium; a second run adds nothing."""
    directory.load(session)
    compendium.load(session, shelf.latest(WORKFLOW).mandates, clock.now())
