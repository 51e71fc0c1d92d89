"""The room where a request is held against the seven principles."""
