"""Tests of the delivery room and of the gate in the database."""
