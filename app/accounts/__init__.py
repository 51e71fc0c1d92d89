"""How people sign in: accounts, sessions, second factors and identity providers."""
