"""The reading room: what the desk and others look at across requests; read only."""
