"""What is still to be told: notices that follow from events."""
