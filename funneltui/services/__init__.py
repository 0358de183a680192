"""The use cases: one function, one transaction; the same for key, mouse, command and import."""
