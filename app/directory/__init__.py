"""Who there is: people, roles with their scopes, credentials and countries."""
