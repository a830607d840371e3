"""Dumb widgets: rows in, messages out; never the store, never a service."""
