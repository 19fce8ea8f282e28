"""Lays OpenAPI Overlays over a document: `python -m tools.overlay`."""
