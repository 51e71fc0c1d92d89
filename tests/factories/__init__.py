"""What tests are made of: people, clients and dossiers in a given state."""
