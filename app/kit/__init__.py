"""Ground floor: database, errors, text, pages and clock; it knows nothing of requests."""
