"""What the service is measured against, each an ASGI application of its own."""
