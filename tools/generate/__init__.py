"""Writes the client from the document: `python -m tools.generate`."""
