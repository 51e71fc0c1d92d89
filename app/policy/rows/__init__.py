"""The rows of the policy table, one page a room."""
