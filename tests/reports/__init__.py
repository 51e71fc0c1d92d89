"""The reading room: figures across requests."""
