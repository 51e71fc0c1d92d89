"""Programs that keep the project: documents and message catalogues."""
