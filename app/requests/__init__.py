"""The dossier: the request, its parts, its timeline and who may see it."""
