"""The conductor: moves, facts, migration."""
