"""Journeys: whole ways of a request, by the API, on both databases."""
