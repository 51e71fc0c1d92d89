"""Tests of the common repository."""
