"""What the checker proves of a definition on the shelf, once a process: both doors show it."""

from app.engine.check import Report, examine_pack
from app.engine.packs import Pack
from app.wiring.house import House

_FOUND: dict[tuple[str, str], Report] = {}


def report_of(house: House, pack: Pack) -> Report:
    """Return what the checker found of a pack; earlier versions say what must go on holding."""
    key = (pack.label, pack.sha256)
    if key not in _FOUND:
        _FOUND[key] = examine_pack(pack, house.shelf, house.texts.missing)
    return _FOUND[key]
