"""What every HTTP door hands out: actor, transaction, shelf and language."""
