"""Says what is wrong with the document, or with it under an overlay: `python -m tools.lint`."""
