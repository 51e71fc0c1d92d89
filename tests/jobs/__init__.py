"""What happens because a date has come."""
