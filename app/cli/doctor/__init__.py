"""`entente doctor`: what is wrong with an installation, and how to mend it; it changes nothing."""

import sys
from collections.abc import Mapping

from app.cli.doctor import files, ground, hooks, paper, place
from app.cli.doctor.faults import Fault
from app.config import ROOT, Settings

__all__ = ["Fault", "examine"]
LOCK = ROOT / "requirements.lock"


def examine(settings: Settings, environment: Mapping[str, str]) -> list[Fault]:
    """Look at everything and return what was found, what is right included; it raises nothing."""
    found = [*place.python(sys.version_info[:2]), *place.packages(LOCK)]
    found += [*place.names(environment), *place.token_key(settings)]
    found += [*place.packs(settings.workflows), *place.disk(settings)]
    found += [*files.store(settings), *files.scan(settings)]
    found += [*ground.database(settings.database_url), *ground.anchors(settings)]
    return [*found, *ground.jobs(settings), *hooks.webhooks(settings), *paper.paper()]
