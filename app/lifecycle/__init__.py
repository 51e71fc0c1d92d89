"""The conductor: the only writer of a request's state."""
