"""Tests of the assessment room."""
