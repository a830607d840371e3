"""One view a file: compose, focus, call services; no rules, no TinyDB."""
