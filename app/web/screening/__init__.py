"""The pages of a screening."""

from app.web.screening.showing import api

__all__ = ["api"]
