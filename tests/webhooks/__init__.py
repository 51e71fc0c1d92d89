"""Webhooks: the guard, the queue, and real receivers on the loopback."""
