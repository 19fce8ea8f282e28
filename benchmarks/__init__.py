"""Measurements of the client, each run as `python -m benchmarks.NAME`."""
