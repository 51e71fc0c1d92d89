"""The contract with clients, held against the whole of the generated description."""
