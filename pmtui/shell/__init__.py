"""The commands of the shell, each imported when it is asked for."""
