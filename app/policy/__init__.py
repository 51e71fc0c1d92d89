"""The policy table: who may do what, as data that drives the code, the documents and the tests."""
