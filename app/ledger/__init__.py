"""The decision log: what was decided is chained under a key and anchored outside the database."""
