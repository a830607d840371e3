"""Measurements, each against a floor in the same run; see ``docs/benchmarks.md``."""
