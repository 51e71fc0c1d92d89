"""Languages to speak in tests that need no house."""

from pathlib import Path

from app.kit.text import Catalogue

NO_PACKS = Catalogue(Path("none"))
"""A catalogue without labels."""
