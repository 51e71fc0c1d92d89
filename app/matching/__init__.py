"""The room where the entities that should help are found."""
