"""The pages of an assessment."""

from app.web.assessment.showing import api

__all__ = ["api"]
