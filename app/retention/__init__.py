"""How long what is kept is kept, what must stay meanwhile, and how it is erased for good."""
