"""Looking into a document: in a limited program of its own, which is all that ever parses one."""
