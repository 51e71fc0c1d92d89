"""Files: what people hand in, kept sealed outside the database and given out as inert downloads."""
