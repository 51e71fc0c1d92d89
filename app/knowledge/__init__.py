"""The room where lessons and best practices are kept."""
