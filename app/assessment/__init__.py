"""The room where facts are found in the country before any help begins (F17, F32, F41, F43b)."""
