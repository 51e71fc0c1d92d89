"""Who may do what: entities, mandates, arrangements and focal points."""
