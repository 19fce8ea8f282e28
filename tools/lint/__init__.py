"""Lints the document, by itself and under each overlay: `python -m tools.lint`."""
