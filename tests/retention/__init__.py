"""Retention: terms, holds, erasures and what must be gone afterwards."""
