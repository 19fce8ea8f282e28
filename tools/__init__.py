"""Turns the crank: what reads openapi/ and overlays/ and writes generated/, each run as `python -m tools.NAME`."""
