"""The demonstration: a cast of people, a play in acts, and seeded requests, all by the API."""
