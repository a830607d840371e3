"""The use cases, verbs: the only way to change a project."""
