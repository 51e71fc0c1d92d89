"""Webhooks: programs that are told, at an address of theirs, that something happened."""
