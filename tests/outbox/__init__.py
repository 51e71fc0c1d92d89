"""What is still to be told."""
