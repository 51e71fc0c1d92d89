"""Tests of the policy table and the matrices generated from it."""
