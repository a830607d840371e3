"""What became of files that are no longer as they were written: told, and repaired to a copy."""
