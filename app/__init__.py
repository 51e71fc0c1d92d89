"""Entente: a needs-assessment workflow engine for technical assistance requests."""
