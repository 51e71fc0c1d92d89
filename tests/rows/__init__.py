"""Row-level security: the second net, with the service in the application role."""
