"""Drills: what the service promises when it is killed, raced, cut off or asked nonsense."""
