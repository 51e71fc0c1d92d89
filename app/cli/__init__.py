"""Door 4: the command line, `entente`."""
