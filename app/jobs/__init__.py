"""Door 3: time. What happens because a date has come."""
