"""Side-by-side measurements: the service against the physical limit and against the plain way."""
