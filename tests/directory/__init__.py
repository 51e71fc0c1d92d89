"""Tests of who acts: people, countries, credentials."""
