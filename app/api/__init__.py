"""Door 1: the REST interface under /api/v1."""
